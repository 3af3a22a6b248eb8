import { addAbortSignal, Readable } from 'node:stream';
import type { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { ArchiveCache, type ArchiveOptions } from './archive-cache.js';
import { ChartError } from './chart-error.js';
import { checkIdentity, checkNames, inspectChart, isExactVersion } from './chart-identity.js';
import { checkIndexDigest, findInIndex, MAX_INDEX_BYTES, newestInIndex } from './chart-index.js';
import type { ChartArchive } from './chart-renderer.js';
import { ChartSource, type ChartReference } from './chart-source.js';
import { FetchesInFlight } from './fetches-in-flight.js';
import type { HelmEngine } from './helm-engine.js';
import { newestOf, noSuchVersion } from './newest-version.js';
import { digestOf } from './pack-chart.js';
import { archiveLimits, readArchive } from './read-archive.js';
import { retry } from './retry.js';
import { type Round, startRound } from './round.js';
import { type S3Folder, parseS3Folder, s3KeyOf } from './s3-folder.js';
import { isS3Absence, s3Failure } from './s3-failure.js';
import { listVersions } from './s3-versions.js';

export interface S3ChartSourceOptions extends ArchiveOptions {
  /** One fetch, all attempts together; reading the index, for which many may wait, has as long again. */
  timeoutSeconds?: number;
  /** Default: region, endpoint and credentials as the AWS SDK finds them. */
  s3Client?: () => S3Client;
}

interface OpenS3 {
  client: S3Client;
  get: (bucket: string, key: string, ifNoneMatch: string | undefined) => GetObjectCommand;
}

/** An object that may be read. */
interface ReadObject {
  body: Uint8Array;
  etag: string | undefined;
}

/** Which archive an object was, as its ETag tells. */
const Note = z.object({ etag: z.string(), digest: z.string() });

/** An object that is not read, and why. */
interface Absence {
  isDenied: boolean;
  isUnchanged: boolean;
  failure: ChartError;
}

interface Found {
  archive: Uint8Array;
  version: string;
  /** To be noted of the archive when it was checked. */
  object?: { name: string; etag: string };
}

/** Charts in a bucket: `s3://bucket/prefix` has `<name>-<version>.tgz`, or an `index.yaml` that says where they are. */
export class S3ChartSource extends ChartSource {
  readonly #archives: ArchiveCache;
  readonly #chartsInFlight = new FetchesInFlight<ChartArchive>();
  readonly #indexesInFlight = new FetchesInFlight<ReadObject | Absence>();
  readonly #timeoutSeconds: number;
  #s3: Promise<OpenS3> | undefined;

  constructor(
    private readonly engine: HelmEngine,
    private readonly options: S3ChartSourceOptions = {},
  ) {
    super();
    this.#archives = options.archives ?? new ArchiveCache(options.cacheFolder);
    this.#timeoutSeconds = options.timeoutSeconds ?? 30;
  }

  override fetch(chart: ChartReference): Promise<ChartArchive> {
    const { repository, name, version } = chart;
    return this.#chartsInFlight.share(JSON.stringify([repository, name, version]), () => this.#fetch(chart));
  }

  async #fetch(chart: ChartReference): Promise<ChartArchive> {
    const subject = `Fetching chart ${chart.name} ${chart.version} from ${chart.repository}`;
    checkNames(subject, chart);
    const folder = parseS3Folder(subject, chart.repository);
    const round = this.#round(subject);
    const { archive, version, object } = await this.#find(folder, chart, round);
    const found = { archive, name: chart.name, version, digest: digestOf(archive) };
    await readArchive(subject, archive);
    const { metadata } = await inspectChart(this.engine, subject, found);
    checkIdentity(subject, metadata, { name: chart.name, version });
    await this.#archives.put(found.digest, archive);
    if (object) await this.#archives.putNote(object.name, { etag: object.etag, digest: found.digest });
    return found;
  }

  override async resolveVersion(chart: ChartReference): Promise<string> {
    if (isExactVersion(chart.version)) return chart.version;
    const subject = `Choosing a version of chart ${chart.name} from ${chart.repository}`;
    checkNames(subject, { ...chart, version: '0.0.0' });
    const folder = parseS3Folder(subject, chart.repository);
    const round = this.#round(subject);
    const listed = await this.#listVersions(folder, chart.name, round);
    const index = await this.#index(folder);
    if (listed instanceof ChartError && !('body' in index)) throw listed;
    const named = 'body' in index ? [await this.#newestInIndex(chart, index.body)] : [];
    const versions = [...(listed instanceof ChartError ? [] : listed), ...named.flatMap((version) => version ?? [])];
    const newest = await newestOf(this.engine, chart, versions);
    if (newest === undefined) throw noSuchVersion(chart);
    return newest;
  }

  #round(subject: string): Round {
    return startRound(subject, this.#timeoutSeconds);
  }

  #newestInIndex(chart: ChartReference, index: Uint8Array): Promise<string | undefined> {
    return newestInIndex(this.engine, chart, index).catch((error: unknown) => {
      if (error instanceof ChartError && error.code === 'SHIPIT_CHART_NOT_FOUND') return undefined;
      throw error;
    });
  }

  /** Those with an archive of their own; where the bucket may not be listed, why. */
  async #listVersions(folder: S3Folder, name: string, round: Round): Promise<string[] | ChartError> {
    const about = `${round.subject}: s3://${folder.bucket}`;
    const { signal, timeoutSeconds } = round;
    const failureOf = (error: unknown): ChartError =>
      s3Failure(about, error, signal.aborted ? timeoutSeconds : undefined);
    const list = async (): Promise<string[] | ChartError> => {
      try {
        return await listVersions((await this.#open()).client, { about, folder, name, signal });
      } catch (error) {
        if (isS3Absence(error) !== 'denied' || signal.aborted) throw error;
        return failureOf(error);
      }
    };
    return retry(signal, list, failureOf);
  }

  async #find(folder: S3Folder, chart: ChartReference, round: Round): Promise<Found> {
    const key = s3KeyOf(folder, `${chart.name}-${chart.version}.tgz`);
    const own = await this.#archive(folder.bucket, key, round);
    if (own) return { ...own, version: chart.version };
    const index = await this.#index(folder);
    if ('body' in index) return this.#findByIndex(folder, chart, index.body, round);
    // Who may not list a bucket is told "denied" of what is not there.
    throw index.isDenied
      ? index.failure
      : new ChartError(
          'SHIPIT_CHART_NOT_FOUND',
          `${round.subject}: the bucket has neither ${key} nor an index.yaml beside it`,
        );
  }

  #index(folder: S3Folder): Promise<ReadObject | Absence> {
    const { bucket } = folder;
    const key = s3KeyOf(folder, 'index.yaml');
    const read = () => this.#read({ bucket, key }, MAX_INDEX_BYTES, this.#round('Reading the index'));
    return this.#indexesInFlight.share(`${bucket}/${key}`, read);
  }

  async #findByIndex(folder: S3Folder, chart: ChartReference, index: Uint8Array, round: Round): Promise<Found> {
    const { urls, digest, version } = await findInIndex(this.engine, round.subject, chart, index);
    const kept = digest === undefined ? undefined : await this.#archives.get(digest);
    if (kept) return { archive: kept, version };
    const key = s3KeyOf(folder, urls[0] ?? '', round.subject);
    const read = await this.#read({ bucket: folder.bucket, key }, archiveLimits.packedBytes, round);
    if (!('body' in read)) throw read.failure;
    checkIndexDigest(round.subject, digestOf(read.body), digest);
    return { archive: read.body, version };
  }

  /** An archive that no index tells the digest of: got again only where it is another object by now. */
  async #archive(bucket: string, key: string, round: Round): Promise<Omit<Found, 'version'> | undefined> {
    const name = `s3://${bucket}/${key}`;
    const known = await this.#archives.note(name, Note);
    const kept = known && (await this.#archives.get(known.digest));
    const read = await this.#read(
      { bucket, key, ...(kept && { ifNoneMatch: known.etag }) },
      archiveLimits.packedBytes,
      round,
    );
    if (!('body' in read)) return read.isUnchanged && kept ? { archive: kept } : undefined;
    const { body, etag } = read;
    return { archive: body, ...(etag !== undefined && { object: { name, etag } }) };
  }

  /** The object; where it is not there or may not be seen, why. */
  async #read(
    { bucket, key, ifNoneMatch }: { bucket: string; key: string; ifNoneMatch?: string },
    maxBytes: number,
    { subject, signal, timeoutSeconds }: Round,
  ): Promise<ReadObject | Absence> {
    const about = `${subject}: s3://${bucket}/${key}`;
    const failureOf = (error: unknown): ChartError =>
      s3Failure(about, error, signal.aborted ? timeoutSeconds : undefined);
    return retry(
      signal,
      async () => {
        try {
          const { client, get } = await this.#open();
          const { Body, ETag } = await client.send(get(bucket, key, ifNoneMatch), { abortSignal: signal });
          return { body: await readBody(about, Body, maxBytes, signal), etag: ETag };
        } catch (error) {
          const absence = isS3Absence(error);
          if (!absence || signal.aborted) throw error;
          const failure = failureOf(error);
          return { isDenied: absence === 'denied', isUnchanged: absence === 'unchanged', failure };
        }
      },
      failureOf,
    );
  }

  #open(): Promise<OpenS3> {
    this.#s3 ??= openS3(this.options.s3Client);
    return this.#s3;
  }
}

/** The SDK is loaded only where it is used: that takes a tenth of a second. */
async function openS3(create: S3ChartSourceOptions['s3Client']): Promise<OpenS3> {
  const { GetObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  // Other servers than AWS rarely have a host name for each bucket. Trying again is done here.
  const forcePathStyle = (process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL']) !== undefined;
  return {
    client: create?.() ?? new S3Client({ maxAttempts: 1, followRegionRedirects: true, forcePathStyle }),
    get: (bucket, key, ifNoneMatch) =>
      new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        ...(ifNoneMatch !== undefined && { IfNoneMatch: ifNoneMatch }),
      }),
  };
}

async function readBody(about: string, body: unknown, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  if (!(body instanceof Readable)) return new Uint8Array();
  addAbortSignal(signal, body);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new ChartError('SHIPIT_CHART_DOWNLOAD', `${about} is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
