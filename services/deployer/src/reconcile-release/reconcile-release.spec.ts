import { describe, expect, it } from 'vitest';
import { eventOfType, key, releaseFile, setUp } from '../../test/deployer-fixture.js';

const file = 'releases/word-counts.yaml';

describe('a release that is new in git', () => {
  it('is installed, is Deploying while it comes up, and Deployed when all of it is current', async () => {
    const fixture = await setUp({ [file]: releaseFile('one') });
    await fixture.sync.run();
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'Deploying', revision: 1, images: ['registry.example/word-counts:one'] });
    expect(await fixture.records()).toEqual(['v1 pending-install']);

    await fixture.makeReady();
    await fixture.pass();
    const status = await fixture.status();
    expect(status).toMatchObject({
      state: 'Deployed',
      revision: 1,
      commit: fixture.git.tip,
      chart: { name: 'web', version: '1.0.0' },
      lastGood: { revision: 1, commit: fixture.git.tip },
    });
    expect(status.conditions.find(({ type }) => type === 'Ready')).toMatchObject({ status: 'True' });
    expect(await fixture.records()).toEqual(['v1 deployed']);
    expect(fixture.told()).toEqual(['release.deploying', 'release.deployed']);
    expect(eventOfType(fixture, 'release.deployed').data).toMatchObject({ release: key, squad: 'velocity', cluster: 'main', revision: 1 });
  });

  it('is left exactly as it is by every further pass', async () => {
    const fixture = await setUp({ [file]: releaseFile('one') });
    await fixture.deploy();
    const before = JSON.stringify(await fixture.cluster.list({ apiVersion: 'v1', kind: 'Secret' }));
    const object = await fixture.object();
    await fixture.pass();
    await fixture.sync.run();
    await fixture.pass();
    expect(await fixture.object()).toEqual(object);
    expect(JSON.stringify(await fixture.cluster.list({ apiVersion: 'v1', kind: 'Secret' }))).toBe(before);
    expect(fixture.told()).toEqual(['release.deploying', 'release.deployed']);
  });
});
