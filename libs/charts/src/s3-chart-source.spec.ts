import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { answerWithoutEnd, archiveWithLink } from '../test/hostile-server.js';
import { ArchiveCache } from './archive-cache.js';
import type { ChartArchive } from './chart-renderer.js';
import { chartSourceContract } from './chart-source.contract.js';
import type { ChartReference } from './chart-source.js';
import { HelmEngine } from './helm-engine.js';
import { chartOf } from './in-memory-chart-source.js';
import { digestOf } from './pack-chart.js';
import { S3ChartSource, type S3ChartSourceOptions } from './s3-chart-source.js';

const engine = new HelmEngine({ workers: 1 });
const servers: Server[] = [];
afterAll(() => engine.close());
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const repository = 's3://team-charts/stable';

chartSourceContract(
  'a bucket',
  async ({ archive }) => {
    const { put, source } = await setUp();
    put('stable/web-1.2.3.tgz', archive);
    return { source, repository, context: {} };
  },
  async (fault) => {
    const { put, answer, source } = await setUp({ timeoutSeconds: 1 });
    put('stable/web-1.2.3.tgz', await archiveWithLink());
    if (fault === 'silent') answer('stable/web-1.2.3.tgz', () => undefined);
    if (fault === 'endless') answer('stable/web-1.2.3.tgz', answerWithoutEnd);
    return { source, repository, context: {} };
  },
);

describe('charts in a bucket', () => {
  it('have + of the version in their name', async () => {
    const { put, fetch } = await setUp();
    const chart = await chartOf({}, { version: '1.2.3+build.5' });
    put('stable/web-1.2.3+build.5.tgz', chart.archive);
    expect(await fetch({ version: '1.2.3+build.5' })).toEqual({ ...chart, digest: digestOf(chart.archive) });
  });

  it.each(['web.tgz', 'deep/web.tgz', 's3://team-charts/stable/a%2Bb/web.tgz'])(
    'are where the index says when they have no name of their own: %s',
    async (url) => {
      const { put, fetch } = await setUp();
      const { archive } = await chartOf({});
      put(`stable/${decodeURIComponent(url.replace('s3://team-charts/stable/', ''))}`, archive);
      put('stable/index.yaml', index(url, digestOf(archive)));
      expect((await fetch()).digest).toBe(digestOf(archive));
      await expect(fetch({ version: '1.2.4' })).rejects.toThrow('the index has only the versions 1.2.3');
    },
  );

  it('are got again only when they are others, also after a restart', async () => {
    const home = await mkdtemp(join(tmpdir(), 'shipit-s3-'));
    try {
      const { answer, fetch, restarted } = await setUp({ cacheFolder: join(home, 'charts') });
      const told: number[] = [];
      const offer = (etag: string, archive: Uint8Array) =>
        answer('stable/web-1.2.3.tgz', (response, request) => {
          told.push(request.headers['if-none-match'] === etag ? 304 : 200);
          response.writeHead(told.at(-1) ?? 200, { etag }).end(told.at(-1) === 200 ? archive : undefined);
        });
      const [first, second] = [await chartOf({}), await chartOf({ 'values.yaml': 'a: 2' })];
      offer('"one"', first.archive);
      await fetch();
      const again = await restarted().fetch({ repository, name: 'web', version: '1.2.3' });
      expect(again.digest).toBe(digestOf(first.archive));
      offer('"two"', second.archive);
      expect((await fetch()).digest).toBe(digestOf(second.archive));
      await rm(join(home, 'charts'), { recursive: true });
      expect((await restarted().fetch({ repository, name: 'web', version: '1.2.3' })).digest).toBe(
        digestOf(second.archive),
      );
      expect(told).toEqual([200, 304, 200, 200]);
    } finally {
      await rm(home, { recursive: true });
    }
  });

  it('of an index are downloaded once', async () => {
    const { put, fetch, asked } = await setUp();
    const { archive } = await chartOf({});
    put('stable/web.tgz', archive);
    put('stable/index.yaml', index('web.tgz', digestOf(archive)));
    await fetch();
    await fetch();
    expect(asked.filter((key) => key === 'stable/web.tgz')).toHaveLength(1);
  });

  it('are got once for many who ask at once, and the index once for different charts', async () => {
    const { put, answer, fetch, asked } = await setUp();
    const { archive } = await chartOf({});
    put('stable/web.tgz', archive);
    // The second attempt comes after a pause, by which time all of them wait.
    answer('stable/index.yaml', (response) => {
      put('stable/index.yaml', index('web.tgz', digestOf(archive)));
      failure(503, 'SlowDown')(response);
    });
    const names = ['web', 'other', 'third'].flatMap((name) => Array.from({ length: 10 }, () => name));
    const got = await Promise.allSettled(names.map((name) => fetch({ name })));
    expect(got.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect(asked.toSorted()).toEqual([
      'stable/index.yaml',
      'stable/index.yaml',
      'stable/other-1.2.3.tgz',
      'stable/third-1.2.3.tgz',
      'stable/web-1.2.3.tgz',
      'stable/web.tgz',
    ]);
  });

  it('are found by the index where absent objects are told as denied', async () => {
    const { put, answer, fetch } = await setUp();
    const { archive } = await chartOf({});
    answer('stable/web-1.2.3.tgz', failure(403, 'AccessDenied'));
    await expect(fetch()).rejects.toMatchObject({ code: 'SHIPIT_CHART_NOT_FOUND' });
    answer('stable/index.yaml', failure(403, 'AccessDenied'));
    await expect(fetch()).rejects.toThrow('permissions s3:GetObject and s3:ListBucket');
    put('stable/web.tgz', archive);
    put('stable/index.yaml', index('web.tgz', digestOf(archive)));
    expect((await fetch()).digest).toBe(digestOf(archive));
  });

  it('are chosen by the index where the bucket may not be listed', async () => {
    const { put, answer, source } = await setUp();
    answer('', failure(403, 'AccessDenied'));
    answer('stable/index.yaml', failure(403, 'AccessDenied'));
    const chart = { repository, name: 'web', version: '^1' };
    await expect(source.resolveVersion(chart)).rejects.toThrow('permissions s3:GetObject and s3:ListBucket');
    put('stable/index.yaml', index('web.tgz', `sha256:${'0'.repeat(64)}`));
    expect(await source.resolveVersion(chart)).toBe('1.2.3');
  });

  it('are asked for again when S3 has a moment of weakness', async () => {
    const { put, answer, fetch, asked } = await setUp();
    const { archive } = await chartOf({});
    let failures = 2;
    answer('stable/web-1.2.3.tgz', (response) => {
      if (failures-- > 0) failure(503, 'SlowDown')(response);
      else response.end(archive);
    });
    put('unused', archive);
    expect((await fetch()).digest).toBe(digestOf(archive));
    expect(asked).toHaveLength(3);
  });

  it.each([
    ['a bucket that is not there', failure(404, 'NoSuchBucket'), 'SHIPIT_CHART_NOT_FOUND', 'the bucket does not exist'],
    ['a server that cannot answer', failure(500, 'InternalError'), 'SHIPIT_CHART_DOWNLOAD', 'InternalError'],
    [
      'a redirect to elsewhere',
      redirect('http://127.0.0.1:9/x'),
      'SHIPIT_CHART_DOWNLOAD',
      's3://team-charts/stable/web',
    ],
  ] as [string, Answer, string, string][])('are not there for %s', async (_what, behaviour, code, reason) => {
    const { answer, fetch } = await setUp();
    answer('stable/web-1.2.3.tgz', behaviour);
    await expect(fetch()).rejects.toMatchObject({ code, message: expect.stringContaining(reason) as string });
  });

  it.each([
    ['credentials', 'CredentialsProviderError', 'none found', 'there are no AWS credentials'],
    ['region', 'Error', 'Region is missing', 'the region is not known; set AWS_REGION'],
  ])('say at once that there is no AWS %s, which no second attempt finds', async (what, name, message, reason) => {
    let asked = 0;
    const missing = (): Promise<never> => {
      asked += 1;
      return Promise.reject(Object.assign(new Error(message), { name }));
    };
    const known = { region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
    const source = new S3ChartSource(engine, { s3Client: () => new S3Client({ ...known, [what]: missing }) });
    const fetching = source.fetch({ repository, name: 'web', version: '1.2.3' });
    await expect(fetching).rejects.toMatchObject({
      isTransient: false,
      message: expect.stringContaining(reason) as string,
    });
    expect(asked).toBe(1);
  });
});

describe('a chart in a bucket that is refused', () => {
  it.each([
    ['as an object', 'stable/web-1.2.3.tgz'],
    ['by the index', 'stable/web.tgz'],
  ])('is not kept for other sources: found %s', async (_what, key) => {
    const archives = new ArchiveCache();
    const { answer, put, fetch } = await setUp({ archives });
    const archive = await archiveWithLink();
    answer(key, (response) => response.setHeader('etag', '"one"').end(archive));
    put('stable/index.yaml', index('web.tgz', digestOf(archive)));
    await expect(fetch()).rejects.toMatchObject({ code: 'SHIPIT_CHART_ARCHIVE' });
    expect(await archives.get(digestOf(archive))).toBeUndefined();
  });
});

describe('an index in a bucket that means harm', () => {
  const none = `sha256:${'0'.repeat(64)}`;
  it.each([
    ['another digest', index('web.tgz', none), 'SHIPIT_CHART_DIGEST', 'the index says sha256:000'],
    ['a digest of another kind', index('web.tgz', 'md5:00'), 'SHIPIT_CHART_DIGEST', 'not SHA-256'],
    [
      'another bucket',
      index('s3://other/stable/web.tgz', none),
      'SHIPIT_CHART_DOWNLOAD',
      'not in s3://team-charts/stable/',
    ],
    ['another folder', index('s3://team-charts/secret/web.tgz', none), 'SHIPIT_CHART_DOWNLOAD', 'not in s3://'],
    ['a way out of its folder', index('../secret/web.tgz', none), 'SHIPIT_CHART_DOWNLOAD', 'not in s3://'],
    ['an escaped way out', index('%2e%2e/secret/web.tgz', none), 'SHIPIT_CHART_DOWNLOAD', 'not in s3://'],
    ['an address on the web', index('https://example.com/web.tgz', none), 'SHIPIT_CHART_DOWNLOAD', 'not in s3://'],
    ['an address that is none', index('%zz', none), 'SHIPIT_CHART_DOWNLOAD', 'not in s3://'],
    ['no YAML', 'entries: [', 'SHIPIT_CHART_DOWNLOAD', ''],
    ['entries of another kind', 'entries: {web: 5}', 'SHIPIT_CHART_DOWNLOAD', ''],
  ])('is refused with %s', async (_what, text, code, reason) => {
    const { put, fetch } = await setUp();
    put('stable/web.tgz', (await chartOf({})).archive);
    put('stable/index.yaml', Buffer.from(text));
    await expect(fetch()).rejects.toMatchObject({ code, message: expect.stringContaining(reason) as string });
  });

  it('is refused when it is huge', async () => {
    const { answer, fetch } = await setUp();
    answer('stable/index.yaml', answerWithoutEnd);
    await expect(fetch()).rejects.toThrow('is larger than 67108864 bytes');
  });

  it.each([
    ['another chart', { name: 'other' }, 'names chart other, not web'],
    ['another version', { version: '9.9.9' }, 'has version 9.9.9'],
  ])('does not pass %s off as the one that is wanted', async (_what, actual, reason) => {
    const { put, fetch } = await setUp();
    put('stable/web-1.2.3.tgz', (await chartOf({}, actual)).archive);
    await expect(fetch()).rejects.toThrow(reason);
  });
});

describe('an address in a bucket', () => {
  it.each([
    ['no bucket', { repository: 's3:///stable' }],
    ['a bucket of capital letters', { repository: 's3://Team/stable' }],
    ['an access point', { repository: 's3://arn:aws:s3:us-east-1:1:accesspoint/x' }],
    ['a way out', { repository: 's3://team-charts/../other' }],
    ['credentials', { repository: 's3://key:secret@team-charts/stable' }],
    ['a query', { repository: 's3://team-charts/stable?versionId=1' }],
    ['a name with a path', { name: '../web' }],
    ['no version', { version: '' }],
  ] as [string, Partial<ChartReference>][])('is refused with %s before anything is asked', async (_what, reference) => {
    const { fetch, asked } = await setUp();
    await expect(fetch(reference)).rejects.toMatchObject({ code: 'SHIPIT_CHART_SOURCE', isTransient: false });
    expect(asked).toEqual([]);
  });
});

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

interface Bench {
  source: S3ChartSource;
  restarted: () => S3ChartSource;
  /** Keys in the order of the questions. */
  asked: string[];
  put: (key: string, body: Uint8Array) => void;
  answer: (key: string, answer: Answer) => void;
  fetch: (reference?: Partial<ChartReference>) => Promise<ChartArchive>;
}

/** What of S3 matters here: objects of the bucket by key, and errors as it words them. */
async function setUp(options: S3ChartSourceOptions = {}): Promise<Bench> {
  const answers = new Map<string, Answer>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const key = decodeURIComponent(request.url?.split('?')[0] ?? '').replace(/^\/team-charts\/?/, '');
    asked.push(key);
    (answers.get(key) ?? failure(404, 'NoSuchKey'))(response, request);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const settings: S3ChartSourceOptions = {
    s3Client: () =>
      new S3Client({
        region: 'us-east-1',
        endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
        forcePathStyle: true,
        maxAttempts: 1,
      }),
    ...options,
  };
  const restarted = () => new S3ChartSource(engine, settings);
  const source = restarted();
  return {
    source,
    restarted,
    asked,
    put: (key, body) => void answers.set(key, (response) => response.end(body)),
    answer: (key, answer) => void answers.set(key, answer),
    fetch: (reference = {}) => source.fetch({ repository, name: 'web', version: '1.2.3', ...reference }),
  };
}

function failure(status: number, code: string): (response: ServerResponse) => void {
  return (response) => response.writeHead(status).end(`<Error><Code>${code}</Code><Message>No</Message></Error>`);
}

function redirect(location: string): Answer {
  return (response) => response.writeHead(307, { location }).end();
}

function index(url: string, digest: string): Buffer {
  return Buffer.from(
    `apiVersion: v1\nentries:\n  web:\n  - {name: web, version: 1.2.3, digest: "${digest}", urls: ["${url}"]}\n`,
  );
}
