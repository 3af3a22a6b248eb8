import { z } from 'zod';
import { ArchiveCache, type ArchiveOptions } from './archive-cache.js';
import { ChartError } from './chart-error.js';
import { checkName } from './chart-identity.js';
import type { ChartArchive } from './chart-renderer.js';
import { ChartSource, type ChartReference } from './chart-source.js';
import type { DownloadOptions } from './download.js';
import { FetchesInFlight } from './fetches-in-flight.js';
import { type GitAddress, parseGitAddress } from './git-address.js';
import { readChartFolder } from './git-folder.js';
import { type GitPackObject, readGitPack } from './git-pack.js';
import { GitUploadPack } from './git-upload-pack.js';
import type { HelmEngine } from './helm-engine.js';
import { digestOf } from './pack-chart.js';
import { packChecked } from './pack-checked.js';
import { startRound } from './round.js';

export interface GitChartSourceOptions extends DownloadOptions, ArchiveOptions {
  /** One question, all attempts together; the time that a fetch waits for its turn does not count. */
  timeoutSeconds?: number;
  /** All files of the commit, as git packs them. */
  maxPackBytes?: number;
}

const limits = { objects: 200_000, bytes: 128 * 1024 * 1024 };
/** Which chart a commit has. */
const Note = z.object({
  name: z.string(),
  version: z.string(),
  digest: z.string(),
  commit: z.string(),
  archiveDigest: z.string(),
});
const MAX_PACK_BYTES = 64 * 1024 * 1024;

/**
 * Charts in git repositories, at a tag or commit: `git+https://host/repository.git//folder?ref=v1.2.3`. The chart is
 * the folder of its name in there, or the folder itself.
 *
 * A tag is looked up each time; where it moved, the answer has another commit and, if the files differ, another digest.
 * A commit is fetched once.
 */
export class GitChartSource extends ChartSource {
  readonly #archives: ArchiveCache;
  readonly #timeoutSeconds: number;
  readonly #inFlight = new FetchesInFlight<ChartArchive>();
  #lastReading: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly engine: HelmEngine,
    private readonly options: GitChartSourceOptions = {},
  ) {
    super();
    this.#archives = options.archives ?? new ArchiveCache(options.cacheFolder);
    this.#timeoutSeconds = options.timeoutSeconds ?? 60;
  }

  override async fetch(chart: ChartReference): Promise<ChartArchive> {
    const subject = `Fetching chart ${[chart.name, chart.version].join(' ').trim()} from ${chart.repository}`;
    const address = parseGitAddress(subject, chart.repository);
    checkName(subject, chart.name);
    const key = JSON.stringify([chart.repository, chart.name, chart.version]);
    return this.#inFlight.share(key, () => this.#fetch(subject, chart, address));
  }

  async #fetch(subject: string, chart: ChartReference, { url, folder, ref }: GitAddress): Promise<ChartArchive> {
    const round = () => startRound(subject, this.#timeoutSeconds);
    const server = new GitUploadPack(url, this.options);
    const commit = 'commit' in ref ? ref.commit : commitOf(subject, ref.tag, await server.refs(round()));
    const key = JSON.stringify([url.href, folder, commit, chart.name, chart.version]);
    const kept = await this.#kept(key);
    if (kept) return kept;
    // One at a time: a repository, packed or not, is much larger than what is kept of it.
    const reading = this.#lastReading.then(async () => {
      const pack = await server.pack(commit, this.options.maxPackBytes ?? MAX_PACK_BYTES, round());
      return this.#read(subject, chart, { pack, commit, folder });
    });
    this.#lastReading = reading.catch(() => undefined);
    const found = { ...(await reading), commit };
    await this.#keep(key, found);
    return found;
  }

  async #read(
    subject: string,
    chart: ChartReference,
    { pack, commit, folder }: { pack: Uint8Array; commit: string; folder: string },
  ): Promise<ChartArchive> {
    const objects = await unpack(subject, pack);
    const within = [folder, chart.name].filter((part) => part !== '').join('/');
    const inside = readChartFolder(subject, objects, commit, within);
    const chosen = inside.size > 0 ? inside : readChartFolder(subject, objects, commit, folder);
    if (chosen.size === 0) {
      throw new ChartError(
        'SHIPIT_CHART_NOT_FOUND',
        `${subject}: commit ${commit} has neither ${within}/Chart.yaml nor ${folder === '' ? '' : `${folder}/`}Chart.yaml`,
      );
    }
    return packChecked(this.engine, subject, chart, chosen);
  }

  async #kept(key: string): Promise<ChartArchive | undefined> {
    const known = await this.#archives.note(key, Note);
    const archive = known && (await this.#archives.get(known.archiveDigest));
    if (!archive) return undefined;
    const { archiveDigest: _, ...found } = known;
    return { ...found, archive };
  }

  async #keep(key: string, { archive, ...found }: ChartArchive): Promise<void> {
    const archiveDigest = digestOf(archive);
    await this.#archives.put(archiveDigest, archive);
    await this.#archives.putNote(key, { ...found, archiveDigest });
  }
}

async function unpack(subject: string, pack: Uint8Array): Promise<Map<string, GitPackObject>> {
  try {
    return await readGitPack(pack, limits);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ChartError('SHIPIT_CHART_ARCHIVE', `${subject}: what the git server sent is refused: ${why}`, { cause });
  }
}

function commitOf(subject: string, tag: string, refs: ReadonlyMap<string, string>): string {
  const commit = refs.get(`refs/tags/${tag}`);
  if (commit !== undefined) return commit;
  const branch = refs.get(`refs/heads/${tag}`);
  if (branch !== undefined) {
    throw new ChartError(
      'SHIPIT_CHART_SOURCE',
      `${subject}: ${tag} is a branch, which is not exact; name a tag, or the commit that it is now: ${branch}`,
    );
  }
  throw new ChartError('SHIPIT_CHART_NOT_FOUND', `${subject}: the repository has no tag ${tag}`);
}
