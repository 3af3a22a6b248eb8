import { afterAll, describe, expect, it } from 'vitest';
import { ChartError } from './chart-error.js';
import { type RenderedChart, type RenderRequest, setValue } from './chart-renderer.js';
import { HelmEngine } from './helm-engine.js';
import { HelmRenderer } from './helm-renderer.js';
import { hooksFor } from './hooks-for.js';
import { chartOf } from './in-memory-chart-source.js';

const engine = new HelmEngine({ workers: 1 });
const renderer = new HelmRenderer(engine);
afterAll(() => engine.close());

describe('objects', () => {
  it('come in install order and are marked as owned by the release, the stored manifest is not', async () => {
    const rendered = await render({
      'templates/all.yaml': object('Deployment', '', 'apps/v1') + object('Namespace') + object('ConfigMap'),
    });
    expect(rendered.manifests.map(({ kind }) => kind)).toEqual(['Namespace', 'ConfigMap', 'Deployment']);
    expect(rendered.sources[0]).toBe('web/templates/all.yaml');
    expect(rendered.manifests[0]?.metadata).toEqual({
      name: 'shop',
      labels: { 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: { 'meta.helm.sh/release-name': 'shop', 'meta.helm.sh/release-namespace': 'prod' },
    });
    expect(rendered.manifestText).not.toContain('meta.helm.sh');
  });

  it('of a List are applied one by one, and an empty document is none', async () => {
    const list = 'apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: a}\n- metadata: {name: b}\n';
    const rendered = await render({ 'templates/list.yaml': `${list}---\n# nothing here\n` });
    expect(rendered.manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'ConfigMap a',
      'ConfigMap b',
    ]);
  });

  it.each([
    ['without a kind', 'apiVersion: v1\nmetadata: {name: a}', 'has no apiVersion or no kind'],
    ['without a name', 'apiVersion: v1\nkind: Secret\nmetadata: {}', 'the Secret has no metadata.name'],
    ['that nests without end', `${object('Secret')}x: ${'['.repeat(500)}${']'.repeat(500)}`, 'nests deeper'],
    ['that reaches for the prototype', `${object('Secret')}x: {__proto__: {a: 1}}`, '__proto__ is not allowed'],
  ])('%s are refused, naming the template', async (_what, template, reason) => {
    const message = await refusal({ 'templates/bad.yaml': template });
    expect(message).toContain('web/templates/bad.yaml');
    expect(message).toContain(reason);
  });

  it('are refused above the number that is allowed', async () => {
    const template = `{{ range until 2001 }}\n---\n${object('Secret', '-{{ . }}', 'v1', '$')}{{ end }}`;
    await expect(render({ 'templates/many.yaml': template })).rejects.toMatchObject({ code: 'SHIPIT_CHART_TOO_LARGE' });
  });

  it('are not looked at when only the text is wanted', async () => {
    const rendered = await render({ 'templates/bad.yaml': 'just: text' }, { isTextOnly: true });
    expect(rendered.manifestText).toBe('---\n# Source: web/templates/bad.yaml\njust: text\n');
    expect(rendered.manifests).toEqual([]);
  });
});

describe('values', () => {
  it('are laid over the defaults and over each other, and null removes a default', async () => {
    const rendered = await render(
      { 'values.yaml': 'image: {tag: a, pull: Always}\nreplicas: 1\ngone: here', 'templates/NOTES.txt': 'n' },
      { values: [{ image: { tag: 'b' } }, 'replicas: 2\ngone: null', setValue('image.extra=x,list[0]=y')] },
    );
    expect(rendered.values).toEqual({ image: { tag: 'b', pull: 'Always', extra: 'x' }, replicas: 2, list: ['y'] });
  });

  it('that the schema refuses are told in words of Helm', async () => {
    const schema = '{"properties": {"replicas": {"type": "integer", "minimum": 1}}, "required": ["image"]}';
    const message = await refusal({ 'values.yaml': 'replicas: none', 'values.schema.json': schema });
    expect(message).toContain("values don't meet the specifications of the schema(s) in the following chart(s):\nweb:");
    expect(message).toContain("- at '': missing property 'image'");
    expect(message).toContain("- at '/replicas': got string, want integer");
  });

  it.each(['https://example.com/schema.json', 'file:///etc/passwd'])('never fetch a schema from %s', async (ref) => {
    const schema = JSON.stringify({ properties: { a: { $ref: ref } } });
    const rendering = render({ 'values.schema.json': schema });
    await expect(rendering).rejects.toMatchObject({ code: 'SHIPIT_CHART_SCHEMA' });
  });
});

describe('dependencies', () => {
  const sub = (name: string): Record<string, string> => ({
    [`charts/${name}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: 0.1.0\n`,
    [`charts/${name}/values.yaml`]: 'size: small\nexports: {data: {port: 80}}\n',
    [`charts/${name}/templates/it.yaml`]: `${object('ConfigMap', `-${name}`)}data: {size: "{{ .Values.size }}", global: "{{ .Values.global.env }}"}\n`,
  });

  it('take part by condition, are renamed by alias, see globals and give values to their parent', async () => {
    const rendered = await render(
      {
        'Chart.yaml': `apiVersion: v2
name: web
version: 1.2.3
dependencies:
- {name: cache, version: 0.1.0, alias: redis, import-values: [data]}
- {name: queue, version: 0.1.0, condition: queue.enabled}
`,
        'values.yaml': 'queue: {enabled: false}\nredis: {size: large}\nglobal: {env: prod}\n',
        'templates/port.yaml': `${object('Service')}port: {{ .Values.port }}\n`,
        ...sub('cache'),
        ...sub('queue'),
      },
      {},
    );
    expect(rendered.manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'ConfigMap shop-cache',
      'Service shop',
    ]);
    expect(rendered.manifests[0]?.['data']).toEqual({ size: 'large', global: 'prod' });
    expect(rendered.manifests[1]?.['port']).toBe(80);
  });

  it('that are named and not there are refused', async () => {
    const chart = 'apiVersion: v2\nname: web\nversion: 1.2.3\ndependencies: [{name: cache, version: 0.1.0}]';
    expect(await refusal({ 'Chart.yaml': chart })).toContain('missing in charts/ directory: cache');
  });

  it('of type library give templates and cannot be installed themselves', async () => {
    const library = 'apiVersion: v2\nname: web\nversion: 1.2.3\ntype: library';
    expect(await refusal({ 'Chart.yaml': library })).toContain('library charts are not installable');
  });
});

describe('hooks, notes and CRDs', () => {
  it('are kept apart from the manifests, and hooks run by weight', async () => {
    const hook = (name: string, weight: number): string =>
      `---\napiVersion: batch/v1\nkind: Job\nmetadata:\n  name: ${name}\n  annotations:\n    helm.sh/hook: pre-install,pre-upgrade\n` +
      `    helm.sh/hook-weight: "${weight}"\n    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded\n`;
    const rendered = await render({
      'templates/jobs.yaml': hook('second', 5) + hook('first', -5),
      'templates/NOTES.txt': 'Open {{ .Release.Name }}',
      'crds/crd.yaml': object('CustomResourceDefinition').replace('{{ .Release.Name }}', 'things.example.com'),
    });
    expect(rendered.manifests).toEqual([]);
    expect(hooksFor(rendered.hooks, 'pre-upgrade').map(({ name }) => name)).toEqual(['first', 'second']);
    expect(hooksFor(rendered.hooks, 'post-install')).toEqual([]);
    expect(hooksFor(rendered.hooks, 'pre-install')[0]).toMatchObject({
      kind: 'Job',
      path: 'web/templates/jobs.yaml',
      events: ['pre-install', 'pre-upgrade'],
      weight: -5,
      deletePolicies: ['before-hook-creation', 'hook-succeeded'],
      object: { metadata: { name: 'first' } },
    });
    expect(rendered.notes).toBe('Open shop');
    expect(rendered.crds.map(({ metadata }) => metadata.name)).toEqual(['things.example.com']);
  });
});

describe('the cluster', () => {
  const template = `${object('ConfigMap')}data: {version: "{{ .Capabilities.KubeVersion }}", has: "{{ .Capabilities.APIVersions.Has "foo/v1/Bar" }}", upgrade: "{{ .Release.IsUpgrade }} {{ .Release.Revision }}"}\n`;

  it('is known to templates by version and API list', async () => {
    const cluster = { kubeVersion: 'v1.35.4', apiVersions: ['foo/v1/Bar'] };
    const rendered = await render({ 'templates/it.yaml': template }, { cluster, isUpgrade: true, revision: 7 });
    expect(rendered.manifests[0]?.['data']).toEqual({ version: 'v1.35.4', has: 'true', upgrade: 'true 7' });
  });

  it('of a version that the chart does not support is refused', async () => {
    const chart = 'apiVersion: v2\nname: web\nversion: 1.2.3\nkubeVersion: ">=1.40"';
    const message = await refusal({ 'Chart.yaml': chart }, { cluster: { kubeVersion: 'v1.35.4', apiVersions: [] } });
    expect(message).toContain('chart requires kubeVersion: >=1.40 which is incompatible with Kubernetes v1.35.4');
  });

  it('answers look-ups, also those that depend on others', async () => {
    const lookup = `{{ $a := lookup "v1" "Secret" "ns" "a" }}{{ $b := lookup "v1" "Secret" "ns" ($a.next | default "none") }}`;
    const rendered = await render(
      { 'templates/it.yaml': `${lookup}${object('ConfigMap')}data: {found: "{{ $b.found }}"}\n` },
      { lookup: ({ name }) => Promise.resolve({ a: { next: 'b' }, b: { found: 'yes' } }[name ?? '']) },
    );
    expect(rendered.manifests[0]?.['data']).toEqual({ found: 'yes' });
  });

  it.each([
    ['demands', '{{ if not $a }}{{ fail "make the secret first" }}{{ end }}'],
    ['looks into', '{{ $unused := (lookup "v1" "Secret" "ns" "a").data.next }}'],
    ['makes YAML of', '{{ if not $a }}: : :{{ end }}'],
  ])('is asked before a template that %s what it looks up is judged', async (_what, use) => {
    const template = `{{ $a := lookup "v1" "Secret" "ns" "a" }}${use}\n${object('ConfigMap')}data: {found: "{{ $a.data.next }}"}\n`;
    const files = { 'templates/it.yaml': template };
    const rendered = await render(files, { lookup: () => Promise.resolve({ data: { next: 'b' } }) });
    expect(rendered.manifests[0]?.['data']).toEqual({ found: 'b' });
    expect(await refusal(files, { lookup: () => Promise.resolve(undefined) })).toContain('web/templates/it.yaml');
    expect(await refusal(files)).toContain('web/templates/it.yaml');
  });

  it('is not asked without end', async () => {
    const endless = `{{ lookup "v1" "Secret" "ns" (randAlpha 9) }}\n${object('ConfigMap')}`;
    let asked = 0;
    const lookup = () => Promise.resolve(void asked++);
    expect(await refusal({ 'templates/it.yaml': endless }, { lookup })).toContain(
      'depend on each other more than 5 deep',
    );
    expect(asked).toBe(5);
  });

  it.each(['env "HOME"', 'expandenv "$HOME"'])('is not shown the environment of Ship-it by %s', async (call) => {
    expect(await refusal({ 'templates/it.yaml': `{{ ${call} }}` })).toContain('not defined');
  });
});

describe('a template that fails', () => {
  it.each([
    ['a missing value', '\n\na: {{ .Values.a.b.c }}', 'web/templates/bad.yaml:3:13'],
    ['a required value', '{{ required "image.tag is needed" .Values.tag }}', 'image.tag is needed'],
    ['a syntax error', '\n{{ if }}', 'web/templates/bad.yaml:2'],
    ['broken YAML', 'a: b: c', 'YAML parse error on web/templates/bad.yaml'],
    ['itself', '{{ define "x" }}{{ template "x" . }}{{ end }}{{ template "x" . }}', 'maximum template depth'],
  ])('by %s says where', async (_what, template, expected) => {
    expect(await refusal({ 'templates/bad.yaml': template })).toContain(expected);
  });
});

function object(kind: string, suffix = '', apiVersion = 'v1', root = ''): string {
  return `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: {{ ${root}.Release.Name }}${suffix}\n`;
}

async function render(files: Record<string, string>, request: Partial<RenderRequest> = {}): Promise<RenderedChart> {
  const chart = await chartOf(files);
  const identity = { name: 'shop', namespace: 'prod', revision: 1, isUpgrade: false };
  return renderer.render({ chart, values: [], ...identity, ...request });
}

async function refusal(files: Record<string, string>, request: Partial<RenderRequest> = {}): Promise<string> {
  const error: unknown = await render(files, request).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ChartError);
  return (error as ChartError).message;
}
