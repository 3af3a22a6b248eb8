import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { answerWithoutEnd, archiveWithLink } from '../test/hostile-server.js';
import { ArchiveCache } from './archive-cache.js';
import type { ChartArchive } from './chart-renderer.js';
import { chartSourceContract } from './chart-source.contract.js';
import { HelmEngine } from './helm-engine.js';
import { HttpsChartSource, type HttpsChartSourceOptions } from './https-chart-source.js';
import { chartOf } from './in-memory-chart-source.js';
import { digestOf } from './pack-chart.js';

const engine = new HelmEngine({ workers: 1 });
const servers: Server[] = [];
afterAll(() => engine.close());
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

chartSourceContract(
  'a server',
  async (chart) => {
    const { origin, source, serve } = await setUp();
    serve('/charts/index.yaml', index({ ...chart, digest: digestOf(chart.archive) }, 'web.tgz'));
    serve('/charts/web.tgz', archive(chart));
    return { source, repository: `${origin}/charts`, context: {} };
  },
  async (fault) => {
    const { origin, source, serve } = await setUp({ timeoutSeconds: 1 });
    const bytes = await archiveWithLink();
    const chart = { archive: bytes, name: 'web', version: '1.2.3', digest: digestOf(bytes) };
    serve('/charts/index.yaml', index(chart, 'web.tgz'));
    serve('/charts/web.tgz', (request, response) => {
      if (fault === 'endless') answerWithoutEnd(response);
      if (fault === 'hostile') archive(chart)(request, response);
    });
    return { source, repository: `${origin}/charts`, context: {} };
  },
);

describe('charts over https', () => {
  it('are found in the index by exact version, beside it or anywhere it says', async () => {
    const { fetch, serve, chart } = await setUp();
    serve('/charts/index.yaml', index(chart, 'web-1.2.3.tgz'));
    serve('/charts/web-1.2.3.tgz', archive(chart));
    expect(await fetch('1.2.3')).toEqual({ ...chart, digest: chart.digest });
    await expect(fetch('1.2.4')).rejects.toThrow('the index has only the versions 1.2.3');
    await expect(fetch('1.2.3', 'other')).rejects.toMatchObject({ code: 'SHIPIT_CHART_NOT_FOUND' });
  });

  it.each([
    [
      'as Helm writes it',
      'apiVersion: v1\nentries:\n  api:\n  - {version: 1.0.0}\n  web:\n  - ENTRY\ngenerated: "2026"\n',
    ],
    ['indented more', '---\nentries:\n\n  # ours\n  web:\n    - ENTRY\n  api:\n    - {version: 1.0.0}\n'],
    ['with quotes', 'entries:\n  "api": []\n  "web":\n  - ENTRY\n'],
    ['with an alias', 'x: &web\n- ENTRY\nentries:\n  web: *web\n'],
    ['on one line', 'entries: {web: [ENTRY]}'],
    ['with Windows line ends', 'entries:\r\n  web:\r\n  - ENTRY\r\n'],
    ['as JSON', '{"entries": {"web": [{"version": "1.2.3", "urls": ["web.tgz"]}]}}'],
  ])('are found in an index written %s', async (_what, layout) => {
    const { fetch, serve, chart } = await setUp();
    serve('/charts/index.yaml', (_request, response) =>
      response.end(layout.replace('ENTRY', '{version: 1.2.3, urls: [web.tgz]}')),
    );
    serve('/charts/web.tgz', archive(chart));
    expect((await fetch('1.2.3')).version).toBe('1.2.3');
    await expect(fetch('1.2.3', 'other')).rejects.toThrow('no chart of this name');
  });

  it('are not looked for below an index that is given as the repository', async () => {
    const { origin, source } = await setUp();
    const repository = `${origin.replace('//', '//ann:secret@')}/charts/index.yaml`;
    const failure = source.fetch({ repository, name: 'web', version: '1.2.3' });
    await expect(failure).rejects.toMatchObject({ code: 'SHIPIT_CHART_SOURCE' });
    await expect(failure).rejects.toThrow(
      /^Chart repository 127\.0\.0\.1:\d+\/charts\/index\.yaml: leave out \/index\.yaml/,
    );
  });

  it('are refused when their digest is not that of the index', async () => {
    const { fetch, serve, chart } = await setUp();
    serve('/charts/index.yaml', index({ ...chart, digest: `sha256:${'f'.repeat(64)}` }, '/elsewhere/web.tgz'));
    serve('/elsewhere/web.tgz', archive(chart));
    await expect(fetch('1.2.3')).rejects.toMatchObject({ code: 'SHIPIT_CHART_DIGEST' });
  });

  it('are asked for again when the server has a moment of weakness, and not when it says no', async () => {
    const { fetch, serve, chart, hits } = await setUp();
    let failures = 2;
    serve('/charts/index.yaml', (request, response) => {
      if (failures-- > 0) response.writeHead(503).end();
      else index(chart, 'web.tgz')(request, response);
    });
    serve('/charts/web.tgz', (_request, response) => response.writeHead(403).end());
    await expect(fetch('1.2.3')).rejects.toThrow('answered 403: check the credentials');
    expect(hits('/charts/index.yaml')).toBe(3);
    expect(hits('/charts/web.tgz')).toBe(1);
  });

  it('are not waited for longer than allowed', async () => {
    const { fetch, serve } = await setUp({ timeoutSeconds: 0.3 });
    serve('/charts/index.yaml', (_request, response) => response.write('entries:'));
    await expect(fetch('1.2.3')).rejects.toMatchObject({
      code: 'SHIPIT_CHART_DOWNLOAD',
      isTransient: true,
      message: expect.stringContaining('no whole answer within 0.3 s') as string,
    });
  });

  it('get credentials for their own address only, and none after a redirect', async () => {
    const seen: (string | undefined)[] = [];
    const other = await setUp();
    const { fetch, serve, chart } = await setUp({}, (origin) => [
      { prefix: `${origin}/charts`, authorization: 'Basic c2VjcmV0' },
    ]);
    serve('/charts/index.yaml', (request, response) => {
      seen.push(request.headers.authorization);
      index(chart, 'web.tgz')(request, response);
    });
    serve('/charts/web.tgz', (request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(302, { location: `${other.origin}/blob` }).end();
    });
    other.serve('/blob', (request, response) => {
      seen.push(request.headers.authorization);
      archive(chart)(request, response);
    });
    await fetch('1.2.3');
    expect(seen).toEqual(['Basic c2VjcmV0', 'Basic c2VjcmV0', undefined]);
  });

  it('are downloaded once and kept on disk by digest, and a damaged file is got again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'shipit-charts-'));
    try {
      const { fetch, serve, chart, hits, another } = await setUp({ cacheFolder: folder });
      serve('/charts/index.yaml', index(chart, 'web.tgz'));
      serve('/charts/web.tgz', archive(chart));
      await fetch('1.2.3');
      await fetch('1.2.3');
      await another().fetch('1.2.3');
      expect(hits('/charts/web.tgz')).toBe(1);
      const [file = ''] = await readdir(folder);
      await writeFile(join(folder, file), 'damaged');
      expect((await another().fetch('1.2.3')).digest).toBe(chart.digest);
      expect(hits('/charts/web.tgz')).toBe(2);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('are got once for many who ask at once, who are told the same where that fails; the next one asks anew', async () => {
    const { fetch, serve, chart, hits } = await setUp();
    const many = () => Promise.allSettled(Array.from({ length: 20 }, () => fetch('1.2.3')));
    serve('/charts/index.yaml', index(chart, 'web.tgz'));
    serve('/charts/web.tgz', (_request, response) => response.writeHead(403).end());
    expect(new Set((await many()).map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(hits('/charts/web.tgz')).toBe(1);
    serve('/charts/web.tgz', archive(chart));
    expect(new Set((await many()).map(({ status }) => status))).toEqual(new Set(['fulfilled']));
    expect(hits('/charts/web.tgz')).toBe(2);
    expect(hits('/charts/index.yaml')).toBe(1);
  });

  it('are refused for what is in them also where they are in the cache already', async () => {
    const bytes = await archiveWithLink();
    const hostile = { archive: bytes, name: 'web', version: '1.2.3', digest: digestOf(bytes) };
    const archives = new ArchiveCache();
    await archives.put(hostile.digest, bytes);
    const { fetch, serve } = await setUp({ archives });
    serve('/charts/index.yaml', index(hostile, 'web.tgz'));
    await expect(fetch('1.2.3')).rejects.toMatchObject({ code: 'SHIPIT_CHART_ARCHIVE' });
  });
});

describe('an index over https', () => {
  it('is got once for charts that are asked for at the same time', async () => {
    const { fetch, serve, chart, hits } = await setUp();
    serve('/charts/index.yaml', index(chart, 'web.tgz'));
    serve('/charts/web.tgz', archive(chart));
    const asked = await Promise.allSettled([fetch('1.2.3'), fetch('1.2.4'), fetch('1.2.3', 'other')]);
    expect(asked.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(hits('/charts/index.yaml')).toBe(1);
  });

  it('is kept only as long as all together are not too large', async () => {
    const { origin, source, serve, chart, hits } = await setUp({ indexBytes: 400 });
    for (const place of ['a', 'b', 'c']) serve(`/${place}/index.yaml`, index(chart, '/web.tgz'));
    serve('/web.tgz', archive(chart));
    const fetch = (place: string) => source.fetch({ repository: `${origin}/${place}`, name: 'web', version: '1.2.3' });
    for (const place of ['a', 'b', 'c', 'c', 'b', 'a']) await fetch(place);
    expect(['a', 'b', 'c'].map((place) => hits(`/${place}/index.yaml`))).toEqual([2, 1, 1]);
  });

  it('that did not change is not sent again, also by a server that tells its ETag once only', async () => {
    const { fetch, serve, chart } = await setUp({ indexFreshSeconds: 0 });
    const sent: number[] = [];
    serve('/charts/index.yaml', (request, response) => {
      const isKnown = request.headers['if-none-match'] === '"one"';
      sent.push(isKnown ? 304 : 200);
      if (isKnown) response.writeHead(304).end();
      else index(chart, 'web.tgz')(request, response.setHeader('etag', '"one"'));
    });
    serve('/charts/web.tgz', archive(chart));
    for (let at = 0; at < 4; at++) await fetch('1.2.3');
    expect(sent).toEqual([200, 304, 304, 304]);
  });

  it('is asked for as a whole when the server has stopped telling ETags', async () => {
    const { fetch, serve, chart } = await setUp({ indexFreshSeconds: 0 });
    const asked: (string | undefined)[] = [];
    serve('/charts/index.yaml', (request, response) => {
      asked.push(request.headers['if-none-match']);
      index(chart, 'web.tgz')(request, asked.length === 1 ? response.setHeader('etag', '"one"') : response);
    });
    serve('/charts/web.tgz', archive(chart));
    for (let at = 0; at < 3; at++) await fetch('1.2.3');
    expect(asked).toEqual([undefined, '"one"', undefined]);
  });
});

interface Bench {
  origin: string;
  source: HttpsChartSource;
  chart: ChartArchive;
  serve: (path: string, answer: Answer) => void;
  hits: (path: string) => number;
  fetch: (version: string, name?: string) => Promise<ChartArchive>;
  /** The same repository through another source, as after a restart. */
  another: () => { fetch: (version: string) => Promise<ChartArchive> };
}

async function setUp(
  options: HttpsChartSourceOptions = {},
  credentials: (origin: string) => { prefix: string; authorization: string }[] = () => [],
): Promise<Bench> {
  const answers = new Map<string, Answer>();
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    counts.set(path, (counts.get(path) ?? 0) + 1);
    const answer = answers.get(path);
    if (answer) answer(request, response);
    else response.writeHead(404).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const packed = await chartOf({ 'templates/a.yaml': 'a: 1' });
  const source = (): HttpsChartSource =>
    new HttpsChartSource(engine, { allowPlainHttp: true, credentials: credentials(origin), ...options });
  const fetchFrom =
    (from: HttpsChartSource) =>
    (version: string, name = 'web') =>
      from.fetch({ repository: `${origin}/charts`, name, version });
  return {
    origin,
    source: source(),
    chart: { ...packed, digest: digestOf(packed.archive) },
    serve: (path, answer) => void answers.set(path, answer),
    hits: (path) => counts.get(path) ?? 0,
    fetch: fetchFrom(source()),
    another: () => ({ fetch: fetchFrom(source()) }),
  };
}

function index({ name, version, digest }: ChartArchive, url: string): Answer {
  const text = `apiVersion: v1\nentries:\n  ${name}:\n  - {name: ${name}, version: ${version}, digest: ${digest.slice(7)}, urls: [${url}]}\n`;
  return (_request, response) => response.end(text);
}

function archive({ archive: bytes }: ChartArchive): Answer {
  return (_request, response) => response.end(bytes);
}
