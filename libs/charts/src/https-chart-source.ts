import { ArchiveCache, type ArchiveOptions } from './archive-cache.js';
import { ChartError } from './chart-error.js';
import { checkIdentity, inspectChart } from './chart-identity.js';
import { checkIndexDigest, findInIndex, type IndexEntry, MAX_INDEX_BYTES, newestInIndex } from './chart-index.js';
import type { ChartArchive } from './chart-renderer.js';
import { ChartSource, type ChartReference } from './chart-source.js';
import { download, type DownloadOptions } from './download.js';
import { FetchesInFlight } from './fetches-in-flight.js';
import type { HelmEngine } from './helm-engine.js';
import { digestOf } from './pack-chart.js';
import { archiveLimits, readArchive } from './read-archive.js';

export interface HttpsChartSourceOptions extends DownloadOptions, ArchiveOptions {
  /** One download, all attempts together. */
  timeoutSeconds?: number;
  /** How long an index is taken for current without asking the server. */
  indexFreshSeconds?: number;
  /** Indexes in memory, all together; the latest is kept in any case. */
  indexBytes?: number;
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
  readonly #indexesInFlight = new FetchesInFlight<Index>();
  readonly #chartsInFlight = new FetchesInFlight<ChartArchive>();
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

  override fetch(chart: ChartReference): Promise<ChartArchive> {
    const { repository, name, version } = chart;
    return this.#chartsInFlight.share(JSON.stringify([repository, name, version]), () => this.#fetch(chart));
  }

  async #fetch(wanted: ChartReference): Promise<ChartArchive> {
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
    return this.#indexesInFlight.share(repository, async () => {
      const index = await this.#readIndex(url, known);
      this.#keep(repository, index);
      return index;
    });
  }

  async #readIndex(url: URL, known: Index | undefined): Promise<Index> {
    const limits = { maxBytes: MAX_INDEX_BYTES, timeoutSeconds: this.#timeoutSeconds };
    const { body, headers } = await download(url, limits, this.options, { etag: known?.etag });
    const readAt = performance.now();
    if (body) return { body, url, etag: headers.etag, readAt };
    if (known) return { ...known, etag: headers.etag ?? known.etag, readAt };
    const where = `${url.host}${url.pathname}`;
    throw new ChartError('SHIPIT_CHART_DOWNLOAD', `Getting ${where}: the server sent no index`, { isTransient: true });
  }

  #keep(repository: string, index: Index): void {
    this.#indexes.delete(repository);
    this.#indexes.set(repository, index);
    let bytes = [...this.#indexes.values()].reduce((sum, { body }) => sum + body.length, 0);
    for (const [oldest, { body }] of this.#indexes) {
      const isWithin = this.#indexes.size <= MAX_KEPT_INDEXES && bytes <= (this.options.indexBytes ?? MAX_INDEX_BYTES);
      if (isWithin || oldest === repository) break;
      this.#indexes.delete(oldest);
      bytes -= body.length;
    }
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
