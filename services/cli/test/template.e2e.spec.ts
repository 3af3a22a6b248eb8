import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { chartOf } from '@shipit/charts/testing';
import { type EmbeddedOciRegistry, startOciRegistry } from '@shipit/embedded';
import { findHelm } from '@shipit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultyCases, templateCases, templateFiles } from './template-cases.js';
import { run } from './terminal.js';

const helm = findHelm();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shipit-template-'));
  for (const [path, content] of Object.entries(templateFiles)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
});
afterAll(() => rm(folder, { recursive: true }));

describe.skipIf(!helm)('shipit template beside helm template (needs helm 4 in KUBEBUILDER_ASSETS or on PATH)', () => {
  it.each(templateCases)('prints the same for %s', async (_title, words, { input = '' } = {}) => {
    const [expected, actual] = await Promise.all([byHelm(words, input), byShipIt(words, input)]);
    expect(actual).toEqual(expected);
  });

  it.each(faultyCases)('names the same first where two things are wrong: %s', async (_title, words) => {
    const [expected, actual] = await Promise.all([byHelm(words, ''), byShipIt(words, '')]);
    expect(actual).toEqual(expected);
    expect(expected.code).toBe(1);
  });
});

describe.skipIf(!helm)('the flags of helm template (needs helm 4)', () => {
  it('are all known to shipit template: meant as Helm means them, or refused with what to do instead', async () => {
    const { out } = await byHelm(['--help'], '');
    const names = [...out.matchAll(/^ +(?:-\w, )?(--[a-z-]+)/gm)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(60);
    const refused: string[] = [];
    for (const name of names.filter((one) => one !== '--help')) {
      const { reason } = await byShipIt(['shop', '@/nowhere', name, 'x'], '');
      expect(reason).not.toContain('unknown option');
      if (reason.startsWith(`there is no ${name} here: `)) refused.push(name);
    }
    expect(refused).toContain('--create-namespace');
    expect(names.filter((name) => !refused.includes(name)).sort()).toEqual([...ours].sort());
  });
});

const ours = [
  ...['--namespace', '--values', '--set', '--set-string', '--set-json', '--set-file', '--set-literal', '--version'],
  ...['--repo', '--kube-version', '--api-versions', '--show-only', '--include-crds', '--no-hooks', '--skip-tests'],
  ...['--is-upgrade', '--plain-http', '--help'],
];

describe.skipIf(!helm)('charts from servers, as helm template prints them (needs helm 4)', () => {
  const versions = ['1.0.0', '1.2.0', '2.0.0-rc.1'];
  let repository: { url: string; close: () => Promise<void> };
  let registry: EmbeddedOciRegistry;
  const digests = new Map<string, string>();
  beforeAll(async () => {
    registry = await startOciRegistry();
    const archives = await Promise.all(versions.map((version) => chartOf(serverChart, { version })));
    for (const { version, archive } of archives) digests.set(version, registry.pushChart('team/web', version, archive));
    repository = await servePlainly(new Map(archives.map(({ version, archive }) => [`web-${version}.tgz`, archive])));
  });
  afterAll(async () => {
    await repository.close();
    await registry.close();
  });

  it.each([
    ['newest of a repository', ['web', '--repo', '#']],
    ['range of a repository', ['web', '--repo', '#', '--version', '~1.0']],
    ['exact version of a repository', ['web', '--repo', '#', '--version', '2.0.0-rc.1']],
    ['version that a repository has not', ['web', '--repo', '#', '--version', '^9']],
    ['chart that a repository has not', ['none', '--repo', '#']],
    ['address of an archive', ['#/web-1.0.0.tgz']],
    ['values at an address', ['web', '--repo', '#', '-f', '#/values.yaml']],
    ['newest of a registry', ['oci://%/team/web']],
    ['range of a registry', ['oci://%/team/web', '--version', '<1.1']],
    ['exact version of a registry', ['oci://%/team/web', '--version', '1.2.0']],
    ['tag of a registry', ['oci://%/team/web:1.0.0']],
    ['tag of a registry and another version', ['oci://%/team/web:1.0.0', '--version', '1.2.0']],
    ['version that a registry has not', ['oci://%/team/web', '--version', '^9']],
    ['digest of a registry', ['oci://%/team/web@&']],
    ['tag and digest of a registry', ['oci://%/team/web:1.2.0@&']],
    ['digest and version of a registry', ['oci://%/team/web@&', '--version', '1.2.0']],
    ['digest and another version of a registry', ['oci://%/team/web@&', '--version', '1.0.0']],
    ['digest and a version that a registry has not', ['oci://%/team/web@&', '--version', '7.0.0']],
    ['digest and a range of a registry', ['oci://%/team/web@&', '--version', '^1']],
  ])('prints the same for the %s', async (_title, words) => {
    const given = words.map((word) =>
      word
        .replace(/^#/, repository.url)
        .replace('%', registry.host)
        .replace('&', digests.get('1.2.0') ?? ''),
    );
    const line = ['shop', ...given, '--plain-http'];
    expect(await byShipIt(line, '')).toEqual(await byHelm(line, ''));
  });

  it('are asked for with TLS, where they lie in a registry on this machine too, unless --plain-http stands there', async () => {
    const line = ['shop', `oci://${registry.host}/team/web:1.2.0`];
    const [expected, actual] = await Promise.all([byHelm(line, ''), byShipIt(line, '')]);
    expect(expected).toMatchObject({ code: 1, reason: expect.stringContaining('gave HTTP response') as string });
    expect(actual).toMatchObject({ code: 1, reason: expect.stringContaining('--plain-http') as string });
  });

  it.each(['basic', 'token'] as const)('are had with what helm registry login left (%s)', async (handshake) => {
    const closed = await startOciRegistry({ credentials: { username: 'ann', password: 'one', handshake } });
    try {
      const { archive } = await chartOf(serverChart, { version: '1.2.0' });
      closed.pushChart('team/web', '1.2.0', archive);
      const login = ['registry', 'login', closed.host, '--username', 'ann', '--password', 'one', '--plain-http'];
      await promisify(execFile)(helm ?? '', login, { env: { HOME: folder } });
      const line = ['shop', `oci://${closed.host}/team/web`, '--plain-http'];
      const printed = await byShipIt(line, '');
      expect(printed).toMatchObject({ code: 0, out: expect.stringContaining('version: 1.2.0') as string });
      expect(printed).toEqual(await byHelm(line, ''));
    } finally {
      await closed.close();
    }
  });
});

const serverChart = { 'templates/it.yaml': 'version: {{ .Chart.Version }}\nfrom: {{ .Values.from }}\n' };

/** Helm trusts no authority of a test: over http. */
async function servePlainly(archives: ReadonlyMap<string, Uint8Array>) {
  const entries = [...archives.keys()].map((file) => {
    const version = file.slice('web-'.length, -'.tgz'.length);
    return { apiVersion: 'v2', name: 'web', version, urls: [file] };
  });
  const texts: Record<string, string> = {
    'index.yaml': JSON.stringify({ apiVersion: 'v1', entries: { web: entries } }),
    'values.yaml': 'from: server\n',
  };
  const server = createServer((request, response) => {
    const file = (request.url ?? '').slice(1);
    const body = texts[file] ?? archives.get(file);
    response.writeHead(body ? 200 : 404).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

interface Printed {
  code: number;
  out: string;
  /** Why it failed; warnings are said in other words. */
  reason: string;
}

/** `@/` stands for the folder of the test. */
function inFolder(words: readonly string[]): string[] {
  return words.map((word) => word.replaceAll('@/', `${folder}/`));
}

async function byShipIt(words: readonly string[], input: string): Promise<Printed> {
  const line = inFolder(words).map((word) => `'${word}'`);
  const { code, out, error } = await run(`template ${line.join(' ')}`, { environment: { HOME: folder }, input });
  return {
    code,
    out,
    reason:
      code === 0
        ? ''
        : (error
            .split(/^shipit: /m)
            .at(-1)
            ?.trim() ?? ''),
  };
}

async function byHelm(words: readonly string[], input: string): Promise<Printed> {
  const env = { PATH: '', HOME: folder, TZ: 'UTC' };
  return new Promise((resolve) => {
    const child = execFile(helm ?? '', ['template', ...inFolder(words)], { env }, (error, out, said) => {
      const reason = said.slice(said.indexOf('Error: ') + 'Error: '.length);
      const [shown = ''] = reason.split('\n\nUse --debug flag to render out invalid YAML');
      resolve({ code: error ? 1 : 0, out, reason: error ? shown.trim() : '' });
    });
    child.stdin?.end(input);
  });
}
