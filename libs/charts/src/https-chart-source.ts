import { ArchiveCache, type ArchiveOptions } from './archive-cache.js';
import { ChartError } from './chart-error.js';
import { checkIdentity, inspectChart } from './chart-identity.js';
import { checkIndexDigest, findInIndex, type IndexEntry, MAX_INDEX_BYTES, newestInIndex } from './chart-index.js';
import type { ChartArchive } from './chart-renderer.js';
import { ChartSource, type ChartReference } from './chart-source.js';
import { download, type DownloadOptions } from './download.js';
import type { HelmEngine } from './helm-engine.js';
import { digestOf } from './pack-chart.js';
import { archiveLimits, readArchive } from './read-archive.js';

export interface HttpsChartSourceOptions extends DownloadOptions, ArchiveOptions {
  /** One download, all attempts together. */
  timeoutSeconds?: number;
  /** How long an index is taken for current without asking the server. */
  indexFreshSeconds?: number;
}

const MAX_KEPT_INDEXES = 4;

interface Index {
  body: Uint8Array;
  url: URL;
  etag: string | undefined;
  readAt: number;
}

/** Chart repositories: `index.yaml` over https, archives beside it or anywhere it says. */
export class HttpsChartSource extends ChartSource {
  readonly #indexes = new Map<string, Index>();
  readonly #archives: ArchiveCache;
  readonly #timeoutSeconds: number;

  constructor(
    private readonly engine: HelmEngine,
    private readonly options: HttpsChartSourceOptions = {},
  ) {
    super();
    this.#archives = options.archives ?? new ArchiveCache(options.cacheFolder);
    this.#timeoutSeconds = options.timeoutSeconds ?? 30;
  }

  override async fetch(wanted: ChartReference): Promise<ChartArchive> {
    const subject = `Fetching chart ${wanted.name} ${wanted.version} from ${wanted.repository}`;
    const index = await this.#index(subject, wanted.repository);
    const entry = await findInIndex(this.engine, subject, wanted, index.body);
    const { digest: expected } = entry;
    const found = { name: wanted.name, version: entry.version };
    const kept = expected && (await this.#archives.get(expected));
    const archive = kept || (await this.#download(subject, index, entry));
    const chart = { ...found, archive, digest: digestOf(archive) };
    checkIndexDigest(subject, chart.digest, expected);
    await readArchive(subject, archive);
    const { metadata } = await inspectChart(this.engine, subject, chart);
    checkIdentity(subject, metadata, found);
    await this.#archives.put(chart.digest, archive);
    return chart;
  }

  override async resolveVersion(chart: ChartReference): Promise<string> {
    const subject = `Choosing a version of chart ${chart.name} from ${chart.repository}`;
    const { body } = await this.#index(subject, chart.repository);
    return newestInIndex(this.engine, chart, body);
  }

  async #index(subject: string, repository: string): Promise<Index> {
    const known = this.#indexes.get(repository);
    const freshMs = (this.options.indexFreshSeconds ?? 30) * 1000;
    if (known && performance.now() - known.readAt < freshMs) return known;
    const url = indexUrl(subject, repository);
    const limits = { maxBytes: MAX_INDEX_BYTES, timeoutSeconds: this.#timeoutSeconds };
    const got = await download(url, limits, this.options, { etag: known?.etag });
    const body = got.body ?? known?.body;
    if (!body)
      throw new ChartError('SHIPIT_CHART_DOWNLOAD', `${subject}: the server sent no index`, { isTransient: true });
    const etag = got.headers.etag ?? (got.body ? undefined : known?.etag);
    const index = { body, url, etag, readAt: performance.now() };
    this.#indexes.delete(repository);
    this.#indexes.set(repository, index);
    const [oldest] = this.#indexes.keys();
    if (this.#indexes.size > MAX_KEPT_INDEXES && oldest !== undefined) this.#indexes.delete(oldest);
    return index;
  }

  async #download(subject: string, index: Index, entry: IndexEntry): Promise<Uint8Array> {
    const [address = ''] = entry.urls;
    if (!URL.canParse(address, index.url.href)) {
      throw new ChartError(
        'SHIPIT_CHART_DOWNLOAD',
        `${subject}: the index gives ${JSON.stringify(address)}, which is no address`,
      );
    }
    const limits = { maxBytes: archiveLimits.packedBytes, timeoutSeconds: this.#timeoutSeconds };
    const { body } = await download(new URL(address, index.url), limits, this.options);
    return body ?? new Uint8Array();
  }
}

function indexUrl(subject: string, repository: string): URL {
  if (!URL.canParse(repository)) {
    throw new ChartError('SHIPIT_CHART_SOURCE', `${subject}: ${JSON.stringify(repository)} is no address`);
  }
  const url = new URL(repository);
  if (url.pathname.endsWith('/index.yaml')) {
    const where = `${url.host}${url.pathname}`;
    throw new ChartError('SHIPIT_CHART_SOURCE', `Chart repository ${where}: leave out /index.yaml at its end`);
  }
  url.pathname = `${url.pathname.replace(/\/$/, '')}/index.yaml`;
  return url;
}
