import { ArchiveCache, type ArchiveOptions } from './archive-cache.js';
import { ChartError } from './chart-error.js';
import { checkIdentity, checkNames, inspectChart, isExactVersion } from './chart-identity.js';
import type { ChartArchive } from './chart-renderer.js';
import { ChartSource, type ChartReference } from './chart-source.js';
import { download, type Downloaded, withoutCredentials } from './download.js';
import { FetchesInFlight } from './fetches-in-flight.js';
import type { HelmEngine } from './helm-engine.js';
import { OciAuthorization, type OciAuthorizationOptions } from './oci-authorization.js';
import { type ChartLayer, chartLayerOf, manifestTypes } from './oci-manifest.js';
import { type OciReference, ociReference, tagOf } from './oci-reference.js';
import { newestVersion, versionTags } from './oci-tags.js';
import { digestOf } from './pack-chart.js';
import { readArchive } from './read-archive.js';
import { type Round, startRound } from './round.js';

export interface OciChartSourceOptions extends OciAuthorizationOptions, ArchiveOptions {
  /** One fetch: token, manifest and archive, all attempts together. */
  timeoutSeconds?: number;
}

const MAX_MANIFEST_BYTES = 1024 * 1024;
/** Of one page. */
const MAX_TAGS_BYTES = 4 * 1024 * 1024;

/** Charts in registries: `oci://host/path`, where `helm push` puts them. The manifest is asked for each time. */
export class OciChartSource extends ChartSource {
  readonly #archives: ArchiveCache;
  readonly #authorization: OciAuthorization;
  readonly #inFlight = new FetchesInFlight<ChartArchive>();
  readonly #timeoutSeconds: number;

  constructor(
    private readonly engine: HelmEngine,
    private readonly options: OciChartSourceOptions = {},
  ) {
    super();
    this.#archives = options.archives ?? new ArchiveCache(options.cacheFolder);
    this.#authorization = new OciAuthorization(options);
    this.#timeoutSeconds = options.timeoutSeconds ?? 30;
  }

  override async fetch(chart: ChartReference): Promise<ChartArchive> {
    const { repository, name, version } = chart;
    const subject = `Fetching chart ${name} ${version} from ${repository}`;
    checkNames(subject, chart);
    const reference = ociReference(subject, chart, this.options.allowPlainHttp);
    const key = JSON.stringify([repository, name, version]);
    return this.#inFlight.share(key, () => this.#fetch(chart, reference, this.#round(subject)));
  }

  /**
   * The chart of the manifest with this digest, which needs no tag. Where a version is given and is a tag, the two must
   * agree, in Helm's words.
   */
  async fetchByDigest(chart: ChartReference, digest: string): Promise<ChartArchive> {
    const subject = `Fetching chart ${chart.name} ${digest} from ${chart.repository}`;
    const reference = ociReference(subject, { ...chart, version: '' }, this.options.allowPlainHttp);
    const round = this.#round(subject);
    if (isExactVersion(chart.version)) await this.#checkTag({ ...reference, tag: tagOf(chart.version) }, digest, round);
    return this.#fetch({ ...chart, version: '' }, { ...reference, tag: digest }, round);
  }

  async #fetch(chart: ChartReference, reference: OciReference, round: Round): Promise<ChartArchive> {
    const { subject } = round;
    const layer = await this.#layer(reference, round);
    const archive = (await this.#archives.get(layer.digest)) ?? (await this.#archive(reference, layer, round));
    const found = { archive, name: chart.name, version: chart.version, digest: layer.digest };
    await readArchive(subject, archive);
    const { metadata } = await inspectChart(this.engine, subject, found);
    checkIdentity(subject, metadata, chart);
    await this.#archives.put(layer.digest, archive);
    return { ...found, version: metadata.version };
  }

  async #checkTag(reference: OciReference, digest: string, round: Round): Promise<void> {
    const manifest = await this.#manifest(reference, round).catch((error: unknown) => {
      if (error instanceof ChartError && error.code === 'SHIPIT_CHART_NOT_FOUND') return undefined;
      throw error;
    });
    const actual = manifest && digestOf(manifest);
    if (actual === undefined || actual === digest) return;
    throw new ChartError('SHIPIT_CHART_DIGEST', `chart reference digest mismatch: ${actual} is not ${digest}`);
  }

  #round(subject: string): Round {
    return startRound(subject, this.#timeoutSeconds);
  }

  override async resolveVersion(chart: ChartReference): Promise<string> {
    if (isExactVersion(chart.version)) return chart.version;
    const subject = `Choosing a version of chart ${chart.name} from ${chart.repository}`;
    const reference = ociReference(subject, { ...chart, version: '' }, this.options.allowPlainHttp);
    const round = this.#round(subject);
    const get = (path: string): Promise<Downloaded> =>
      this.#get(reference, path, { maxBytes: MAX_TAGS_BYTES, ...round });
    return newestVersion(this.engine, chart, await versionTags(subject, get));
  }

  async #layer(reference: OciReference, round: Round): Promise<ChartLayer> {
    return chartLayerOf(round.subject, await this.#manifest(reference, round));
  }

  async #manifest(reference: OciReference, round: Round): Promise<Uint8Array> {
    const path = `manifests/${reference.tag}`;
    const { body = new Uint8Array(), headers } = await this.#get(reference, path, {
      maxBytes: MAX_MANIFEST_BYTES,
      ...round,
    });
    const told = [headers['docker-content-digest'], ...(reference.tag.includes(':') ? [reference.tag] : [])];
    if (told.some((digest) => digest !== undefined && digest !== digestOf(body))) {
      throw new ChartError('SHIPIT_CHART_DIGEST', `${round.subject}: the manifest has not the digest that is told`);
    }
    return body;
  }

  async #archive(reference: OciReference, { digest, size }: ChartLayer, round: Round): Promise<Uint8Array> {
    const { body = new Uint8Array() } = await this.#get(reference, `blobs/${digest}`, { maxBytes: size, ...round });
    const actual = digestOf(body);
    if (actual !== digest) {
      throw new ChartError(
        'SHIPIT_CHART_DIGEST',
        `${round.subject}: the archive has digest ${actual}, the manifest says ${digest}`,
      );
    }
    return body;
  }

  /** With what worked before; where the registry then asks for something, with that. */
  async #get(reference: OciReference, path: string, round: Round & { maxBytes: number }): Promise<Downloaded> {
    const url = new URL(`${reference.origin}/v2/${reference.repository}/${path}`);
    const { signal, subject } = round;
    const get = (authorization: string | undefined): Promise<Downloaded> =>
      download(url, round, withoutCredentials(this.options), {
        ...{ signal, authorization, isChallengeTaken: true },
        accept: path.startsWith('blobs/') ? '*/*' : manifestTypes,
      });
    const first = await get(this.#authorization.current(reference));
    if (first.body) return first;
    const authorization = await this.#authorization.answer(reference, first.headers['www-authenticate'], round);
    const second = authorization === undefined ? first : await get(authorization);
    if (second.body) return second;
    this.#authorization.forget(reference);
    throw new ChartError(
      'SHIPIT_CHART_DOWNLOAD',
      `${subject}: the registry answered 401; check the credentials configured for oci://${reference.host}/${reference.repository}`,
    );
  }
}
