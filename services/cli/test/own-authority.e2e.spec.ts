import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chartOf } from '@shipit/charts/testing';
import { type EmbeddedChartRepository, startChartRepository, startOciRegistry } from '@shipit/embedded';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const printed = '---\n# Source: web/templates/it.yaml\nname: shop\n';
const loader = new URL('../../../libs/testing/source-loader/register.mjs', import.meta.url).href;

describe('a chart repository with an authority of its own', () => {
  let folder: string;
  let repository: EmbeddedChartRepository;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shipit-authority-'));
    const { archive } = await chartOf({ 'templates/it.yaml': 'name: {{ .Release.Name }}' });
    repository = await startChartRepository({ charts: new Map([['web-1.2.3.tgz', archive]]) });
    await writeFile(join(folder, 'ca.pem'), repository.ca);
  });
  afterAll(async () => {
    await repository.close();
    await rm(folder, { recursive: true });
  });

  async function template(environment: NodeJS.ProcessEnv, ...chart: string[]): Promise<{ out: string; error: string }> {
    const words = ['template', 'shop', ...(chart.length > 0 ? chart : ['web', '--repo', repository.url])];
    const flags = ['--conditions', '@shipit/source', '--import', loader, main];
    const env = { PATH: process.env['PATH'], HOME: folder, NODE_ENV: 'test', ...environment };
    return promisify(execFile)(process.execPath, [...flags, ...words], { env }).then(
      ({ stdout, stderr }) => ({ out: stdout, error: stderr }),
      ({ stdout, stderr }: { stdout: string; stderr: string }) => ({ out: stdout, error: stderr }),
    );
  }

  it('is refused with the advice that makes it work', async () => {
    const { error } = await template({});
    expect(error).toContain('set NODE_EXTRA_CA_CERTS to its name');
    const { out } = await template({ NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') });
    expect(out).toBe(printed);
  });

  it.each(['basic', 'token'] as const)(
    'or a registry on this machine, is reached with TLS and what docker login left for it (%s)',
    async (handshake) => {
      const credentials = { username: 'ann', password: 'one', handshake };
      const registry = await startOciRegistry({ isTls: true, credentials });
      const ca = join(folder, 'registry.pem');
      try {
        registry.pushChart(
          'team/web',
          '1.2.3',
          (await chartOf({ 'templates/it.yaml': 'name: {{ .Release.Name }}' })).archive,
        );
        await writeFile(ca, registry.ca ?? '');
        await logIn(registry.host, 'ann:one');
        const { out, error } = await template({ NODE_EXTRA_CA_CERTS: ca }, `oci://${registry.host}/team/web`);
        expect({ out, error }).toEqual({ out: printed, error: '' });
      } finally {
        await registry.close();
      }
    },
  );

  async function logIn(host: string, login: string): Promise<void> {
    await mkdir(join(folder, '.docker'), { recursive: true });
    const auths = { [host]: { auth: Buffer.from(login).toString('base64') } };
    await writeFile(join(folder, '.docker', 'config.json'), JSON.stringify({ auths }));
  }
});
