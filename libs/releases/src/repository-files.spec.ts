import { describe, expect, it } from 'vitest';
import { decodeFile, readLocksFile, selectReleaseFiles } from './repository-files.js';

const chosen = (folder: string, ...paths: string[]) =>
  selectReleaseFiles(
    paths.map((path) => ({ path })),
    folder,
  ).map(({ path }) => path);

describe('the files that may declare releases', () => {
  it('are the YAML files below the folder, without its locks', () => {
    const paths = [
      'releases/a.yaml',
      'releases/team/b.yml',
      'releases/locks.yaml',
      'releases/readme.md',
      'other/c.yaml',
    ];
    expect(chosen('releases', ...paths)).toEqual(['releases/a.yaml', 'releases/team/b.yml']);
    expect(chosen('./releases/', ...paths)).toEqual(['releases/a.yaml', 'releases/team/b.yml']);
  });

  it('are those of the whole repository where no folder is named', () => {
    expect(chosen('', 'a.yaml', 'locks.yaml', 'team/locks.yaml')).toEqual(['a.yaml', 'team/locks.yaml']);
    expect(chosen('.', 'a.yaml', 'locks.yaml')).toEqual(['a.yaml']);
  });

  it('are none of a chart, whose templates look like YAML', () => {
    const chart = ['charts/web/Chart.yaml', 'charts/web/values.yaml', 'charts/web/templates/deployment.yaml'];
    expect(chosen('', ...chart, 'charts/website.yaml')).toEqual(['charts/website.yaml']);
  });

  it('stay those where a chart is added around the folder, which removes no release', () => {
    expect(chosen('releases', 'Chart.yaml', 'releases/Chart.yaml', 'releases/a.yaml')).toContain('releases/a.yaml');
    expect(chosen('', 'Chart.yaml', 'templates/b.yaml', 'a.yaml')).toEqual(['Chart.yaml', 'a.yaml']);
    expect(chosen('templates', 'Chart.yaml', 'templates/a.yaml')).toEqual(['templates/a.yaml']);
  });
});

describe('the text of a file', () => {
  it('keeps its byte order mark', () => {
    expect(decodeFile(Buffer.from('\ufeffa: 1'))).toEqual({ text: '\ufeffa: 1' });
  });

  it.each([
    ['is larger than 1 MiB', Buffer.alloc(1024 * 1024 + 1, 97)],
    ['is not UTF-8', Buffer.from([0xff, 0xfe, 0x61])],
  ])('is not read where it %s', (problem, bytes) => {
    expect(decodeFile(bytes)).toEqual({ problem });
  });
});

describe('locks.yaml as the repository has it', () => {
  it.each([
    ['is not UTF-8', Buffer.from('resource_locks: {a/b: {reasons: [\xe9t\xe9]}}\n', 'latin1')],
    ['is larger than 1 MiB', Buffer.alloc(1024 * 1024 + 1, '#')],
  ])('cannot be read where it %s', (problem, bytes) => {
    expect(readLocksFile(bytes)).toMatchObject({ ok: false, problem: `locks.yaml ${problem}`, line: 1 });
  });

  it('locks nothing where there is none', () => {
    expect(readLocksFile(undefined)).toMatchObject({ ok: true, locks: { resource_locks: {} } });
  });
});
