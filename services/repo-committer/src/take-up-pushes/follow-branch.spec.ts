import { deployIdOf } from '@shipit/releases';
import { describe, expect, it } from 'vitest';
import {
  at,
  digestOf,
  pushOf,
  registryHost,
  releaseFile,
  type ReleaseFileOptions,
  sha,
  startCommitter,
} from '../../test/committer-in-memory.js';

const path = 'releases/word-counts.yaml';
const locks = 'releases/locks.yaml';
const one = sha('one');
const file = (options: Partial<ReleaseFileOptions> = {}) => releaseFile('word-counts', { tag: one, ...options });
const locked = (until = '') => `resource_locks: {default/word-counts: {reasons: [freeze]${until}}}\n`;
const held = 'resource_locks: {default/word-counts: {reasons: ["Hold: it was bad"]}}\n';

async function setUp(files: Record<string, string> = {}) {
  const committer = await startCommitter({ [path]: file(), ...files });
  const inRegistry = (tag: string, minute: number) =>
    committer.registry.push(
      { registry: registryHost, repository: 'word-counts', tag },
      { digest: digestOf(tag), pushedAt: new Date(at(minute)) },
    );
  inRegistry(one, 1);
  return {
    committer,
    inRegistry,
    async push(tag: string, minute: number): Promise<void> {
      inRegistry(tag, minute);
      await committer.push(pushOf({ tag, minute }));
    },
  };
}

describe('pushes that were kept back', () => {
  it.each<[why: string, closed: Record<string, string>, opened: Record<string, string | null>]>([
    ['a lock', { [locks]: locked() }, { [locks]: 'version: 1\n' }],
    ['a hold', { [locks]: held }, { [locks]: null }],
    ['a locks.yaml that cannot be read', { [locks]: 'version: [' }, { [locks]: 'version: 1\n' }],
    ['autodeploy that was off', { [path]: file({ autodeploy: false }) }, { [path]: file() }],
    ['a suspension', { [path]: file({ spec: '  suspend: true\n' }) }, { [path]: file() }],
    [
      'an image-tags annotation that could not be read',
      { [path]: file({ annotations: '    shipit.dev/image-tags: "semver:??"\n' }) },
      { [path]: file() },
    ],
    ['a file that could not be read', { [path]: `${file()}  a: [\n` }, { [path]: file() }],
  ])('are taken up once, the newest of them, when somebody’s commit ends %s', async (_why, closed, opened) => {
    const { committer, push } = await setUp();
    await committer.look();
    await committer.git.push(closed);
    await committer.look();
    await push(sha('two'), 10);
    await push(sha('three'), 12);
    expect(await committer.messages()).toHaveLength(2);
    await committer.git.push(opened);
    await committer.look();
    await committer.look();
    expect(await committer.text('word-counts')).toContain(sha('three'));
    const [message = '', ...others] = await committer.messages();
    expect(others).toHaveLength(3);
    const image = {
      registry: registryHost,
      repository: 'word-counts',
      tag: sha('three'),
      digest: digestOf(sha('three')),
    };
    expect(message).toContain(`id=${deployIdOf({ ...image, release: 'default/word-counts' })}`);
    await committer.push(pushOf({ tag: sha('three'), minute: 12 }));
    expect(await committer.messages()).toHaveLength(4);
  });

  it('are taken up when the time of a lock is over', async () => {
    const until = new Date(Date.now() + 300).toISOString();
    const { committer, push } = await setUp({ [locks]: locked(`, until: "${until}"`) });
    await committer.look();
    await push(sha('two'), 10);
    await expect.poll(() => committer.look().then(() => committer.text('word-counts'))).toContain(sha('two'));
  });

  it('are taken up after a restart, though lock and unlock came before it', async () => {
    const { committer, push } = await setUp();
    await committer.git.push({ [locks]: locked() });
    await push(sha('two'), 10);
    await committer.git.push({ [locks]: 'version: 1\n' });
    await committer.replica().follow.look();
    expect(await committer.text('word-counts')).toContain(sha('two'));
    await committer.replica().follow.look();
    expect(await committer.messages()).toHaveLength(4);
  });

  it.each([
    ['today', 0],
    ['days ago', 72],
  ])('are taken up after a restart, where a lock from %s ended while nothing ran', async (_when, hours) => {
    const { committer, inRegistry } = await setUp();
    const lockedAt = new Date(Date.parse(at(0)) - hours * 3_600_000);
    await committer.git.push({ [locks]: locked(`, until: "${at(60)}"`) }, { at: lockedAt });
    inRegistry(sha('two'), 10);
    await committer.replica().follow.look();
    expect(await committer.text('word-counts')).toContain(sha('two'));
  });

  it('are taken up once by two replicas', async () => {
    const { committer, push } = await setUp({ [locks]: locked() });
    const replicas = [committer.replica(), committer.replica()];
    await Promise.all(replicas.map(({ follow }) => follow.look()));
    await push(sha('two'), 10);
    await committer.git.push({ [locks]: 'version: 1\n' });
    await Promise.all(replicas.map(({ follow }) => follow.look()));
    expect(await committer.messages()).toHaveLength(3);
  });

  it('are taken up though a newer one is blocked', async () => {
    const blocked = `[{image: ${registryHost}/word-counts:${sha('three')}, digest: "${digestOf(sha('three'))}"}]`;
    const entry = (reasons: string) => `resource_locks: {default/word-counts: {${reasons}blocked: ${blocked}}}\n`;
    const { committer, inRegistry } = await setUp({ [locks]: entry('reasons: [freeze], ') });
    await committer.look();
    inRegistry(sha('two'), 10);
    inRegistry(sha('three'), 12);
    await committer.git.push({ [locks]: entry('') });
    await committer.look();
    expect(await committer.text('word-counts')).toContain(sha('two'));
  });

  it('wait for the registry, and are taken up when it answers', async () => {
    const { committer, push } = await setUp({ [locks]: locked() });
    await committer.look();
    await push(sha('two'), 10);
    await committer.git.push({ [locks]: 'version: 1\n' });
    committer.registry.setDown(true);
    await committer.look();
    expect(await committer.text('word-counts')).toContain(one);
    committer.registry.setDown(false);
    await committer.look();
    expect(await committer.text('word-counts')).toContain(sha('two'));
  });

  it('stay candidates where they are older than a day', async () => {
    const { committer, inRegistry } = await setUp({ [locks]: locked() });
    await committer.look();
    inRegistry(sha('two'), -24 * 60);
    await committer.git.push({ [locks]: 'version: 1\n' });
    await committer.look();
    expect(await committer.text('word-counts')).toContain(one);
  });

  it('stay away where they were deployed before: that takes a resume', async () => {
    const { committer, push } = await setUp();
    await committer.look();
    await push(sha('two'), 10);
    await committer.git.push({ [path]: file(), [locks]: held });
    await committer.look();
    await committer.git.push({ [locks]: 'version: 1\n' });
    await committer.look();
    expect(await committer.text('word-counts')).toContain(one);
  });

  it('stay away where a resume deployed them, though that has the id of the request', async () => {
    const { committer, push } = await setUp({ [locks]: held });
    await push(sha('two'), 10);
    await committer.request({
      specversion: '1.0',
      id: 'resume-1',
      source: 'api',
      subject: 'default/word-counts',
      time: at(20),
      type: 'resume.requested',
      data: { release: 'default/word-counts', reason: 'mended', actor: 'ann' },
    });
    expect(await committer.text('word-counts')).toContain(sha('two'));
    const message = 'Roll back\n\nRollback: default/word-counts of=bad to=good id=rollback-1';
    await committer.git.push({ [path]: file(), [locks]: held }, { message });
    await committer.look();
    await committer.git.push({ [locks]: 'version: 1\n' });
    await committer.look();
    expect(await committer.text('word-counts')).toContain(one);
  });

  it('are not looked for where the release was removed meanwhile and comes anew', async () => {
    const { committer, inRegistry } = await setUp({ [path]: file({ autodeploy: false }) });
    await committer.look();
    inRegistry(sha('two'), 10);
    await committer.git.push({ [path]: null });
    await committer.look();
    await committer.git.push({ [path]: file() });
    await committer.look();
    expect(await committer.text('word-counts')).toContain(one);
  });

  it('share a commit where a lock of the whole environment ends', async () => {
    const { committer, push } = await setUp({
      'releases/letters.yaml': releaseFile('letters', { tag: one, repository: 'letters' }),
      [locks]: 'env_lock: {reasons: [freeze]}\n',
    });
    await committer.look();
    await push(sha('two'), 10);
    committer.registry.push(
      { registry: registryHost, repository: 'letters', tag: sha('two') },
      { digest: digestOf(sha('two')), pushedAt: new Date(at(10)) },
    );
    committer.registry.push(
      { registry: registryHost, repository: 'letters', tag: one },
      { digest: digestOf(one), pushedAt: new Date(at(1)) },
    );
    await committer.git.push({ [locks]: null });
    await committer.look();
    const [message = ''] = await committer.messages();
    expect(message).toMatch(/^Deploy 2 services\n/);
  });

  it('are taken up where only one of several places has them', async () => {
    const job = `    job: {image: {repository: ${registryHost}/word-counts, tag: ${one}}}\n`;
    const { committer, inRegistry } = await setUp({ [path]: file({ tag: sha('two') }) + job, [locks]: locked() });
    inRegistry(sha('two'), 10);
    await committer.look();
    await committer.git.push({ [locks]: null });
    await committer.look();
    expect(await committer.text('word-counts')).toBe(file({ tag: sha('two') }) + job.replace(one, sha('two')));
  });

  it('are not looked for where the release is new, or was open all the time', async () => {
    const { committer, inRegistry } = await setUp();
    await committer.look();
    inRegistry(sha('two'), 10);
    await committer.git.push({ 'releases/other.yaml': releaseFile('other', { tag: one, repository: 'word-counts' }) });
    await committer.git.push({ [path]: file({ spec: '  maxHistory: 5\n' }) });
    await committer.look();
    expect(await committer.text('word-counts')).toContain(one);
    expect(await committer.text('other')).toContain(one);
  });
});
