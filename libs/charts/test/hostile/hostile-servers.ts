import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { startOciRegistry } from '@shipit/embedded';
import { HttpsChartSource, type HttpsChartSourceOptions } from '../../src/https-chart-source.js';
import { chartOf } from '../../src/in-memory-chart-source.js';
import { digestOf } from '../../src/pack-chart.js';
import { startAnswering } from '../answering-server.js';
import { answerWithoutEnd } from '../hostile-server.js';
import { aliasBomb } from './hostile-charts.js';
import type { HostileBench, HostileRow } from './hostile-row.js';

type Code = HostileRow['expected'];
type Answer = (response: ServerResponse, request: IncomingMessage) => unknown;

const DOWNLOAD = 'SHIPIT_CHART_DOWNLOAD';
const SOURCE = 'SHIPIT_CHART_SOURCE';
const NOT_FOUND = 'SHIPIT_CHART_NOT_FOUND';
const DIGEST = 'SHIPIT_CHART_DIGEST';
const MIB = 2 ** 20;
const entryOf = (entry: string): string => `apiVersion: v1\nentries:\n  web:\n  - ${entry}\n`;

const indexes: [what: string, expected: Code, says: string, text: string][] = [
  ['is no YAML', DOWNLOAD, '', 'entries: ['],
  ['is nothing', NOT_FOUND, 'no chart of this name', ''],
  ['is a page', DOWNLOAD, '', '<!DOCTYPE html><html><body>Sign in</body></html>'],
  ['is a list', DOWNLOAD, '', '- web'],
  ['is binary', DOWNLOAD, '', '\0\x01\x02'],
  ['has entries of another kind', DOWNLOAD, 'entry web', 'entries: {web: 5}'],
  ['has an empty entry', NOT_FOUND, '', 'entries: {web: [null]}'],
  ['has no address', DOWNLOAD, 'has no address', entryOf('{version: 1.2.3, urls: []}')],
  ['has a digest that is none', DIGEST, 'not SHA-256', entryOf('{version: 1.2.3, urls: [a], digest: md5}')],
  [
    'has the digest of something else',
    DIGEST,
    'the index says',
    entryOf(`{version: 1.2.3, urls: [web.tgz], digest: ${'f'.repeat(64)}}`),
  ],
  ['has aliases without end', DOWNLOAD, 'excessive aliasing', aliasBomb],
  ['nests 20,000 deep', DOWNLOAD, 'depth', `entries: ${'['.repeat(20_000)}`],
  ['nests 200,000 deep as JSON', DOWNLOAD, '', `{"entries": ${'['.repeat(200_000)}`],
  ['has a key of JavaScript', NOT_FOUND, '', 'entries: {__proto__: [{version: 1.2.3, urls: [web.tgz]}]}'],
  ['is larger than 64 MiB', DOWNLOAD, 'larger than 67108864 bytes', 'a'.repeat(65 * MIB)],
  ['leads to a file', SOURCE, 'only https://', entryOf('{version: 1.2.3, urls: ["file:///etc/passwd"]}')],
  ['leads to a script', SOURCE, 'only https://', entryOf('{version: 1.2.3, urls: ["javascript:alert(1)"]}')],
  ['leads to data', SOURCE, 'only https://', entryOf('{version: 1.2.3, urls: ["data:text/plain,x"]}')],
  ['leads to ftp', SOURCE, 'only https://', entryOf('{version: 1.2.3, urls: ["ftp://example.com/web.tgz"]}')],
  [
    'leads to an address with credentials',
    SOURCE,
    'without credentials',
    entryOf('{version: 1.2.3, urls: ["https://ann:secret@example.com/web.tgz"]}'),
  ],
  ['leads to what is no address', DOWNLOAD, 'which is no address', entryOf('{version: 1.2.3, urls: ["http://[::1"]}')],
  ['leads up', NOT_FOUND, '/etc/passwd', entryOf('{version: 1.2.3, urls: ["../../../../etc/passwd"]}')],
  [
    'has more headers in an address',
    SOURCE,
    'only https://',
    entryOf('{version: 1.2.3, urls: ["a\\r\\nHost: example.com"]}'),
  ],
  ['has no digest', 'harmless', '', entryOf('{version: 1.2.3, urls: [web.tgz]}')],
  ['is 12 MB long', 'harmless', '', entryOf('{version: 1.2.3, urls: [web.tgz]}') + longList()],
  [
    'is 12 MB long, without the chart',
    NOT_FOUND,
    'no chart of this name',
    entryOf('{version: 1.2.3}').replace('web', 'web2') + longList(),
  ],
];

const answers: [what: string, expected: Code, says: string, answer: Answer][] = [
  ['redirects in a circle', DOWNLOAD, 'redirects more than 5 times', redirect('/index.yaml')],
  ['redirects to a file', SOURCE, 'only https://', redirect('file:///etc/passwd')],
  ['redirects to credentials', SOURCE, 'without credentials', redirect('https://ann:secret@example.com/')],
  ['redirects to no address', DOWNLOAD, 'what is no address', redirect('https://[')],
  ['redirects to nowhere', DOWNLOAD, 'answered 302', (response) => response.writeHead(302).end()],
  ['never answers', DOWNLOAD, 'no whole answer within', () => undefined],
  ['answers one byte at a time', DOWNLOAD, 'no whole answer within', trickle],
  ['answers without end', DOWNLOAD, 'larger than 67108864 bytes', answerWithoutEnd],
  [
    'ends before the length it told',
    DOWNLOAD,
    'Getting http://',
    (response) => response.writeHead(200, { 'content-length': '1000' }).write('entries:', () => response.destroy()),
  ],
  [
    'answers packed, unasked',
    DOWNLOAD,
    '',
    (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(64 * MIB))),
  ],
  [
    'always asks who we are',
    DOWNLOAD,
    'check the credentials',
    (response) => response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end(),
  ],
  ['says no', DOWNLOAD, 'check the credentials', (response) => response.writeHead(403).end()],
  [
    'asks for patience for a year',
    DOWNLOAD,
    'answered 429',
    (response) => response.writeHead(429, { 'retry-after': '31536000' }).end(),
  ],
  ['always fails', DOWNLOAD, 'answered 500', (response) => response.writeHead(500).end()],
  ['says that nothing changed', DOWNLOAD, 'sent no index', (response) => response.writeHead(304).end()],
  ['answers nothing', DOWNLOAD, 'answered 204', (response) => response.writeHead(204).end()],
];

const wires: [what: string, says: string, speak: (socket: Socket) => void][] = [
  ['speaks another language', 'Parse Error', (socket) => socket.end('220 ftp.example.com ready\r\n')],
  ['has 2 MiB of headers', '', (socket) => socket.end(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(2 * MIB)}\r\n\r\n`)],
  ['asks to wait, again and again', 'no whole answer within', endlessly('HTTP/1.1 100 Continue\r\n\r\n')],
  [
    'lies about chunks',
    '',
    (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffffffff\r\na'),
  ],
  [
    'tells two lengths',
    '',
    (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 9\r\n\r\nentries: 5'),
  ],
  ['tells a negative length', '', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\nentries: 5')],
  ['hangs up', '', (socket) => socket.resetAndDestroy()],
];

const others: [what: string, says: string, name: string, version: string][] = [
  ['another chart', 'names chart other, not web', 'other', '1.2.3'],
  ['another version', 'has version 9.9.9', 'web', '9.9.9'],
];

export const hostileServers: HostileRow[] = [
  ...others.map(([what, says, name, version]): HostileRow => {
    const run: HostileRow['run'] = async (bench) => {
      const { archive } = await chartOf({}, { name, version });
      const index = entryOf('{version: 1.2.3, urls: [web.tgz]}');
      const server = await startAnswering((response, { url }) => response.end(url === '/web.tgz' ? archive : index));
      bench.onEnd(server.close);
      return fetchFrom(bench, server.url, { allowPlainHttp: true });
    };
    return { what: `an index that leads to ${what}`, expected: NOT_FOUND, says, run };
  }),
  ...indexes.map(([what, expected, says, text]) =>
    toRow(`an index that ${what}`, expected, says, (response) => response.end(text)),
  ),
  ...answers.map(([what, expected, says, answer]) => toRow(`a server that ${what}`, expected, says, answer)),
  ...wires.map(([what, says, speak]): HostileRow => {
    return { what: `a server that ${what}`, expected: DOWNLOAD, says, run: (bench) => fetchFromWire(bench, speak) };
  }),
  {
    what: 'a server with https that redirects to one without',
    expected: SOURCE,
    says: 'only https://',
    run: async (bench) => {
      const onRequest = (_: IncomingMessage, response: ServerResponse): boolean => {
        redirect('http://169.254.169.254/latest/meta-data')(response);
        return true;
      };
      const { url, ca = '', close } = await startOciRegistry({ isTls: true, onRequest });
      bench.onEnd(close);
      return fetchFrom(bench, url, { ca });
    },
  },
  {
    what: 'a server whose certificate nobody knows',
    expected: DOWNLOAD,
    says: 'certificate',
    run: async (bench) => {
      const { url, close } = await startOciRegistry({ isTls: true });
      bench.onEnd(close);
      return fetchFrom(bench, url, {});
    },
  },
  {
    what: 'an index that leads to a thief of credentials, who gets none',
    expected: 'harmless',
    run: async (bench) => {
      const { archive } = await chartOf({});
      const seen: unknown[] = [];
      const thief = await startAnswering(
        (response, { headers }) => seen.push(headers.authorization) && response.end(archive),
      );
      bench.onEnd(thief.close);
      const index = entryOf(`{version: 1.2.3, urls: ["${thief.url}/web.tgz"]}`);
      const server = await startAnswering(
        (response, { headers }) => seen.push(headers.authorization) && response.end(index),
      );
      bench.onEnd(server.close);
      const credentials = [{ prefix: server.url, authorization: 'Basic c2VjcmV0' }];
      await fetchFrom(bench, server.url, { allowPlainHttp: true, credentials });
      if (seen.join() !== 'Basic c2VjcmV0,') throw new Error(`the servers saw ${JSON.stringify(seen)}`);
    },
  },
];

/** `answer` is what the server has for an index; the chart beside it is good. */
function toRow(what: string, expected: Code, says: string, answer: Answer): HostileRow {
  const run: HostileRow['run'] = async (bench) => {
    const { archive } = await chartOf({});
    const server = await startAnswering((response, request) => {
      if (request.url === '/index.yaml') return answer(response, request);
      return request.url === '/web.tgz' ? response.end(archive) : response.writeHead(404).end();
    });
    bench.onEnd(server.close);
    const { digest } = await fetchFrom(bench, server.url, { allowPlainHttp: true });
    if (digest !== digestOf(archive)) throw new Error('the chart is another one');
  };
  return { what, expected, says, run };
}

async function fetchFromWire(bench: HostileBench, speak: (socket: Socket) => void): Promise<unknown> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('data', () => speak(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  bench.onEnd(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return fetchFrom(bench, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, { allowPlainHttp: true });
}

function fetchFrom(
  bench: HostileBench,
  repository: string,
  options: HttpsChartSourceOptions,
): Promise<{ digest: string }> {
  const timeoutSeconds = bench.timeoutSeconds;
  const source = new HttpsChartSource(bench.engine, { cacheFolder: bench.cacheFolder, timeoutSeconds, ...options });
  return source.fetch({ repository, name: 'web', version: '1.2.3' });
}

function redirect(location: string): (response: ServerResponse) => void {
  return (response) => void response.writeHead(302, { location }).end();
}

function trickle(response: ServerResponse): void {
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
}

function endlessly(text: string): (socket: Socket) => void {
  return (socket) => {
    const timer = setInterval(() => socket.write(text), 5);
    socket.on('close', () => clearInterval(timer));
  };
}

function longList(): string {
  return `  other:\n${'  - {version: 1.0.0, urls: [other.tgz], description: "one of very many versions"}\n'.repeat(150_000)}`;
}
