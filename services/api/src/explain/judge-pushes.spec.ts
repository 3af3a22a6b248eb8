import { HelmRelease, syncAnnotations } from '@shipit/contracts';
import { type GitCommit } from '@shipit/git';
import { InMemoryGitRepository } from '@shipit/git/testing';
import { InMemoryRegistry } from '@shipit/registries/testing';
import { parseTrailers } from '@shipit/releases';
import { describe, expect, it } from 'vitest';
import { judgePushes } from './judge-pushes.js';
import { ReadDeclaration } from './read-declaration.js';

const path = 'releases/word-counts.yaml';
const repository = { registry: '723255503624.dkr.ecr.us-east-1.amazonaws.com', repository: 'word-counts' };
const file = (tag: string) => `apiVersion: shipit.dev/v1beta1
kind: HelmRelease
metadata:
  name: word-counts
  namespace: default
  annotations: {shipit.dev/autodeploy: "true", shipit.dev/image-tags: "semver:*"}
spec:
  chart: {repository: ./charts, name: service}
  values: {image: {repository: ${repository.registry}/word-counts, tag: ${tag}}}
`;
const release = HelmRelease.parse({
  apiVersion: 'shipit.dev/v1beta1',
  kind: 'HelmRelease',
  metadata: { name: 'word-counts', namespace: 'default', annotations: { [syncAnnotations.path]: path } },
  spec: { chart: { repository: './charts', name: 'service' } },
});

/** What is told of 1.3.0, pushed an hour ago, after these commits by hand. */
async function judge(...contents: Record<string, string>[]) {
  const git = await InMemoryGitRepository.create({});
  for (const files of contents) await git.push(files);
  const commits: GitCommit[] = [];
  for await (const commit of git.history(git.tip, {})) commits.push(commit);
  const declarations = new ReadDeclaration(git, 'releases');
  const declaration = await declarations.of(release, git.tip);
  if (!declaration) throw new Error('The release is not declared');
  const now = new Date();
  const pushedAt = new Date(now.getTime() - 3_600_000).toISOString();
  const image = { ...repository, tag: '1.3.0', digest: `sha256:${'3'.repeat(64)}` };
  const [candidate] = await judgePushes([{ image, pushedAt }], {
    declaration,
    commits: commits.map((commit) => ({ ...commit, trailers: parseTrailers(commit.message) })),
    history: declarations.history,
    registry: new InMemoryRegistry(),
    wasChangedSince: async () => false,
    now,
    sinceHours: 24,
  });
  return candidate;
}

describe('what explain says of a push', () => {
  it('is that a person’s step back from what a person had set holds it', async () => {
    const candidate = await judge({ [path]: file('1.2.0') }, { [path]: file('1.1.0') });
    expect(candidate).toMatchObject({ reason: 'held', message: expect.stringContaining('from 1.2.0 to 1.1.0 by Ann') });
  });

  it('is that it can be deployed after a step forward', async () => {
    expect(await judge({ [path]: file('1.1.0') }, { [path]: file('1.2.0') })).toMatchObject({ reason: 'newer' });
  });

  it('is that a locks.yaml too large to be read keeps it waiting', async () => {
    const locks = `# ${'x'.repeat(1024 * 1024)}\n`;
    const candidate = await judge({ [path]: file('1.1.0'), 'releases/locks.yaml': locks });
    expect(candidate).toMatchObject({ reason: 'locked' });
  });
});
