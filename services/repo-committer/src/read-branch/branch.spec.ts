import { describe, expect, it } from 'vitest';
import { pushOf, releaseFile, sha, startCommitter } from '../../test/committer-in-memory.js';
import { problemEvent } from './branch-problems.js';

describe('the branch', () => {
  it('follows a force-push by others and reports it', async () => {
    const committer = await startCommitter({
      'releases/word-counts.yaml': releaseFile('word-counts', { tag: sha('one') }),
    });
    const first = committer.git.tip;
    await committer.push(pushOf({ tag: sha('two') }));
    await committer.git.push({ 'README.md': 'forced\n' }, { parent: first });
    await committer.push(pushOf({ tag: sha('three'), minute: 20 }));
    expect(committer.problems).toEqual(['force-pushed']);
    expect(await committer.text('word-counts')).toContain(sha('three'));
    expect(await committer.git.text('README.md')).toBe('forced\n');
  });

  it('deploys a push again whose commit somebody forced away, when it is told again', async () => {
    const committer = await startCommitter({
      'releases/word-counts.yaml': releaseFile('word-counts', { tag: sha('one') }),
    });
    const first = committer.git.tip;
    await committer.push(pushOf({ tag: sha('two') }));
    await committer.git.push({ 'README.md': 'forced\n' }, { parent: first });
    await committer.push(pushOf({ tag: sha('two') }));
    expect(await committer.text('word-counts')).toContain(sha('two'));
  });

  it('reports a locks.yaml that cannot be read, once for each content', async () => {
    const committer = await startCommitter({
      'releases/word-counts.yaml': releaseFile('word-counts', { tag: sha('one') }),
      'releases/locks.yaml': 'version: [',
    });
    await committer.push(pushOf({ tag: sha('two') }));
    expect(committer.problems).toEqual(['locks unreadable']);
    const problem = { kind: 'locks unreadable', tip: 'a', path: 'p', text: 't', problem: 'x' } as const;
    const ids = [problem, { ...problem, tip: 'b' }].map((one) => problemEvent(one, new Date()).id);
    expect(new Set(ids).size).toBe(1);
  });
});
