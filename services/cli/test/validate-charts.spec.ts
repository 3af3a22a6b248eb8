import { symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { packChart } from '@shipit/charts';
import { chartFiles } from '@shipit/charts/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { release, setUpRepository, web } from './validation.js';

let repository: Awaited<ReturnType<typeof setUpRepository>>;
beforeEach(async () => {
  repository = await setUpRepository();
});
afterEach(() => repository.close());

const put = (files: Record<string, string | Uint8Array>) => repository.put(files);
const lines = async (words = '--offline') => (await repository.validate(words)).lines;

describe('the values of a release', () => {
  it('that the schema of the chart refuses are told, each at its own line', async () => {
    const values = `  values:
    replicas: many
    image: {}
    ports:
      - name: http
      - name: 80
    colour: blue
    size: big
`;
    await put({ ...web, 'releases/a.yaml': release('a', { spec: values }) });
    expect(await lines()).toEqual([
      'releases/a.yaml:8:5: error: values.replicas: got string, want integer',
      "releases/a.yaml:9:5: error: values.image: missing property 'tag'",
      'releases/a.yaml:12:9: error: values.ports.1.name: got number, want string',
      'releases/a.yaml:13:5: error: values.colour: the chart has no such value',
      "releases/a.yaml:14:5: error: values.size: 'oneOf' failed, none matched; values.size: got string, want integer; values.size: value must be 'small'",
    ]);
  });

  it('of a dependency are told below its name', async () => {
    await put({
      'charts/web/Chart.yaml':
        'apiVersion: v2\nname: web\nversion: 1.2.3\ndependencies: [{name: db, version: 1.0.0, alias: store}]\n',
      'charts/web/charts/db/Chart.yaml': 'apiVersion: v2\nname: db\nversion: 1.0.0\n',
      'charts/web/charts/db/values.schema.json': '{"properties": {"size": {"type": "integer"}}}',
      'releases/a.yaml': release('a', { spec: '  values:\n    store:\n      size: big\n' }),
    });
    expect(await lines()).toEqual(['releases/a.yaml:9:7: error: values.store.size: got string, want integer']);
  });

  it('that a template asks for are told with the place in the template', async () => {
    await put({
      ...web,
      'charts/web/templates/more.yaml': '\n# {{ required "give a size" .Values.size }}\n',
      'releases/a.yaml': release('a', { spec: '  values: {replicas: 1}\n' }),
      'releases/b.yaml': release('b'),
      'releases/c.yaml': release('c', { spec: '  valuesFrom: [{kind: Secret, name: sizes}]\n  values: {}\n' }),
    });
    const { code, lines: told } = await repository.validate();
    expect(code).toBe(1);
    expect(told).toEqual([
      expect.stringMatching(/^releases\/a\.yaml:7:3: error: .*\(web\/templates\/more\.yaml:2:5\): give a size$/),
      expect.stringMatching(/^releases\/b\.yaml:6:3: error: .*give a size$/),
      expect.stringMatching(/^releases\/c\.yaml:8:3: warning: .*give a size \(Secret sizes could not be read here/),
    ]);
  });

  it('that come from elsewhere may set right what a schema refuses, which is a warning', async () => {
    const spec = '  valuesFrom: [{kind: ConfigMap, name: more}]\n  values: {image: {}}\n';
    await put({ ...web, 'releases/a.yaml': release('a', { spec }) });
    expect(await repository.validate()).toMatchObject({
      code: 0,
      lines: [
        "releases/a.yaml:8:12: warning: values.image: missing property 'tag' (ConfigMap more could not be read here and may set it right)",
        '1 warning in 1 file with 1 release and 1 chart',
      ],
    });
  });
});

describe('a chart of the repository', () => {
  it.each([
    ['is not there', 'repository: ./charts, name: wbe', 'charts/wbe/Chart.yaml does not exist'],
    ['has another version', 'repository: ./charts, name: web, version: 1.2.4', 'has version 1.2.3'],
    ['lies outside', 'repository: ./../.., name: web', 'stays inside of it'],
    ['lies behind a backslash', 'repository: "./..\\\\..", name: web', 'stays inside of it'],
    ['is not named as a folder', 'repository: charts, name: web', 'write ./charts for a folder'],
    ['has an absolute name', 'repository: /etc, name: web', 'supported are'],
    ['is on this machine', 'repository: "file:///charts", name: web', 'supported are'],
  ])('that %s is told at spec.chart', async (_why, chart, message) => {
    await put({ ...web, 'releases/a.yaml': release('a', { chart }) });
    const [line] = await lines('');
    expect(line).toMatch(/^releases\/a\.yaml:6:3: error: /);
    expect(line).toContain(message);
  });

  it.each([
    ['no chart', { 'charts/web/Chart.yaml': 'name: web\n' }, 6, 'chart.metadata.version is required'],
    [
      'a chart for another Kubernetes',
      { 'charts/web/Chart.yaml': `${web['charts/web/Chart.yaml']}kubeVersion: ">=99"\n` },
      6,
      'kubeVersion',
    ],
    [
      'a schema that asks a server',
      { 'charts/web/values.schema.json': '{"$ref": "http://127.0.0.1:1/x"}' },
      6,
      '127.0.0.1:1',
    ],
    ['a template that is none', { 'charts/web/templates/x.yaml': '{{ if }}' }, 7, 'web/templates/x.yaml:1'],
    [
      'more than 2,000 objects',
      {
        'charts/web/templates/x.yaml':
          '{{ range until 2100 }}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: "n{{ . }}"}\n{{ end }}',
      },
      7,
      '2000',
    ],
    [
      'more than a record holds',
      { 'charts/web/files/noise': noise(1024 * 1024) },
      7,
      'does not fit into a Secret of 1 MiB',
    ],
  ])('that is %s is told', async (_what, files, line, message) => {
    await put({ ...web, ...files, 'releases/a.yaml': release('a', { spec: '  values: {}\n' }) });
    const [told] = await lines();
    expect(told).toMatch(new RegExp(`^releases/a\\.yaml:${line}:3: error: `));
    expect(told).toContain(message);
  });

  it('whose template includes itself is told in a line that can be read', async () => {
    const template = '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}';
    await put({ ...web, 'charts/web/templates/x.yaml': template, 'releases/a.yaml': release('a') });
    const [line = ''] = await lines();
    expect(line).toMatch(/^releases\/a\.yaml:6:3: error: .*web\/templates\/x\.yaml:1:/);
    expect(line.length).toBeLessThan(900);
  });

  it('is none where it lies behind a symbolic link, as in git', async () => {
    await put({ ...web, 'releases/a.yaml': release('a', { chart: 'repository: ./charts, name: linked' }) });
    await symlink(join(repository.folder, 'charts/web'), join(repository.folder, 'charts/linked'));
    expect(await lines()).toEqual([expect.stringContaining('charts/linked/Chart.yaml does not exist')]);
  });

  it('sees the version and the API of the cluster that are named', async () => {
    const needs = '{{ if not (.Capabilities.APIVersions.Has "example.com/v1") }}{{ fail "no example" }}{{ end }}';
    await put({
      ...web,
      'charts/web/Chart.yaml': `${web['charts/web/Chart.yaml']}kubeVersion: "~1.30"\n`,
      'charts/web/templates/x.yaml': needs,
      'releases/a.yaml': release('a'),
    });
    expect(await lines('--kube-version 1.30.2')).toEqual([expect.stringContaining('no example')]);
    expect(await repository.validate('--kube-version 1.30.2 -a example.com/v1')).toMatchObject({ code: 0 });
  });

  it('that is deprecated is a warning', async () => {
    await put({
      ...web,
      'charts/web/Chart.yaml': `${web['charts/web/Chart.yaml']}deprecated: true\n`,
      'releases/a.yaml': release('a'),
    });
    expect(await lines()).toEqual([
      'releases/a.yaml:6:3: warning: Chart web 1.2.3 is deprecated',
      '1 warning in 1 file with 1 release and 1 chart',
    ]);
  });
});

describe('a chart from a server', () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const body = served[request.url ?? ''];
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  const served: Record<string, string | Uint8Array> = {};
  let url: string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { archive } = await packChart('web', '1.2.3', chartFiles({ 'templates/x.yaml': '' }));
    served['/web-1.2.3.tgz'] = archive;
    served['/index.yaml'] =
      'apiVersion: v1\nentries:\n  web: [{name: web, version: 1.2.3, urls: [web-1.2.3.tgz]}, {name: web, version: 1.2.4, digest: "' +
      'a'.repeat(64) +
      '", urls: [web-1.2.3.tgz]}]\n';
  });
  beforeEach(() => void asked.splice(0));
  afterAll(() => void server.close());

  it('is fetched once, however many releases use it', async () => {
    const chart = `repository: "${url}", name: web, version: 1.2.3`;
    for (let at = 0; at < 20; at += 1) await put({ [`releases/r${at}.yaml`]: release(`r${at}`, { chart }) });
    expect(await repository.validate('--plain-http')).toMatchObject({
      code: 0,
      out: 'no problem in 20 files with 20 releases and 1 chart\n',
    });
    expect(asked).toEqual(['/index.yaml', '/web-1.2.3.tgz']);
  });

  it.each([
    ['a version that is not there', 'name: web, version: 9.9.9', '9.9.9'],
    ['a digest that is not that of the index', 'name: web, version: 1.2.4', 'sha256'],
    ['a chart that is not there', 'name: other, version: 1.2.3', 'other'],
  ])('is told at each release for %s', async (_what, chart, message) => {
    const text = (name: string) => release(name, { chart: `repository: "${url}", ${chart}` });
    await put({ 'releases/a.yaml': text('a'), 'releases/b.yaml': text('b') });
    const told = await lines('--plain-http');
    expect(told).toEqual([
      expect.stringMatching(/^releases\/a\.yaml:6:3: error: /),
      expect.stringMatching(/^releases\/b\.yaml:6:3: error: /),
    ]);
    expect(told[0]).toContain(message);
  });

  it.each([
    ['a range', ', version: ^1.2.0', '"^1.2.0"'],
    ['a part', ', version: "1.2"', '"1.2"'],
    ['none', '', '""'],
  ])('is not asked for where the version is %s', async (_what, version, shown) => {
    await put({
      'releases/a.yaml': release('a', { chart: `repository: "oci://r.example.com/x", name: web${version}` }),
    });
    const [line] = await lines();
    expect(line).toMatch(/^releases\/a\.yaml:6:\d+: error: spec\.chart\.version: .* is not an exact version/);
    expect(line).toContain(shown);
  });

  it('is refused without TLS, as the deployer refuses it, and left out with --offline', async () => {
    const chart = `repository: "${url}", name: web, version: 1.2.3`;
    await put({ 'releases/a.yaml': release('a', { chart }) });
    expect(await lines('')).toEqual([
      expect.stringMatching(/^releases\/a\.yaml:6:3: error: Chart repository .* supported are https/),
    ]);
    expect(await lines('--offline --plain-http')).toEqual(['no problem in 1 file with 1 release']);
    expect(asked).toEqual([]);
  });
});

describe('what is printed', () => {
  beforeEach(() => put({ ...web, 'releases/a.yaml': release('a', { spec: '  vales: {}\n' }) }));

  it('is JSON for programs, with how much was checked', async () => {
    const { code, out, error } = await repository.validate('--offline --json');
    expect(code).toBe(1);
    expect(error).toBe('shipit: 1 error in 1 file with 1 release and 1 chart\n');
    expect(JSON.parse(out)).toEqual({
      problems: [
        {
          ...{ file: 'releases/a.yaml', line: 7, column: 3, severity: 'error', code: 'SHIPIT_FIELD_UNKNOWN' },
          message: 'spec.vales: there is no such field, nothing reads it; did you mean "values"?',
        },
      ],
      checked: { files: 1, releases: 1, charts: 1 },
    });
  });

  it('is an annotation of the pull request in a GitHub workflow, whatever the file is called', async () => {
    await put({ 'releases/a,b:100%.yaml': release('b', { spec: '  "va::les\\n::x": {}\n' }) });
    const { lines: told } = await repository.validate('--offline', { environment: { GITHUB_ACTIONS: 'true' } });
    expect(told).toEqual([
      expect.stringMatching(
        /^::error file=releases\/a%2Cb%3A100%25\.yaml,line=7,col=3,title=SHIPIT_FIELD_UNKNOWN::spec\.va::les ::x: there is no/,
      ),
      expect.stringMatching(/^::error file=releases\/a\.yaml,line=7,col=3,title=SHIPIT_FIELD_UNKNOWN::spec\.vales: /),
    ]);
  });

  it('tells a terminal what is being done, and leaves nothing of it', async () => {
    const { error } = await repository.validate('--offline', { columns: 80 });
    expect(error).toContain('Rendering releases 1/1');
    expect(error).toContain('\r\u001b[K\u001b[Kshipit: 1 error'.replace('\u001b[K\u001b[K', '\u001b[K'));
  });

  it.each([
    ['- among the paths', 'validate -', 2],
    ['a path that is not there', 'validate /nowhere/at/all', 1],
    ['an unknown option', 'validate --nope', 2],
  ])('is the reason for %s', async (_what, words, code) => {
    const { run } = await import('./terminal.js');
    expect(await run(words)).toMatchObject({ code, out: '', error: expect.stringMatching(/./) as string });
  });
});

/** What cannot be packed. */
function noise(size: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length: size }, () => {
    state = (state * 48271) % 2147483647;
    return state & 0xff;
  });
}
