import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findHelm } from '@shipit/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from './terminal.js';

const helm = findHelm();
const release = (name: string, spec: string): string =>
  `apiVersion: shipit.dev/v1beta1\nkind: HelmRelease\nmetadata: {name: ${name}, namespace: team}\nspec:\n${spec}\n`;
const chart = {
  'Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.2.3\n',
  'values.yaml': 'a: 1\nb: {c: 1, d: 1}\n',
  'templates/it.yaml':
    'kind: ConfigMap\nmetadata: {name: {{ .Release.Name }}, namespace: {{ .Release.Namespace }}}\napiVersion: v1\ndata: {{ .Values | toJson }}\n',
  'templates/hook.yaml':
    'kind: Pod\napiVersion: v1\nmetadata: {name: before, annotations: {"helm.sh/hook": pre-install}}\n',
  'templates/NOTES.txt': 'Thanks for {{ .Release.Name }}',
  'crds/it.yaml': 'kind: CustomResourceDefinition\napiVersion: apiextensions.k8s.io/v1\nmetadata: {name: it}\n',
};
const inRepository = '  chart: {repository: ./charts, name: web, version: 1.2.3}\n';

describe('shipit template of a release file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shipit-releases-'));
    await mkdir(join(folder, '.git'));
    for (const [path, content] of Object.entries(chart)) await put(`charts/web/${path}`, content);
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function put(path: string, content: string): Promise<string> {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
    return join(folder, path);
  }

  const template = (words: string, input = '') => run(`template ${words}`, { environment: { HOME: folder }, input });

  it('renders what the deployer would: name, namespace, values, the chart of the repository', async () => {
    const spec = `${inRepository}  releaseName: shop\n  targetNamespace: prod\n  values: {a: 2, b: {c: 3}}`;
    const { code, out, error } = await template(await put('apps/deep/web.yaml', release('web', spec)));
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(out).toContain('metadata: {name: shop, namespace: prod}');
    expect(out).toContain('data: {"a":2,"b":{"c":3,"d":1}}');
    expect(out).toContain('# Source: web/templates/hook.yaml');
    expect(out).not.toContain('Thanks');
  });

  it.skipIf(!helm)('prints the bytes of helm template for the same chart and values (needs helm 4)', async () => {
    const file = await put('web.yaml', release('web', `${inRepository}  values: {a: "x", b: null, big: 1e3}`));
    const values = await put('values.yaml', '{a: "x", b: null, big: 1e3}');
    const flags = ['template', 'web', join(folder, 'charts/web'), '-n', 'team', '-f', values, '--include-crds'];
    const { stdout } = await promisify(execFile)(helm ?? '', flags);
    expect((await template(`${file} --include-crds`)).out).toBe(stdout);
  });

  it('renders every release of a file, and of standard input', async () => {
    const file = [
      release('one', `${inRepository}  values: {a: one}`),
      'kind: ConfigMap\napiVersion: v1\nmetadata: {name: other}\n',
      release('two', inRepository),
    ].join('---\n');
    const path = await put('all.yaml', file);
    const { code, out } = await template(path);
    expect(code).toBe(0);
    expect(out.match(/name: (one|two|other)/g)).toEqual(['name: one', 'name: two']);
    expect(await template(`- --root '${folder}'`, file)).toMatchObject({ code: 0, out });
    const { out: shown } = await template(`${path} -s templates/it.yaml`);
    expect(shown.match(/^# Source: .*$/gm)).toEqual([
      '# Source: web/templates/it.yaml',
      '# Source: web/templates/it.yaml',
    ]);
  });

  it('says which values it cannot read, and takes them from -f, below those of the file', async () => {
    const from = '  valuesFrom: [{kind: Secret, name: db, key: more.yaml}]\n';
    const file = await put('web.yaml', release('web', `${inRepository}${from}  values: {a: file}`));
    const below = await put('below.yaml', 'a: below\nb: {c: below}\n');
    const { code, out, error } = await template(`${file} -f ${below}`);
    expect(code).toBe(0);
    expect(out).toContain('data: {"a":"file","b":{"c":"below","d":1}}');
    expect(error).toBe(
      'shipit: team/web: Secret db with the key more.yaml is not read here: give its values with -f\n',
    );
  });

  it('renders the others where one cannot be rendered, and fails', async () => {
    const missing = '  chart: {repository: ./charts, name: none}\n';
    const old = '  chart: {repository: ./charts, name: web, version: 1.0.0}\n';
    const file = [release('one', missing), release('two', inRepository), release('three', old)].join('---\n');
    const { code, out, error } = await template(await put('all.yaml', file));
    expect(code).toBe(1);
    expect(out).toContain('name: two');
    expect(error).toMatch(/team\/one: .*charts\/none\/Chart.yaml does not exist/);
    expect(error).toMatch(/team\/three: .*has version 1.2.3, the release asks for 1.0.0/);
    expect(error).toContain('2 of 3 releases could not be rendered');
  });

  it('renders the others where the schema refuses one, and fails', async () => {
    const file = [release('one', `${inRepository}  timeout: soon\n`), release('two', inRepository)].join('---\n');
    const { code, out, error } = await template(await put('all.yaml', file));
    expect(code).toBe(1);
    expect(out).toContain('name: two');
    expect(out).not.toContain('name: one');
    expect(error).toMatch(/all\.yaml:6:12: spec\.timeout: /);
    expect(error).toContain('1 of 2 releases could not be rendered');
  });

  it('says file, line and column of what is wrong with a release', async () => {
    const file = await put('web.yaml', release('web', '  chart: {repository: ./charts}\n  values: 3'));
    const { code, out, error } = await template(file);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(error).toContain(`${file}:5:10: spec.chart.name`);
  });

  it('reads no file that the deployer would not read', async () => {
    const text = release('web', '  chart: {repository: ./charts, name: web}\n');
    const file = await put('web.yaml', `# ${'x'.repeat(1024 * 1024)}\n${text}`);
    expect(await template(file)).toMatchObject({
      code: 1,
      out: '',
      error: expect.stringContaining('larger than 1 MiB'),
    });
    await writeFile(file, Buffer.from(`# é\n${text}`, 'latin1'));
    expect(await template(file)).toMatchObject({ code: 1, out: '', error: expect.stringContaining('is not UTF-8') });
  });

  it('follows no link out of the repository', async () => {
    await symlink('/etc', join(folder, 'charts/linked'));
    const file = await put('web.yaml', release('web', '  chart: {repository: ./charts, name: linked}\n'));
    expect((await template(file)).error).toContain('charts/linked/Chart.yaml does not exist');
  });

  it.each([
    ['a file that is not there', 'none.yaml', 1, 'none.yaml cannot be read: it does not exist'],
    ['a file without releases', 'charts/web/values.yaml', 1, 'holds no HelmRelease'],
    ['a file of a chart', 'charts/web/Chart.yaml', 1, 'to render the chart, name its folder: '],
    [
      'a folder of releases',
      'charts',
      1,
      'Chart.yaml: no such file or directory; of a folder of releases name one file',
    ],
    ['a root that is none', 'web.yaml --root /nowhere', 2, '--root /nowhere: there is no such folder'],
    ['a flag of charts', 'web.yaml --set a=1', 2, '--set goes with NAME CHART'],
    ['a namespace', 'web.yaml -n other', 2, '--namespace goes with NAME CHART'],
    ['a flag that is none', 'web.yaml --output-dir x', 2, 'there is no --output-dir here: write the output to a file'],
  ])('refuses %s', async (_title, words, code, reason) => {
    await put('web.yaml', release('web', inRepository));
    const outcome = await template(`${folder}/${words}`);
    expect(outcome.code).toBe(code);
    expect(outcome.error).toContain(reason);
  });

  it('asks for the root where there is no git working tree', async () => {
    await rm(join(folder, '.git'), { recursive: true });
    const { code, error } = await template(await put('web.yaml', release('web', inRepository)));
    expect(code).toBe(1);
    expect(error).toContain('name its root with --root');
  });

  it('prints objects, hooks, definitions, notes, values and the chart as JSON', async () => {
    const file = await put('web.yaml', release('web', inRepository));
    const { releases } = JSON.parse((await template(`${file} --json`)).out) as { releases: Record<string, unknown>[] };
    expect(releases).toMatchObject([
      {
        release: 'team/web',
        manifests: [{ kind: 'ConfigMap', metadata: { name: 'web' } }],
        hooks: [{ name: 'before', events: ['pre-install'] }],
        crds: [{ path: 'web/crds/it.yaml' }],
        notes: 'Thanks for web',
        values: { a: 1 },
        chart: { name: 'web', version: '1.2.3' },
      },
    ]);
    const named = JSON.parse((await template(`shop ${folder}/charts/web --no-hooks --set a=5 --json`)).out) as unknown;
    expect(named).toMatchObject({ hooks: [], notes: 'Thanks for shop', values: { a: 5 } });
  });
});
