import { GitRepository } from '@shipit/git';
import { InMemoryGitRepository } from '@shipit/git/testing';
import { describe, expect, it } from 'vitest';
import { registryHost, releaseFile, sha } from '../../test/committer-in-memory.js';
import { ReleaseIndex } from './release-index.js';

const image = { registry: registryHost, repository: 'word-counts' };

async function setUp(files: Record<string, string>) {
  const git = await InMemoryGitRepository.create(files);
  const index = new ReleaseIndex(git, 'releases/');
  await index.moveTo(git.tip);
  return { git, index };
}

describe('the index of releases', () => {
  it('finds releases by key and by image, under any name of the registry', async () => {
    const { index } = await setUp({
      'releases/team/a.yaml': releaseFile('word-counts', { tag: sha('one') }),
      'elsewhere/b.yaml': releaseFile('elsewhere', { tag: sha('one'), repository: 'word-counts' }),
      'releases/notes.md': 'word-counts',
    });
    expect(index.find('default/word-counts')?.path).toBe('releases/team/a.yaml');
    expect(index.using(image).map(({ key }) => key)).toEqual(['default/word-counts']);
    expect(index.using({ ...image, registry: '723255503624.dkr-ecr.us-east-1.on.aws' })).toHaveLength(1);
    expect(index.using({ ...image, repository: 'word' })).toEqual([]);
  });

  it('follows changed, new, moved and removed files, and reads no other', async () => {
    const files = Array.from(
      { length: 50 },
      (_, n) => [`releases/s${n}.yaml`, releaseFile(`s${n}`, { tag: sha('one') })] as const,
    );
    const { git } = await setUp(Object.fromEntries(files));
    let reads = 0;
    const counting = Object.create(git, {
      readBlob: { value: (blob: string) => ((reads += 1), git.readBlob(blob)) },
    }) as GitRepository;
    const index = new ReleaseIndex(counting, 'releases');
    await index.moveTo(git.tip);
    expect(reads).toBe(50);
    await git.push({
      'releases/s0.yaml': releaseFile('s0', { tag: sha('two') }),
      'releases/s1.yaml': null,
      'releases/moved/s1.yaml': releaseFile('s1', { tag: sha('one') }),
      'releases/s2.yaml': null,
      'README.md': 'changed',
    });
    await index.moveTo(git.tip);
    expect(reads).toBe(52);
    expect(index.text('releases/s0.yaml')).toContain(sha('two'));
    expect(index.find('default/s1')?.path).toBe('releases/moved/s1.yaml');
    expect(index.find('default/s2')).toBeUndefined();
  });

  it('keeps going beside files that cannot be read, and names those that mention an image', async () => {
    const { index } = await setUp({
      'releases/a.yaml': releaseFile('word-counts', { tag: sha('one') }),
      'releases/broken.yaml': `a: [\n${registryHost}/word-counts`,
      'releases/huge.yaml': `# word-counts\n${'x: y\n'.repeat(300_000)}`,
      'releases/locks.yaml': 'version: 1\n',
    });
    expect(index.using(image)).toHaveLength(1);
    expect(index.unreadableMentioning(image)).toEqual(['releases/broken.yaml']);
    expect(index.text('releases/locks.yaml')).toBe('version: 1\n');
  });

  it('passes over what belongs to a chart, also one that comes later', async () => {
    const template = `image: {{ .Values.image }} # ${registryHost}/word-counts\n  a: [\n`;
    const { git, index } = await setUp({
      'releases/chart/Chart.yaml': 'name: service\n',
      'releases/chart/templates/a.yaml': template,
      'releases/b/templates/b.yaml': template,
    });
    expect(index.unreadableMentioning(image)).toEqual(['releases/b/templates/b.yaml']);
    await git.push({ 'releases/chart/templates/a.yaml': `${template}# changed\n` });
    await index.moveTo(git.tip);
    expect(index.unreadableMentioning(image)).toEqual(['releases/b/templates/b.yaml']);
    await git.push({ 'releases/b/Chart.yaml': 'name: b\n', 'releases/chart/Chart.yaml': null });
    await index.moveTo(git.tip);
    expect(index.unreadableMentioning(image)).toEqual(['releases/chart/templates/a.yaml']);
  });

  it('knows of no locks where locks.yaml is no text', async () => {
    const git = await InMemoryGitRepository.create({ 'releases/locks.yaml': `# ${'x'.repeat(1024 * 1024)}\n` });
    const index = new ReleaseIndex(git, 'releases');
    await index.moveTo(git.tip);
    expect(index.locks()).toMatchObject({ ok: false, problem: 'locks.yaml is larger than 1 MiB' });
  });

  it('does not choose between two files that declare one release', async () => {
    const file = releaseFile('word-counts', { tag: sha('one') });
    const { index } = await setUp({ 'releases/a.yaml': file, 'releases/b.yml': file });
    expect(index.find('default/word-counts')).toBeUndefined();
    expect(index.isDeclaredTwice('default/word-counts')).toBe(true);
  });

  it('starts over after a failure half-way', async () => {
    const { git, index } = await setUp({ 'releases/a.yaml': releaseFile('a', { tag: sha('one') }) });
    await expect(index.moveTo('f'.repeat(40))).rejects.toThrow();
    await git.push({ 'releases/b.yaml': releaseFile('b', { tag: sha('one') }) });
    await index.moveTo(git.tip);
    expect(index.find('default/a')).toBeDefined();
    expect(index.find('default/b')).toBeDefined();
  });
});
