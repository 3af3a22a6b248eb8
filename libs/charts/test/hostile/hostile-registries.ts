import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type OciRegistryOptions, startOciRegistry } from '@shipit/embedded';
import { chartOf } from '../../src/in-memory-chart-source.js';
import { OciChartSource } from '../../src/oci-chart-source.js';
import { digestOf } from '../../src/pack-chart.js';
import { answerWithoutEnd } from '../hostile-server.js';
import type { HostileBench, HostileRow } from './hostile-row.js';
import { archiveWith } from './tar-archive.js';

type Code = HostileRow['expected'];
type Answer = NonNullable<OciRegistryOptions['onRequest']>;

const DOWNLOAD = 'SHIPIT_CHART_DOWNLOAD';
const SOURCE = 'SHIPIT_CHART_SOURCE';
const INVALID = 'SHIPIT_CHART_INVALID';
const DIGEST = 'SHIPIT_CHART_DIGEST';
const NOT_FOUND = 'SHIPIT_CHART_NOT_FOUND';
const ARCHIVE = 'SHIPIT_CHART_ARCHIVE';
const chartLayer = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';
const chartConfig = 'application/vnd.cncf.helm.config.v1+json';
const imageConfig = 'application/vnd.oci.image.config.v1+json';

const answers: [what: string, expected: Code, says: string, answer: Answer][] = [
  ['no place to get a token', DOWNLOAD, 'names no place', challenge('Bearer service="x"')],
  ['a place without https', SOURCE, 'only https://', challenge('Bearer realm="http://x.example/token"')],
  ['a file as that place', SOURCE, 'only https://', challenge('Bearer realm="file:///etc/passwd"')],
  ['questions for credentials, again and again', DOWNLOAD, 'answered 401', challenge('Basic realm="x"')],
  ['a token that is never taken', DOWNLOAD, 'answered 401', tokenOf((response) => response.end('{"token": "x"}'))],
  [
    'a token with headers in it',
    DOWNLOAD,
    'gives no token',
    tokenOf((response) => response.end('{"token": "x\\r\\na: b"}')),
  ],
  ['a token without end', DOWNLOAD, 'larger than 65536 bytes', tokenOf(answerWithoutEnd)],
  ['no token', DOWNLOAD, 'gives no token', tokenOf((response) => response.end('{}'))],
  ['a page as a manifest', DOWNLOAD, 'cannot be understood', text('<html>')],
  ['a prototype', DOWNLOAD, 'cannot be understood', text('{"__proto__": {"a": 1}, "schemaVersion": 2}')],
  ['deep nesting', DOWNLOAD, 'cannot be understood', text('['.repeat(500_000))],
  ['a huge manifest', DOWNLOAD, 'larger than 1048576 bytes', text(' '.repeat(2 ** 20 + 1))],
  ['a manifest without end', DOWNLOAD, 'larger than 1048576 bytes', answered(answerWithoutEnd)],
  ['a manifest of another digest', DIGEST, 'digest', text('{}', { 'docker-content-digest': 'sha256:0' })],
  ['redirects in a circle', DOWNLOAD, 'redirects more than 5 times', redirect('/v2/x')],
  ['a redirect to a file', SOURCE, 'only https://', redirect('file:///etc/passwd')],
  ['a redirect to the metadata of the cloud', SOURCE, 'only https://', redirect('http://169.254.169.254/latest')],
];

interface Forged {
  config?: string | null;
  layers?: { mediaType?: string; digest?: string; size?: number }[];
  /** In place of the archive that the manifest tells. */
  body?: string;
  archive?: () => Promise<Uint8Array>;
}

const manifests: [what: string, expected: Code, says: string, forged: Forged][] = [
  ['an image', INVALID, 'is no Helm chart but', { config: imageConfig }],
  ['a list of images', INVALID, 'a list of images', { config: null }],
  ['no archive', INVALID, 'not one archive', { layers: [] }],
  ['two archives', INVALID, 'not one archive', { layers: [{}, {}] }],
  ['101 layers', DOWNLOAD, 'cannot be understood', { layers: Array.from({ length: 101 }, () => ({})) }],
  [
    'a layer of an image',
    INVALID,
    'not one archive',
    { layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar' }] },
  ],
  ['another archive', DIGEST, 'the manifest says sha256:', { body: 'changed' }],
  ['an archive that is longer', DOWNLOAD, 'is larger than', { body: 'x'.repeat(5000) }],
  ['an archive beyond the limit', ARCHIVE, 'larger than 10485760 bytes', { layers: [{ size: 11 * 2 ** 20 }] }],
  ['a negative size', DOWNLOAD, 'cannot be understood', { layers: [{ size: -1 }] }],
  ['a digest that leads elsewhere', DOWNLOAD, 'cannot be understood', { layers: [{ digest: '../../../token' }] }],
  ['an archive that is not there', NOT_FOUND, '404', { layers: [{ digest: `sha256:${'0'.repeat(64)}` }] }],
  ['another chart', NOT_FOUND, 'names chart other, not web', { archive: () => archiveOf('other', '1.2.3') }],
  ['another version', NOT_FOUND, 'has version 9.9.9', { archive: () => archiveOf('web', '9.9.9') }],
  [
    'a chart with a link',
    ARCHIVE,
    'is a symlink',
    { archive: () => archiveWith({ name: 'web/l', type: 'symlink', linkname: '/etc/passwd' }) },
  ],
];

export const hostileRegistries: HostileRow[] = [
  ...answers.map(([what, expected, says, onRequest]): HostileRow => {
    const run: HostileRow['run'] = async (bench) => (await start(bench, onRequest)).fetch();
    return { what: `a registry with ${what}`, expected, says, run };
  }),
  ...manifests.map(([what, expected, says, forged]): HostileRow => {
    const run: HostileRow['run'] = (bench) => fetchForged(bench, forged);
    return { what: `a registry with ${what} in place of the chart`, expected, says, run };
  }),
];

async function start(
  bench: HostileBench,
  onRequest: Answer,
): Promise<{ registry: Registry; fetch: () => Promise<unknown> }> {
  const registry = await startOciRegistry({ isTls: true, onRequest });
  bench.onEnd(() => registry.close());
  const { cacheFolder, timeoutSeconds } = bench;
  const credentials = [{ prefix: `${registry.url}/team`, authorization: 'Basic YW5uOnNlY3JldA==' }];
  const source = new OciChartSource(bench.engine, { ca: registry.ca ?? '', cacheFolder, timeoutSeconds, credentials });
  const chart = { repository: `oci://${registry.host}/team`, name: 'web', version: '1.2.3' };
  return { registry, fetch: () => source.fetch(chart) };
}

type Registry = Awaited<ReturnType<typeof startOciRegistry>>;

async function fetchForged(bench: HostileBench, forged: Forged): Promise<unknown> {
  const archive = await (forged.archive?.() ?? archiveOf('web', '1.2.3'));
  const { registry, fetch } = await start(bench, (request, response) => {
    if (forged.body === undefined || !request.url?.includes('/blobs/')) return false;
    response.end(forged.body);
    return true;
  });
  const layer = { mediaType: chartLayer, digest: registry.pushBlob(archive), size: archive.length };
  const { config = chartConfig, layers = [{}] } = forged;
  const manifest = {
    schemaVersion: 2,
    ...(config !== null && { config: { mediaType: config, digest: digestOf(archive), size: 1 } }),
    layers: layers.map((changed) => ({ ...layer, ...changed })),
  };
  const type = 'application/vnd.oci.image.manifest.v1+json';
  registry.pushManifest('team/web', '1.2.3', { type, body: Buffer.from(JSON.stringify(manifest)) });
  return fetch();
}

async function archiveOf(name: string, version: string): Promise<Uint8Array> {
  // Never the same one: what was downloaded once is taken from the cache.
  return (await chartOf({ 'values.yaml': `id: ${randomUUID()}` }, { name, version })).archive;
}

function answered(answer: (response: ServerResponse) => unknown): Answer {
  return (_request, response) => {
    answer(response);
    return true;
  };
}

function challenge(header: string): Answer {
  return answered((response) => response.writeHead(401, { 'www-authenticate': header }).end());
}

function redirect(location: string): Answer {
  return answered((response) => response.writeHead(302, { location }).end());
}

function text(body: string, headers: Record<string, string> = {}): Answer {
  return answered((response) => response.writeHead(200, headers).end(body));
}

/** A registry that wants a token and gives it like this. */
function tokenOf(give: (response: ServerResponse) => unknown): Answer {
  return (request, response) => {
    if (request.url?.startsWith('/token')) give(response);
    else challenge(`Bearer realm="https://${request.headers.host ?? ''}/token"`)(request, response);
    return true;
  };
}
