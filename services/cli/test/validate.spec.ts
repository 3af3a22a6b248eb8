import { chmod, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleFiles } from '../../playground/src/sample/sample-repository.js';
import { run } from './terminal.js';
import { release, setUpRepository, web } from './validation.js';

let repository: Awaited<ReturnType<typeof setUpRepository>>;
beforeEach(async () => {
  repository = await setUpRepository();
});
afterEach(() => repository.close());

const put = (files: Record<string, string | Uint8Array>) => repository.put(files);
const validate = (words?: string, path?: string) => repository.validate(words, path === undefined ? {} : { path });

describe('a repository as it should be', () => {
  it('has no problem, and says how much was checked', async () => {
    await put({ ...web, 'releases/a.yaml': release('a', { spec: '  values: {replicas: 2}\n' }) });
    expect(await validate()).toMatchObject({
      code: 0,
      out: 'no problem in 1 file with 1 release and 1 chart\n',
      error: '',
    });
    expect(JSON.parse((await validate('--json')).out)).toEqual({
      problems: [],
      checked: { files: 1, releases: 1, charts: 1 },
    });
  });

  it('is the one that the playground starts with', async () => {
    const files = await sampleFiles(
      { registryHost: 'registry.example.com', pushSample: () => undefined },
      { chartsUrl: './charts' },
    );
    await put(files);
    expect(await validate()).toMatchObject({ code: 0, out: 'no problem in 4 files with 4 releases and 2 charts\n' });
  });

  it('is the example of the compose file, beside the standard charts', async () => {
    const root = new URL('../../../', import.meta.url).pathname;
    const { code, out } = await run(`validate ${root}deploy/compose/releases --root ${root}deploy --offline`);
    expect({ code, out }).toEqual({ code: 0, out: 'no problem in 1 file with 1 release and 1 chart\n' });
  });

  it('may use the old group, other tools and other documents', async () => {
    const old = release('old', { metadata: '  annotations: {helmreleases.shipit.wattpad.com/squad: "a"}\n' });
    await put({
      ...web,
      'releases/old.yaml': old.replace('shipit.dev/v1beta1', 'shipit.wattpad.com/v1beta1'),
      'releases/flux.yaml':
        'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: x}\nspec: {any: 1}\n',
      'releases/list.yaml': '- 1\n---\ntext\n---\n',
      'readme.md': '{{',
    });
    expect(await validate()).toMatchObject({ code: 0, out: 'no problem in 3 files with 1 release and 1 chart\n' });
  });

  it('may have files of the first life of Ship-it with fields that mean nothing any more', async () => {
    const old = release('old', { spec: '  resetValues: true\n' }).replace('shipit.dev', 'shipit.wattpad.com');
    await put({ ...web, 'releases/old.yaml': old });
    expect(await validate()).toMatchObject({
      code: 0,
      lines: [expect.stringContaining('7:3: warning: spec.resetValues'), expect.anything()],
    });
  });

  it('is not a folder without any release: the path is probably a wrong one', async () => {
    await put({ ...web, 'notes.txt': 'x' });
    const { code, out, error } = await validate();
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(error).toMatch(/no release found below .+: look at the path\n$/);
    const inJson = await validate('--json');
    expect(inJson.code).toBe(1);
    expect(JSON.parse(inJson.out)).toMatchObject({ problems: [], checked: { releases: 0 } });
  });

  it('may have locks alone, and files that are named need not be releases', async () => {
    await put({ ...web, 'releases/locks.yaml': 'version: 1\n', 'notes.yaml': 'some: notes\n' });
    expect(await validate()).toMatchObject({ code: 0 });
    expect(await validate('--offline', 'notes.yaml')).toMatchObject({
      code: 0,
      out: 'no problem in 1 file with no release\n',
    });
  });
});

describe('a file of releases', () => {
  it('has each problem told with file, line and column, and what was probably meant', async () => {
    const text = release('Web_1', {
      metadata: '  annotation: {}\n  annotations: {}\n  labels: {}\n  finalizers: []\n',
      chart: 'repository: ./charts, nam: web',
      spec: '  timeout: soon\n  maxHistory: 1000\n  vales: {}\n',
    });
    await put({ ...web, 'releases/a.yaml': text });
    const { code, lines, error } = await validate();
    expect(lines).toEqual([
      expect.stringMatching(/^releases\/a\.yaml:4:9: error: metadata\.name: must be a DNS label/),
      'releases/a.yaml:5:3: error: metadata.annotation: there is no such field, nothing reads it; did you mean "annotations"?',
      'releases/a.yaml:10:10: error: spec.chart.name: must be set',
      'releases/a.yaml:10:33: error: spec.chart.nam: there is no such field, nothing reads it; did you mean "name"?',
      'releases/a.yaml:11:12: error: spec.timeout: must be a duration such as 30s, 5m or 1h30m',
      'releases/a.yaml:12:15: error: spec.maxHistory: Too big: expected number to be <=100',
      'releases/a.yaml:13:3: error: spec.vales: there is no such field, nothing reads it; did you mean "values"?',
    ]);
    expect({ code, error }).toEqual({ code: 1, error: 'shipit: 7 errors in 1 file with no release\n' });
  });

  it('has its annotations told where they cannot be read, or are probably misspelt', async () => {
    const metadata =
      '  annotations:\n    shipit.dev/image-tags: "regex:("\n    shipit.dev/autodeply: "true"\n    shipit.dev/own: x\n';
    await put({ ...web, 'releases/a.yaml': release('a', { metadata }) });
    expect((await validate()).lines).toEqual([
      expect.stringMatching(/^releases\/a\.yaml:6:5: error: shipit\.dev\/image-tags: The pattern/),
      'releases/a.yaml:7:5: warning: shipit.dev/autodeply: Ship-it has no such annotation; did you mean "shipit.dev/autodeploy"?',
    ]);
  });

  it('is told where pushes are to be deployed and there is no image', async () => {
    const metadata = '  annotations: {shipit.dev/autodeploy: "true"}\n';
    await put({
      ...web,
      'releases/a.yaml': release('a', { metadata }),
      'releases/b.yaml': release('b', {
        metadata,
        spec: '  values: {image: {repository: r.example.com/b, tag: v1}}\n',
      }),
    });
    expect((await validate()).lines[0]).toMatch(
      /^releases\/a\.yaml:5:17: warning: shipit\.dev\/autodeploy: no image is found/,
    );
    expect((await validate()).lines).toHaveLength(2);
  });

  it.each([
    [
      'a misspelt group',
      release('a').replace('shipit.dev', 'shipit.dve'),
      1,
      'apiVersion: "shipit.dve/v1beta1" is not of Ship-it',
    ],
    ['no group', release('a').replace(/^.*\n/, ''), 1, 'apiVersion: must be set, the document is passed over'],
    [
      'a misspelt kind',
      release('a').replace('HelmRelease', 'HelmRelese'),
      2,
      'kind: "HelmRelese" is no kind of Ship-it',
    ],
  ])('is not passed over in silence for %s', async (_what, text, line, message) => {
    await put({ 'releases/a.yaml': text });
    const { code, out } = await validate();
    expect(code).toBe(1);
    expect(out).toContain(`releases/a.yaml:${line}:1: error: ${message}`);
  });

  it.each([
    ['no YAML', 'a: [\n', 2, ''],
    ['a key twice', 'a: 1\na: 2\n', 2, '"a" stands twice'],
    ['a template', 'a: {{ .x }}\n', 1, 'template'],
    [
      'an alias bomb',
      'a: &a [1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c]\n',
      1,
      'liases',
    ],
    ['nested without end', `a: ${'['.repeat(2000)}\n`, 1, 'deep'],
    ['a key that reaches prototypes', '__proto__: {polluted: 1}\n', 1, '__proto__ is not allowed'],
    ['no UTF-8', Buffer.from([0x61, 0x3a, 0xff]), 1, 'is not UTF-8'],
    ['10 MiB', Buffer.alloc(10 * 1024 * 1024, 'a'), 1, 'is larger than 1 MiB'],
    ['20 MiB', Buffer.alloc(20 * 1024 * 1024, 'a'), 1, 'over 16 MiB'],
  ])('that is %s is told, and the others are checked all the same', async (_what, content, line, message) => {
    await put({ ...web, 'releases/a.yaml': content, 'releases/b.yaml': release('b', { spec: '  vales: {}\n' }) });
    const { code, lines } = await validate();
    expect(code).toBe(1);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(new RegExp(`^releases/a\\.yaml:${line}:\\d+: error: .*${message}`));
    expect(lines[1]).toContain('releases/b.yaml:7:3: error: spec.vales');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('that is nothing but problems is told in time, and not to the last of them', async () => {
    const many = (line: (at: number) => string): string => Array.from({ length: 12_000 }, (_, at) => line(at)).join('');
    const names = many((at) => `    - name: r${at}\n`);
    await put({
      'releases/a.yaml': release('a', {
        spec: many((at) => `  vale${at}: 1\n`),
        chart: 'repository: https://c.example.com, name: a, version: 1.0.0',
      }),
      'releases/b.yaml': release('b', {
        spec: `  dependsOn:\n${names}`,
        chart: 'repository: https://c.example.com, name: a, version: 1.0.0',
      }),
      'releases/locks.yaml': `resource_locks:\n${many((at) => `  default/r${at}: {}\n`)}`,
    });
    expect((await validate()).lines).toHaveLength(60);
  });

  it('is not looked for behind symbolic links, in charts and in .git', async () => {
    await put({ ...web, '.git/x.yaml': 'a: [', 'elsewhere/a.yaml': 'a: [', 'releases/a.yaml': release('a') });
    await symlink(join(repository.folder, 'elsewhere'), join(repository.folder, 'releases/linked'));
    await symlink('/etc/passwd', join(repository.folder, 'releases/passwd.yaml'));
    expect(await validate('--offline', 'releases')).toMatchObject({ code: 0 });
    expect(await validate('--offline', 'charts/web/templates/config.yaml')).toMatchObject({ code: 0 });
  });

  it.skipIf(process.getuid?.() === 0)('that may not be read is told (not as root, who may read all)', async () => {
    await put({ 'releases/a.yaml': release('a') });
    await chmod(join(repository.folder, 'releases/a.yaml'), 0);
    expect(await validate()).toMatchObject({ code: 1, out: expect.stringContaining('EACCES') as string });
  });
});

describe('releases beside each other', () => {
  it('that are declared twice are told at both places', async () => {
    await put({ ...web, 'releases/a.yaml': release('web'), 'releases/b.yaml': release('web') });
    const { lines } = await validate();
    expect(lines).toEqual([
      expect.stringMatching(
        /^releases\/a\.yaml:4:3: error: default\/web is declared 2 times, also in releases\/b\.yaml:4:3/,
      ),
      expect.stringMatching(
        /^releases\/b\.yaml:4:3: error: default\/web is declared 2 times, also in releases\/a\.yaml:4:3/,
      ),
    ]);
  });

  it('that would be installed under one name in one namespace are told at both places', async () => {
    const elsewhere = release('c', { spec: '  releaseName: web\n  targetNamespace: other\n' });
    await put({
      ...web,
      'releases/a.yaml': release('web'),
      'releases/b.yaml': release('b', { spec: '  releaseName: web\n' }),
      'releases/c.yaml': elsewhere,
    });
    expect((await validate()).lines).toEqual([
      expect.stringMatching(
        /^releases\/a\.yaml:4:3: error: default\/web is installed as default\/web, and so is default\/b in releases\/b\.yaml:4:3/,
      ),
      expect.stringMatching(
        /^releases\/b\.yaml:7:3: error: default\/b is installed as default\/web, and so is default\/web/,
      ),
    ]);
  });

  it('that wait for what nobody declares, or for each other, are told', async () => {
    await put({
      ...web,
      'releases/a.yaml': release('a', { spec: '  dependsOn:\n    - name: b\n    - name: databse\n' }),
      'releases/b.yaml': release('b', { spec: '  dependsOn: [{name: c}]\n' }),
      'releases/c.yaml': release('c', { spec: '  dependsOn: [{name: b, namespace: default}]\n' }),
      'releases/d.yaml': release('database', { spec: '  dependsOn: [{name: database}]\n' }),
    });
    expect((await validate()).lines).toEqual([
      'releases/a.yaml:9:7: error: spec.dependsOn: no file declares default/databse; did you mean "default/database"?',
      expect.stringMatching(
        /^releases\/b\.yaml:7:15: error: spec\.dependsOn: these wait for each other for ever: default\/b → default\/c → default\/b/,
      ),
      expect.stringMatching(/^releases\/c\.yaml:7:15: error: .*default\/b → default\/c → default\/b/),
      expect.stringMatching(/^releases\/d\.yaml:7:15: error: .*default\/database → default\/database/),
    ]);
  });

  it('are known where only some files are named, and only the problems of those are told', async () => {
    await put({
      ...web,
      'releases/a.yaml': release('a', { spec: '  dependsOn: [{name: b}]\n' }),
      'releases/b.yaml': release('b', { spec: '  vales: {}\n' }),
      'releases/c.yaml': release('a'),
      'other/d.yaml': release('d', { spec: '  dependsOn: [{name: b}]\n' }),
    });
    const { lines } = await validate('--offline', 'releases/a.yaml');
    expect(lines).toEqual([expect.stringContaining('also in')]);
    expect(lines[0]).toContain('also in ../releases/c.yaml:4:3');
    expect((await validate('--offline', 'other/d.yaml')).lines).toEqual([
      'other/d.yaml:7:15: warning: spec.dependsOn: no file that was read (--config says which folder to read) declares default/b',
      '1 warning in 1 file with 1 release and 1 chart',
    ]);
  });

  it('are told with paths from where one stands', async () => {
    await put({ ...web, '.git/HEAD': '', 'releases/a.yaml': release('a'), 'releases/b/c.yaml': release('a') });
    const { lines } = await validate('--offline', 'releases/b');
    expect(lines).toEqual([expect.stringContaining('also in ../releases/a.yaml:4:3')]);
  });

  it('name a cluster that is configured, and only the configured folder is read', async () => {
    const config = `git: {url: https://git.example.com/x, path: prod}
registries: [{account: "123456789012", region: us-east-1}]
intake: {queueUrl: https://sqs.example.com/a, deadLetterQueueUrl: https://sqs.example.com/b, region: us-east-1}
clusters: [{name: main}, {name: edge}]\n`;
    await put({
      ...web,
      'shipit.yaml': config,
      'prod/a.yaml': release('a', { spec: '  cluster: egde\n' }),
      'prod/b.yaml': release('b'),
      'prod/c.yaml': release('c', { spec: '  cluster: main\n' }),
      'releases/d.yaml': 'a: [',
    });
    const flags = `--offline --config ${join(repository.folder, 'shipit.yaml')}`;
    expect((await validate(flags)).lines).toEqual([
      'prod/a.yaml:7:3: error: spec.cluster names egde, which is not configured; there is main, edge; did you mean "edge"?',
      'prod/b.yaml:5:1: error: spec.cluster is needed: there are several clusters (main, edge)',
    ]);
    await put({ 'shipit.yaml': config.replace('main', 'Main') });
    expect(await validate(flags)).toMatchObject({
      code: 2,
      error: expect.stringContaining('shipit.yaml:4:13: clusters.0.name') as string,
    });
  });
});

describe('locks.yaml', () => {
  it('is told where it locks nothing', async () => {
    const locks = `version: 1
resource_locks:
  default/a: {reasons: [busy], until: tomorrow}
  default/b: {reasons: busy, reson: x}
  gone: {reasons: [x]}
  default/aa:
`;
    await put({
      ...web,
      'releases/a.yaml': release('a'),
      'releases/b.yaml': release('b'),
      'releases/locks.yaml': locks,
    });
    const { code, lines } = await validate();
    expect(code).toBe(1);
    expect(lines).toEqual([
      expect.stringMatching(/^releases\/locks\.yaml:3:32: warning: "tomorrow" is no time/),
      'releases/locks.yaml:4:30: error: resource_locks.default/b.reson: there is no such field, nothing reads it; did you mean "reasons"?',
      expect.stringMatching(/^releases\/locks\.yaml:5:3: error: "gone" is no namespace\/name/),
      expect.stringMatching(
        /^releases\/locks\.yaml:6:3: warning: No file declares default\/aa: .*did you mean "default\/a"/,
      ),
    ]);
  });

  it('is found in any folder where no configuration says which one, and is no file of another tool', async () => {
    await put({
      'deploy/prod/a.yaml': release('a'),
      'deploy/prod/locks.yaml': 'version: 1\nresource_locks:\n  default/aa: {reasons: [x]}\n',
      'tool/here/locks.yaml': '- door\n',
      ...web,
    });
    const expected = [
      expect.stringMatching(/^deploy\/prod\/locks\.yaml:3:3: warning: No file declares default\/aa/),
      expect.anything(),
    ];
    expect((await validate()).lines).toEqual(expected);
    expect((await validate('--offline', 'deploy/prod')).lines).toEqual(expected);
    expect(await validate('--offline', 'tool')).toMatchObject({ code: 1, lines: [] });
  });

  it.each([
    ['no YAML', 'a: [\n', 2],
    ['of another version', 'version: 2\n', 1],
    ['of another shape', 'version: 1\nresource_locks:\n  default/a: yes\n', 3],
  ])('that is %s stops all commits, which is told', async (_what, text, line) => {
    await put({ 'releases/locks.yaml': text });
    const { code, out } = await validate();
    expect(code).toBe(1);
    expect(out).toMatch(new RegExp(`^releases/locks\\.yaml:${line}:\\d+: error: .*nothing is deployed by itself`));
  });
});
