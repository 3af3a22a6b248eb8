import { createServer as createPlainServer } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { createCertificates } from '@shipit/embedded';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { GitChartSource } from './git-chart-source.js';
import { HelmEngine } from './helm-engine.js';
import { HttpsChartSource } from './https-chart-source.js';
import { OciChartSource } from './oci-chart-source.js';
import { S3ChartSource } from './s3-chart-source.js';

const engine = new HelmEngine({ workers: 1 });
const servers: Server[] = [];
afterAll(() => engine.close());
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Made = Awaited<ReturnType<typeof createCertificates>>;
const start = ({ key, cert }: Pick<Made, 'key' | 'cert'>): Promise<string> =>
  listen(createServer({ key, cert }, (_request, response) => response.writeHead(404).end()));

const yesterday = new Date(Date.now() - 24 * 3600_000);
const tomorrow = new Date(Date.now() + 24 * 3600_000);
const ownAuthority = /authority that is not known here \(.+\): write .* PEM and set NODE_EXTRA_CA_CERTS to its name/;

describe('a server that TLS does not let us believe', () => {
  it.each([
    ['with an authority of its own', (made: Made) => ({ ...made, cert: `${made.cert}\n${made.ca}` }), ownAuthority],
    ['that leaves out its authority', (made: Made) => made, ownAuthority],
  ])('%s is told with the way to trust it', async (_what, change, message) => {
    const host = await start(change(await createCertificates()));
    await expect(fetchFrom(host)).rejects.toThrow(message);
  });

  it('with an authority of its own is asked once: it is not known here a second later either', async () => {
    const made = await createCertificates();
    const server = createServer({ ...made, cert: `${made.cert}\n${made.ca}` });
    let connections = 0;
    server.on('connection', () => (connections += 1));
    const failure = fetchFrom(await listen(server));
    await expect(failure).rejects.toMatchObject({ code: 'SHIPIT_CHART_DOWNLOAD', isTransient: false });
    expect(connections).toBe(1);
  });

  it.each([
    ['expired', { valid: [new Date(0), yesterday] }, /has expired: renew it there/],
    [
      'is not valid yet',
      { valid: [tomorrow, new Date(Date.now() + 48 * 3600_000)] },
      /is not valid yet: set the clock/,
    ],
    [
      'is for another host',
      { host: 'charts.example.com' },
      /for another host \(.*127\.0\.0\.1.*\): use a name that it is for/,
    ],
  ] as const)('because its certificate %s is told so', async (_what, options, message) => {
    const made = await createCertificates(options);
    const failure = fetchFrom(await start(made), made.ca);
    await expect(failure).rejects.toMatchObject({ code: 'SHIPIT_CHART_DOWNLOAD', isTransient: true });
    await expect(failure).rejects.toThrow(message);
  });

  it('that speaks no TLS at all is told so', async () => {
    const host = await listen(createPlainServer((_request, response) => response.end('index')));
    await expect(fetchFrom(host)).rejects.toThrow(
      `Getting https://${host}/charts/index.yaml: it speaks no TLS at this port`,
    );
  });

  it('is told the same of registries, git and S3', async () => {
    const host = await start(await createCertificates());
    const wanted = { name: 'web', version: '1.2.3' };
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const s3Client = (): S3Client =>
      new S3Client({
        endpoint: `https://${host}`,
        region: 'eu-west-1',
        forcePathStyle: true,
        maxAttempts: 1,
        credentials,
      });
    const fetches = [
      new OciChartSource(engine).fetch({ repository: `oci://${host}/team`, ...wanted }),
      new GitChartSource(engine).fetch({ repository: `git+https://${host}/a.git//charts?ref=v1`, ...wanted }),
      new S3ChartSource(engine, { s3Client }).fetch({ repository: 's3://team-charts/stable', ...wanted }),
    ];
    for (const fetch of await Promise.allSettled(fetches)) {
      const message = expect.stringMatching(ownAuthority) as string;
      expect(fetch).toMatchObject({ status: 'rejected', reason: { isTransient: false, message } });
    }
  });
});

function fetchFrom(host: string, ca?: string): Promise<unknown> {
  const source = new HttpsChartSource(engine, ca === undefined ? {} : { ca });
  return source.fetch({ repository: `https://${host}/charts`, name: 'web', version: '1.2.3' });
}
