import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readCharts } from './read-charts.js';
import { type EmbeddedChartRepository, startChartRepository } from './start-chart-repository.js';

interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

describe('embedded chart repository', () => {
  let folder: string;
  let repository: EmbeddedChartRepository;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'charts-'));
    await writeChart('service', '1.2.3');
    repository = await startChartRepository({ charts: folder });
  });
  afterAll(async () => {
    await repository.close();
    await rm(folder, { recursive: true });
  });

  async function writeChart(name: string, version: string): Promise<void> {
    await mkdir(join(folder, name, 'templates'), { recursive: true });
    const yaml = `apiVersion: v2\nname: ${name}\nversion: ${version}\ndescription: A chart\n`;
    await writeFile(join(folder, name, 'Chart.yaml'), yaml);
    await writeFile(join(folder, name, 'templates', 'config.yaml'), 'kind: ConfigMap\n');
  }

  it('names each chart in its index, with an archive of the digest it tells', async () => {
    const index = parse((await download('/index.yaml')).body.toString()) as {
      apiVersion: string;
      entries: Record<string, { version: string; description: string; urls: string[]; digest: string }[]>;
    };
    const entry = index.entries['service']?.[0];
    const archive = await download(`/${entry?.urls[0]}`);

    expect(index.apiVersion).toBe('v1');
    expect(entry).toMatchObject({ version: '1.2.3', description: 'A chart', urls: ['service-1.2.3.tgz'] });
    expect(createHash('sha256').update(archive.body).digest('hex')).toBe(entry?.digest);
  });

  it('packs the same folder into the same bytes, and serves archives as they are', async () => {
    const [first] = await readCharts(folder);
    const [second] = await readCharts(folder);
    const served = await readCharts(new Map([['any.tgz', first?.archive ?? new Uint8Array()]]));

    expect(second).toEqual(first);
    expect(served).toEqual([first]);
  });

  it('shows a chart that is added while it runs', async () => {
    await writeChart('worker', '0.1.0');

    expect((await download('/index.yaml')).body.toString()).toContain('worker-0.1.0.tgz');
  });

  it('answers that an index did not change, and that there is no such file', async () => {
    const { headers } = await download('/index.yaml');

    expect((await download('/index.yaml', { 'if-none-match': headers.etag })).status).toBe(304);
    expect((await download('/../package.json')).status).toBe(404);
    expect((await download('/absent-1.0.0.tgz')).status).toBe(404);
  });

  it('is trusted only by who trusts its authority', async () => {
    await expect(download('/index.yaml', {}, { ...repository, ca: '' })).rejects.toThrow(
      /self-signed|unable to (verify|get)/,
    );
  });

  it('asks for credentials where it has some', async () => {
    const closed = await startChartRepository({ charts: folder, credentials: { username: 'me', password: 'p:w' } });
    const authorization = (text: string): OutgoingHttpHeaders => ({
      authorization: `Basic ${Buffer.from(text).toString('base64')}`,
    });
    const statuses = [
      (await download('/index.yaml', {}, closed)).status,
      (await download('/index.yaml', authorization('me:no'), closed)).status,
      (await download('/index.yaml', authorization('me:p:w'), closed)).status,
    ];
    await closed.close();

    expect(statuses).toEqual([401, 401, 200]);
  });

  it('does not start with what is no chart, and names it', async () => {
    const charts = new Map([['broken.tgz', Buffer.from('no archive')]]);

    await expect(startChartRepository({ charts })).rejects.toThrow('broken.tgz is no packed chart');
  });

  function download(path: string, headers: OutgoingHttpHeaders = {}, from = repository): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const options = { headers, agent: false, ...(from.ca && { ca: from.ca }) };
      get(`${from.url}${path}`, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      }).on('error', reject);
    });
  }
});
