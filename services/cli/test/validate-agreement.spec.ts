import { InMemoryGitRepository } from '@shipit/git/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planSync } from '../../deployer/src/sync-repository/plan-sync.js';
import { ReleasesInGit } from '../../deployer/src/sync-repository/releases-in-git.js';
import { release, setUpRepository, web } from './validation.js';

const twice = `${release('a')}---\n${release('a')}`;
const repositories: [title: string, files: Record<string, string>][] = [
  ['all is well', { 'releases/a.yaml': release('a'), 'releases/deep/er/b.yml': release('b') }],
  ['a file is no YAML', { 'releases/a.yaml': 'a: [\n', 'releases/b.yaml': release('b') }],
  ['a file is a template', { 'releases/a.yaml': 'a: {{ .x }}\n' }],
  [
    'a spec is wrong',
    { 'releases/a.yaml': release('a', { spec: '  timeout: soon\n  maxHistory: 0\n  crds: maybe\n' }) },
  ],
  ['a release has no name', { 'releases/a.yaml': release('a').replace('name: a', 'label: a') }],
  ['a release is declared twice in a file', { 'releases/a.yaml': twice }],
  ['a release is declared in two files', { 'releases/a.yaml': release('a'), 'releases/b.yaml': release('a') }],
  ['a version is not known', { 'releases/a.yaml': release('a').replace('v1beta1', 'v9') }],
  ['a file is too large', { 'releases/a.yaml': `# ${'x'.repeat(1024 * 1024)}\n` }],
  ['a chart stands among the releases', { 'releases/c/Chart.yaml': '{{', 'releases/c/templates/a.yaml': '{{ .x }}' }],
  [
    'there are locks and other files',
    { 'releases/locks.yaml': 'version: 1\n', 'releases/a.txt': '{{', 'b.yaml': 'a: [' },
  ],
];

describe('what validate says and what the deployer does with the commit', () => {
  let repository: Awaited<ReturnType<typeof setUpRepository>>;
  beforeEach(async () => {
    repository = await setUpRepository();
  });
  afterEach(() => repository.close());

  it.each(repositories)('agree where %s', async (_title, own) => {
    const files = { ...web, ...own };
    await repository.put(files);
    const { out } = await repository.validate('--offline --json', { path: 'releases' });
    const { problems, checked } = JSON.parse(out) as {
      problems: { file: string; line: number; column: number; severity: string; code: string; message: string }[];
      checked: { releases: number };
    };

    const git = await InMemoryGitRepository.create(files);
    const desired = await new ReleasesInGit(git, 'releases').at(git.tip);
    const plan = planSync(desired, [], 'repository');

    for (const { path, line, column, message } of desired.problems)
      expect(problems).toContainEqual(
        expect.objectContaining({
          file: path,
          line,
          column,
          severity: 'error',
          message: expect.stringContaining(message) as string,
        }),
      );
    const told = (code: string) => problems.filter((problem) => problem.code === code).length;
    expect(told('SHIPIT_RELEASE_TWICE')).toBe([...desired.duplicates.values()].flat().length);
    expect(told('SHIPIT_RELEASE_FILE')).toBe(desired.problems.length);
    if (problems.length === 0) expect(plan).toMatchObject({ problems: [], writes: { length: checked.releases } });
  });
});
