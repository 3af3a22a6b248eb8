import { describe, expect, it } from 'vitest';
import {
  at,
  pushOf,
  registryHost,
  releaseFile,
  type ReleaseFileOptions,
  sha,
  startCommitter,
} from '../../test/committer-in-memory.js';

const path = 'releases/word-counts.yaml';
const tagOne = { tag: sha('one') };

describe('why a push is not committed', () => {
  it.each<[string, string, Partial<ReleaseFileOptions>, string]>([
    ['autodeploy off', 'is off in the file', { autodeploy: false }, sha('two')],
    ['tag not allowed', 'has a tag that the policy does not allow', {}, 'latest'],
    ['suspended', 'comes to a suspended release', { spec: '  suspend: true\n' }, sha('two')],
    ['same', 'stands in the file already', {}, sha('one')],
    [
      'older',
      'is a lower version',
      { tag: '1.10.0', annotations: '    shipit.dev/image-tags: "semver:^1.0.0"\n' },
      '1.9.0',
    ],
  ])('%s: the push %s', async (reason, _, options, tag) => {
    const committer = await startCommitter({ [path]: releaseFile('word-counts', { ...tagOne, ...options }) });
    await committer.push(pushOf({ tag }));
    expect(committer.reasons()).toEqual([reason]);
    expect(await committer.messages()).toHaveLength(1);
  });

  it.each([
    ['locked', `version: 1\nresource_locks:\n  default/word-counts:\n    reasons: [freeze]\n    by: ann\n`],
    ['locked', `version: 1\nenv_lock:\n  reasons: [black friday]\n`],
    ['locked', `version: [this is not\n`],
  ])('%s: locks.yaml says so or cannot be read', async (reason, locks) => {
    const committer = await startCommitter({
      [path]: releaseFile('word-counts', tagOne),
      'releases/locks.yaml': locks,
    });
    await committer.push(pushOf({ tag: sha('two') }));
    expect(committer.reasons()).toEqual([reason]);
    expect(await committer.messages()).toHaveLength(1);
  });

  it('older: an earlier push comes after a later one', async () => {
    const committer = await startCommitter({ [path]: releaseFile('word-counts', tagOne) });
    await committer.push(pushOf({ tag: sha('late'), minute: 20 }));
    await committer.push(pushOf({ tag: sha('early'), minute: 10 }));
    expect(committer.reasons()).toEqual(['older']);
    expect(await committer.text('word-counts')).toContain(sha('late'));
  });

  it('older: the registry knows that what stands in the file was pushed later', async () => {
    const committer = await startCommitter({ [path]: releaseFile('word-counts', tagOne) });
    const image = { registry: registryHost, repository: 'word-counts', tag: sha('one') };
    committer.registry.push(image, { digest: `sha256:${'a'.repeat(64)}`, pushedAt: new Date() });
    await committer.push(pushOf({ tag: sha('two'), minute: 10 }));
    expect(committer.reasons()).toEqual(['older']);
  });

  it('order unknown: nobody can tell when the tag was moved', async () => {
    const committer = await startCommitter({ [path]: releaseFile('word-counts', tagOne) });
    await committer.push(pushOf({ tag: sha('two') }));
    await committer.push(pushOf({ tag: sha('three'), isOrderKnown: false }));
    expect(committer.reasons()).toEqual(['order unknown']);
    expect(await committer.text('word-counts')).toContain(sha('two'));
  });

  it('held: a person set the tag back', async () => {
    const committer = await startCommitter({ [path]: releaseFile('word-counts', tagOne) });
    await committer.push(pushOf({ tag: sha('two'), minute: 10 }));
    await committer.git.push({ [path]: releaseFile('word-counts', tagOne) }, { message: 'Back to what worked' });
    await committer.push(pushOf({ tag: sha('three'), minute: 20 }));
    expect(committer.reasons()).toEqual(['held']);
    expect(await committer.text('word-counts')).toContain(sha('one'));
  });

  it('not held: a person set the tag forward', async () => {
    const committer = await startCommitter({ [path]: releaseFile('word-counts', tagOne) });
    await committer.push(pushOf({ tag: sha('two'), minute: 10 }));
    await committer.git.push({ [path]: releaseFile('word-counts', { tag: sha('theirs') }) });
    await committer.push(pushOf({ tag: sha('three'), minute: 20 }));
    expect(committer.reasons()).toEqual([]);
    expect(await committer.text('word-counts')).toContain(sha('three'));
  });

  it('order unknown: after the push a person set a tag that the registry does not have', async () => {
    const committer = await startCommitter({ [path]: releaseFile('word-counts', tagOne) });
    const theirs = releaseFile('word-counts', { tag: sha('theirs') });
    await committer.git.push({ [path]: theirs }, { at: new Date(at(20)) });
    await committer.git.push({ 'releases/README.md': 'later' }, { at: new Date(at(30)) });
    await committer.push(pushOf({ tag: sha('two'), minute: 10 }));
    expect(committer.reasons()).toEqual(['order unknown']);
    expect(await committer.text('word-counts')).toBe(theirs);
    await committer.push(pushOf({ tag: sha('three'), minute: 25 }));
    expect(await committer.text('word-counts')).toContain(sha('three'));
  });

  it('not used here: no release names the image', async () => {
    const committer = await startCommitter({ [path]: releaseFile('word-counts', tagOne) });
    await committer.push(pushOf({ tag: sha('two'), repository: 'nobody' }));
    expect(committer.reasons()).toEqual(['not used here']);
  });

  it('cannot be edited: a file names the image and is no YAML, the others are deployed', async () => {
    const broken = `x: [\n  ${registryHost}/word-counts\n\t: y`;
    const committer = await startCommitter({
      [path]: releaseFile('word-counts', tagOne),
      'releases/broken.yaml': broken,
    });
    await committer.push(pushOf({ tag: sha('two') }));
    expect(committer.reasons()).toEqual(['cannot be edited']);
    expect(await committer.text('word-counts')).toContain(sha('two'));
  });

  it('cannot be edited: the image stands in a block of text of the values', async () => {
    const values = `    files: |\n      image:\n        repository: ${registryHost}/word-counts\n        tag: ${sha('one')}\n`;
    const declared = releaseFile('word-counts', { ...tagOne, repository: 'another' });
    const committer = await startCommitter({ [path]: declared.replace('  values:\n', `  values:\n${values}`) });
    await committer.push(pushOf({ tag: sha('two') }));
    expect(committer.reasons()).toEqual(['cannot be edited']);
    expect(await committer.messages()).toHaveLength(1);
  });

  it('cannot be edited: two files declare the release', async () => {
    const file = releaseFile('word-counts', tagOne);
    const committer = await startCommitter({ [path]: file, 'releases/again.yaml': file });
    await committer.push(pushOf({ tag: sha('two') }));
    expect(new Set(committer.reasons())).toEqual(new Set(['cannot be edited']));
    expect(await committer.messages()).toHaveLength(1);
  });

  it('nothing of a push is committed after its deployment was rolled back by a person’s revert of the file', async () => {
    const committer = await startCommitter({ [path]: releaseFile('word-counts', tagOne) });
    await committer.push(pushOf({ tag: sha('two') }));
    await committer.git.push({ [path]: releaseFile('word-counts', tagOne) });
    await committer.push(pushOf({ tag: sha('two') }));
    expect(await committer.text('word-counts')).toContain(sha('one'));
  });
});
