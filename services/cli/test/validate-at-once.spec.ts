import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { packChart } from '@shipit/charts';
import { chartFiles } from '@shipit/charts/testing';
import { type EmbeddedOciRegistry, startOciRegistry } from '@shipit/embedded';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { release, setUpRepository, web } from './validation.js';

let repository: Awaited<ReturnType<typeof setUpRepository>>;
beforeEach(async () => {
  repository = await setUpRepository();
  await repository.put(web);
});
afterEach(() => repository.close());

const told = async (text: string, words = ''): Promise<string[]> => {
  await repository.put({ 'releases/a.yaml': text });
  return (await repository.validate(words, { path: 'releases' })).lines;
};

describe('one run tells', () => {
  const missing = { chart: 'repository: ./charts, name: wbe' };
  const notThere =
    'releases/a.yaml:6:3: error: Reading chart charts/wbe of the repository: charts/wbe/Chart.yaml does not exist at this commit; did you mean "web"?';

  it('that the chart is not there, and what the schema refuses beside it', async () => {
    expect(await told(release('a', { ...missing, spec: '  timeout: soon\n  crds: maybe\n' }))).toEqual([
      notThere,
      expect.stringMatching(/^releases\/a\.yaml:7:12: error: spec\.timeout: /),
      expect.stringMatching(/^releases\/a\.yaml:8:9: error: spec\.crds: /),
    ]);
  });

  it.each([
    ['a release without a name', (text: string) => text.replace('name: a', 'label: a')],
    ['a name that is none', (text: string) => text.replace('name: a', 'name: A_1')],
    ['values that are none', (text: string) => `${text}  values: [1]\n`],
    ['a version of the API that is not known', (text: string) => text.replace('v1beta1', 'v9')],
    ['a field that nothing reads', (text: string) => `${text}  vales: {}\n`],
  ])('that the chart is not there for %s', async (_what, change) => {
    const lines = await told(change(release('a', missing)));
    expect(lines).toContain(notThere);
    expect(lines.length).toBeGreaterThan(1);
  });

  it('what the schema of the chart and the schema of releases refuse', async () => {
    const spec = '  maxHistory: 0\n  values: {replicas: many}\n';
    expect(await told(release('a', { spec }))).toEqual([
      expect.stringMatching(/^releases\/a\.yaml:7:15: error: spec\.maxHistory: /),
      'releases/a.yaml:8:12: error: values.replicas: got string, want integer',
    ]);
  });

  it('no better name for a chart that is there in another version', async () => {
    const [line] = await told(release('a', { chart: 'repository: ./charts, name: web, version: 1.0.0' }));
    expect(line).toMatch(/; write 1\.2\.3 into spec\.chart\.version$/);
  });

  it('nothing of values that it cannot read', async () => {
    const spec = '  valuesFrom: all\n  values: {replicas: many}\n';
    expect(await told(release('a', { spec }))).toEqual([expect.stringContaining('spec.valuesFrom: ')]);
    expect(await told(release('a', { chart: 'repository: ./charts' }))).toEqual([
      expect.stringContaining('spec.chart.name: must be set'),
    ]);
  });
});

it('refuses a version of Kubernetes that is none before it blames a release', async () => {
  await repository.put({ 'releases/a.yaml': release('a') });
  expect(await repository.validate('--kube-version latest')).toMatchObject({
    code: 2,
    out: '',
    error: 'shipit: invalid kube version \'latest\': could not parse "latest" as version\n',
  });
});

it('tells all that is wrong with the configuration', async () => {
  await repository.put({ 'releases/a.yaml': release('a'), 'shipit.yaml': 'git: {url: 5}\nclusters: 3\n' });
  const { code, error } = await repository.validate(`--config ${repository.folder}/shipit.yaml`);
  expect(code).toBe(2);
  expect(error.match(/^(shipit: )?shipit\.yaml:\d+:\d+: [a-z.]+: /gm)?.length).toBeGreaterThan(1);
});

it('waits once for a server that does not answer, and tells it at each release', async () => {
  const asked: string[] = [];
  const server = createServer((socket) => {
    asked.push('');
    socket.on('error', () => undefined).destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const chart = (name: string): string => `repository: "https://${host}/charts", name: ${name}, version: 1.2.3`;
  const names = Array.from({ length: 20 }, (_, at) => `r${at}`);
  const lines = await told(names.map((name) => release(name, { chart: chart(name) })).join('---\n'));
  await new Promise((resolve) => server.close(resolve));
  expect(lines).toHaveLength(20);
  expect(lines.filter((line) => line.includes(`error: ${host} is not asked again: Getting https://`))).toHaveLength(16);
  // Four at once share one question, which is asked three times.
  expect(asked).toHaveLength(3);
});

describe('a chart without an exact version', () => {
  let registry: EmbeddedOciRegistry;
  beforeAll(async () => {
    registry = await startOciRegistry();
    const schema = '{"properties": {"replicas": {"type": "integer"}}}';
    for (const version of ['1.0.0', '1.2.0', '2.0.0']) {
      const { archive } = await packChart('web', version, chartFiles({ 'values.schema.json': schema }, { version }));
      registry.pushChart('team/web', version, archive);
    }
  });
  afterAll(() => registry.close());

  const check = async (chart: string, spec = '') => {
    const text = release('a', { chart: `repository: "oci://${registry.host}/team", ${chart}`, spec });
    return (await told(text, '--plain-http')).map((line) => line.replaceAll(registry.host, 'host'));
  };

  it('is told with the version to write, and rendered with it', async () => {
    expect(await check('name: web, version: ^1', '  values: {replicas: many}\n')).toEqual([
      expect.stringMatching(
        /: error: spec\.chart\.version: "\^1" is not an exact version; write 1\.2\.0, the newest that it means$/,
      ),
      'releases/a.yaml:7:12: error: values.replicas: got string, want integer',
    ]);
  });

  it.each([
    ['none', 'name: web', '""'],
    ['a range that none fits', 'name: web, version: ^9', '"\\^9"'],
    ['a word', 'name: web, version: newest', '"newest"'],
  ])('is told with the newest where the version is %s', async (_what, chart, shown) => {
    expect(await check(chart, '  values: {replicas: many}\n')).toEqual([
      expect.stringMatching(
        new RegExp(`version: ${shown} is not an exact version; write 2.0.0, the newest that there is$`),
      ),
    ]);
  });

  it('is told to be absent as well', async () => {
    expect(await check('name: wbe, version: ^1')).toEqual([
      expect.stringContaining('chart wbe from oci://host/team: the registry has no chart of this name there'),
      expect.stringContaining('"^1" is not an exact version; write one like 1.2.3'),
    ]);
  });

  it('is told once where YAML makes a number of the version, with the name that is not there', async () => {
    expect(await check('name: web, version: 1.2')).toEqual([
      expect.stringContaining('error: spec.chart.version: Invalid input: expected string, received number'),
    ]);
    expect(await check('name: wbe, version: 1.2')).toEqual([
      expect.stringContaining('the registry has no chart of this name there'),
      expect.stringContaining('error: spec.chart.version: Invalid input: expected string, received number'),
    ]);
  });

  it('is not the only one to be told what there is instead', async () => {
    const [version] = await check('name: web, version: 1.9.9');
    expect(version).toContain('/manifests/1.9.9: it does not exist (404); the newest there is 2.0.0');
    const [name] = await check('name: wbe, version: 1.2.0');
    expect(name).toContain('(404); no version of a chart of this name is seen there');
  });
});
