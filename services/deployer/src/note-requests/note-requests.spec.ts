import { idOf, type RollbackRequested, type ReleaseVerified, type RollbackRefused } from '@shipit/contracts';
import type { MessageContext } from '@shipit/messaging';
import { RecordedLog } from '@shipit/platform/testing';
import { describe, expect, it } from 'vitest';
import { key, releaseFile, setUp } from '../../test/deployer-fixture.js';
import { ClusterNames } from './cluster-names.js';
import { ReleaseVerifiedHandler } from './release-verified.handler.js';
import { RollbackRefusedHandler } from './rollback-refused.handler.js';
import { RollbackRequestedHandler } from './rollback-requested.handler.js';
import { StatusNotes } from './status-notes.js';

const file = 'releases/word-counts.yaml';
const context: MessageContext = { log: new RecordedLog(), signal: new AbortController().signal, attempt: 1 };
const envelope = (type: string) => ({
  specversion: '1.0' as const,
  id: idOf(type),
  source: 'test',
  subject: key,
  time: '2026-01-01T12:00:00Z',
});

/** A release deployed twice, and the handlers. */
async function twiceDeployed() {
  const fixture = await setUp({ [file]: releaseFile('one') });
  await fixture.deploy();
  const good = fixture.git.tip;
  await fixture.commit(releaseFile('two'));
  await fixture.pass();
  await fixture.makeReady();
  await fixture.pass();
  const judged = fixture.git.tip;
  const notes = new StatusNotes(fixture.objects, fixture.events);
  const request = (of = judged): RollbackRequested => ({
    ...envelope('rollback.requested'),
    type: 'rollback.requested',
    data: {
      release: key,
      of,
      to: good,
      cause: { kind: 'person', message: 'it is slow', imageAtFault: false },
      by: 'person',
      actor: 'ada',
      images: [],
      then: 'hold',
    },
  });
  const refusal = (reason: RollbackRefused['data']['reason']): RollbackRefused => ({
    ...envelope('rollback.refused'),
    type: 'rollback.refused',
    data: { release: key, of: judged, requestId: 'r', reason, message: 'the document is another one by now' },
  });
  const requested = new RollbackRequestedHandler(notes, fixture.clock, new ClusterNames(['main']));
  return { ...fixture, good, judged, notes, request, refusal, requested, refused: new RollbackRefusedHandler(notes) };
}

describe('a rollback that was asked for', () => {
  it('is seen at once, with who asked and why, and stays so until its commit is there', async () => {
    const fixture = await twiceDeployed();
    await fixture.requested.handle(fixture.request(), context);
    await fixture.requested.handle(fixture.request(), context);
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({
      state: 'RollingBack',
      reason: 'RollbackRequested',
      revision: 2,
      lastGood: { revision: 1, commit: fixture.good },
      rollback: {
        of: fixture.judged,
        to: fixture.good,
        by: 'ada',
        state: 'requested',
        cause: { message: 'it is slow' },
      },
    });
    const message = `Back\n\nRollback: ${key} of=${fixture.judged} to=${fixture.good} id=${'a'.repeat(32)}\nActor: ada`;
    await fixture.commit(releaseFile('one'), message);
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({
      state: 'RollingBack',
      revision: 3,
      rollback: { state: 'committed' },
    });
    await fixture.makeReady();
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({
      state: 'RolledBack',
      lastGood: { revision: 3 },
      rollback: { of: fixture.judged, cause: { kind: 'person' } },
    });
    expect(fixture.told().filter((type) => type === 'release.rolling-back')).toHaveLength(1);

    await fixture.commit(releaseFile('three'));
    await fixture.pass();
    expect((await fixture.status()).rollback).toBeUndefined();
  });

  it('of a commit that is not the release’s any more changes nothing', async () => {
    const fixture = await twiceDeployed();
    const before = await fixture.object();
    await fixture.requested.handle(fixture.request(fixture.good), context);
    expect(await fixture.object()).toEqual(before);
  });

  it.each([
    ['superseded', 'superseded'],
    ['nothing to restore', 'refused'],
  ] as const)('and refused (%s) leaves the release as it stood, and says so', async (reason, state) => {
    const fixture = await twiceDeployed();
    await fixture.requested.handle(fixture.request(), context);
    await fixture.refused.handle(fixture.refusal(reason));
    expect(await fixture.status()).toMatchObject({
      state: 'Deployed',
      rollback: { state },
      message: 'No rollback: the document is another one by now',
    });
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'Deployed', revision: 2, rollback: { state } });
  });

  it('of a release that is gone is nothing', async () => {
    const fixture = await twiceDeployed();
    const request = fixture.request();
    await fixture.requested.handle({ ...request, data: { ...request.data, release: 'default/gone' } }, context);
    expect(await fixture.object('default/gone')).toBeUndefined();
  });
});

describe('a verified revision', () => {
  const verified = (revision: number, commit: string): ReleaseVerified => ({
    ...envelope('release.verified'),
    type: 'release.verified',
    data: {
      release: key,
      cluster: 'main',
      revision,
      commit,
      images: [],
      reason: 'Quiet',
      message: 'Quiet for 10m',
      actor: '',
    },
  });

  it('is remembered for as long as nothing better is, and is a condition while it runs', async () => {
    const fixture = await twiceDeployed();
    const handler = new ReleaseVerifiedHandler(fixture.notes);
    await handler.handle(verified(2, fixture.judged));
    await fixture.pass();
    const status = await fixture.status();
    expect(status.lastVerified).toMatchObject({ revision: 2, commit: fixture.judged });
    expect(status.conditions.find(({ type }) => type === 'Verified')).toMatchObject({ status: 'True' });
    await fixture.commit(releaseFile('three'));
    await fixture.pass();
    const later = await fixture.status();
    expect(later.lastVerified).toMatchObject({ revision: 2 });
    expect(later.conditions.find(({ type }) => type === 'Verified')).toBeUndefined();
  });

  it('is not another one than the one that runs', async () => {
    const fixture = await twiceDeployed();
    await new ReleaseVerifiedHandler(fixture.notes).handle(verified(1, fixture.good));
    expect((await fixture.status()).lastVerified).toBeUndefined();
  });
});
