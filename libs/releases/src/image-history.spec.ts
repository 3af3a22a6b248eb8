import { describe, expect, it } from 'vitest';
import { parseTrailers } from './commit-trailers.js';
import { findImages } from './find-images.js';
import { ImageHistory, type PastCommit } from './image-history.js';
import { readReleaseDocuments } from './release-file.js';

const repository = 'e.com/word-counts';
const path = 'releases/word-counts.yaml';

interface Commit {
  files: Record<string, string>;
  /** By default the one before it in the list. */
  parents?: string[];
  message?: string;
}

const file = (tag: string, name = 'word-counts') => `apiVersion: shipit.dev/v1beta1
kind: HelmRelease
metadata: {name: ${name}, namespace: default}
spec:
  chart: {repository: ./charts, name: service}
  values: {image: {repository: ${repository}, tag: ${tag}}}
`;
const at = (tag: string): Commit => ({ files: { [path]: file(tag) } });

/** Oldest first; a commit's id is its letter. */
function change(...commits: Commit[]) {
  const id = (index: number) => String.fromCharCode(97 + index);
  const past = commits.map(({ parents, message = '' }, index): PastCommit => ({
    id: id(index),
    parents: parents ?? (index === 0 ? [] : [id(index - 1)]),
    author: { name: 'Ann' },
    trailers: parseTrailers(message),
  }));
  const filesOf = (commit: string) => commits[commit.charCodeAt(0) - 97]?.files ?? {};
  const history = new ImageHistory({
    changedPaths: async (from, to) => {
      const [before, after] = [filesOf(from), filesOf(to)];
      return Object.keys({ ...before, ...after }).filter((one) => before[one] !== after[one]);
    },
    listFiles: async (commit) => Object.entries(filesOf(commit)).map(([one, blob]) => ({ path: one, blob })),
    readBlob: async (blob) => Buffer.from(blob),
  });
  const [now = path, text = ''] = Object.entries(commits.at(-1)?.files ?? {})[0] ?? [];
  const [place] = findImages(readReleaseDocuments(now, text).releases[0]?.value);
  if (!place) throw new Error('No image stands there');
  return history.changeOf({ release: 'default/word-counts', path: now, repository, place }, past.reverse());
}

describe('who put a tag where it stands', () => {
  it.each<[what: string, commits: Commit[], commit: string]>([
    ['is the commit that changed it', [at('v2'), at('v1')], 'b'],
    ['stays so after other changes', [at('v2'), at('v1'), { files: { [path]: `${file('v1')}# why\n` } }], 'b'],
    ['stays so when the file moves', [at('v2'), at('v1'), { files: { 'releases/a.yaml': file('v1') } }], 'b'],
    ['is found though the file was broken for a time', [at('v2'), at('v1'), at('[{'), at('v1')], 'b'],
    [
      'is, after a merge, the commit of the branch that was merged',
      [at('v2'), at('v1'), { ...at('v2'), parents: ['a'] }, { ...at('v1'), parents: ['c', 'b'] }],
      'b',
    ],
  ])('%s', async (_what, commits, commit) => {
    expect(await change(...commits)).toMatchObject({ commit, author: 'Ann', before: { tag: 'v2' } });
  });

  it.each<[who: string, commits: Commit[]]>([
    ['the first commit', [at('v1')]],
    ['the commit with which the release came', [{ files: {} }, at('v1')]],
    [
      'Ship-it',
      [at('v2'), { ...at('v1'), message: `x\n\nDeploy: default/word-counts ${repository}:v1 from=v2 id=1\n` }],
    ],
    ['a rollback', [at('v2'), { ...at('v1'), message: 'x\n\nRollback: default/word-counts of=b to=a id=1\n' }]],
    [
      'somebody before a resume',
      [at('v2'), at('v1'), { ...at('v1'), message: 'x\n\nResume: default/word-counts id=1\n' }],
    ],
    [
      'a rollback that somebody merged into what they had not pushed yet',
      [
        at('v2'),
        { ...at('v1'), message: 'x\n\nRollback: default/word-counts of=b to=a id=1\n' },
        { ...at('v2'), parents: ['a'] },
        { ...at('v1'), parents: ['c', 'b'] },
      ],
    ],
  ])('is nobody to be told of where it was %s', async (_who, commits) => {
    expect(await change(...commits)).toBeUndefined();
  });

  it('is forgotten after 200 commits by people', async () => {
    const others = (count: number) => Array.from({ length: count }, () => at('v1'));
    expect(await change(at('v2'), at('v1'), ...others(199))).toBeDefined();
    expect(await change(at('v2'), at('v1'), ...others(200))).toBeUndefined();
  });
});
