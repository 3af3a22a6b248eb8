import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readReleaseDocuments } from './release-file.js';

function release(name = 'word-counts', more = ''): string {
  return [
    'apiVersion: shipit.dev/v1beta1',
    'kind: HelmRelease',
    'metadata:',
    `  name: ${name}`,
    '  namespace: default',
    '  annotations:',
    '    shipit.dev/autodeploy: "true"',
    'spec:',
    '  chart: {repository: https://charts.example.com, name: microservice, version: 0.2.2}',
    '  values:',
    '    image: {repository: example.com/app, tag: 1.10}',
    `${more}`,
  ].join('\n');
}

describe('the releases of a file', () => {
  it('are read with their place, their annotations and their spec', () => {
    const file = readReleaseDocuments('r/a.yaml', `# head\n---\nkind: ConfigMap\n---\n${release()}`);
    expect(file).toMatchObject({ path: 'r/a.yaml', isReadable: true, problems: [] });
    expect(file.releases).toMatchObject([
      {
        path: 'r/a.yaml',
        document: 1,
        line: 5,
        key: 'default/word-counts',
        namespace: 'default',
        name: 'word-counts',
        annotations: { 'shipit.dev/autodeploy': 'true' },
        spec: { chart: { name: 'microservice' }, timeout: '5m', values: { image: { tag: 1.1 } } },
        value: { spec: { values: { image: { tag: '1.10' } } } },
      },
    ]);
  });

  it('are in the namespace default where they name none', () => {
    const file = readReleaseDocuments('a.yaml', release().replace('  namespace: default\n', ''));
    expect(file.releases[0]?.key).toBe('default/word-counts');
  });

  it('are read from the old group, with annotations under the names of today', () => {
    const old = release()
      .replace('shipit.dev/v1beta1', 'shipit.wattpad.com/v1beta1')
      .replace('shipit.dev/autodeploy', 'helmreleases.shipit.wattpad.com/autodeploy');
    const file = readReleaseDocuments('a.yaml', old);
    expect(file.problems).toEqual([]);
    expect(file.releases[0]?.annotations).toEqual({ 'shipit.dev/autodeploy': 'true' });
  });

  it('take the annotation of today where both names are used', () => {
    const both = release().replace(
      '  annotations:',
      '  annotations:\n    helmreleases.shipit.wattpad.com/autodeploy: "false"',
    );
    expect(readReleaseDocuments('a.yaml', both).releases[0]?.annotations).toEqual({ 'shipit.dev/autodeploy': 'true' });
  });

  it('are several in one file', () => {
    const file = readReleaseDocuments('a.yaml', `${release('a')}\n---\n${release('b')}`);
    expect(file.releases.map(({ key, document }) => [key, document])).toEqual([
      ['default/a', 0],
      ['default/b', 1],
    ]);
  });

  it('are known by name even where their spec is wrong, and the line is told', () => {
    const file = readReleaseDocuments('a.yaml', release().replace('chart: {', 'timeout: soon\n  chart: {'));
    expect(file).toMatchObject({ isReadable: true, releases: [{ key: 'default/word-counts', spec: undefined }] });
    expect(file.problems).toMatchObject([{ path: 'a.yaml', release: 'default/word-counts', line: 9, column: 12 }]);
    expect(file.problems[0]?.message).toMatch(/^spec\.timeout: .*duration/);
  });

  it('are known by name even in a version of our group that is not known yet', () => {
    const file = readReleaseDocuments('a.yaml', release().replace('v1beta1', 'v2'));
    expect(file).toMatchObject({
      isReadable: true,
      releases: [{ key: 'default/word-counts', spec: undefined }],
      problems: [{ line: 1 }],
    });
  });

  it.each([
    ['a file that is no YAML', 'a: [\n', 2],
    ['a template', 'a: {{ .x }}\n', 1],
    ['a release without a name', release().replace('name: word-counts', 'x: y'), 4],
    ['a release with a name that is none', release('Word_Counts'), 4],
    ['a key that stands twice', `${release()}\nkind: HelmRelease\n`, 13],
    [
      'an alias bomb',
      `a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c]\n`,
      1,
    ],
  ])('are unknown, and a problem is told: %s', (_why, text, line) => {
    const file = readReleaseDocuments('a.yaml', text);
    expect(file).toMatchObject({ isReadable: false, releases: [] });
    expect(file.problems[0]).toMatchObject({ path: 'a.yaml', line });
  });

  it.each([
    ['an empty file', ''],
    ['a file of comments', '# nothing\n'],
    ["Flux's own HelmRelease", release().replace('shipit.dev/v1beta1', 'helm.toolkit.fluxcd.io/v2')],
    ['another kind', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n'],
    ['a list', '- a\n- b\n'],
    ['a text', 'hello\n'],
  ])('are none in %s', (_why, text) => {
    expect(readReleaseDocuments('a.yaml', text)).toEqual({
      path: 'a.yaml',
      isReadable: true,
      releases: [],
      problems: [],
    });
  });

  it('never throws, whatever the file holds', () => {
    const piece = fc.constantFrom(
      ...release().split('\n'),
      '---',
      '- ',
      '  <<: *a',
      'a: &a',
      '? ',
      '| ',
      '{',
      '}',
      '[',
      '"',
      "'",
      '\t',
      '%YAML 1.1',
      '!!binary x',
      '...',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }), (lines) => {
        expect(readReleaseDocuments('a.yaml', lines.join('\n')).path).toBe('a.yaml');
      }),
      { numRuns: 500 },
    );
  });
});
