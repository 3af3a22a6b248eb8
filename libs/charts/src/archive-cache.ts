import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { digestOf } from './pack-chart.js';

const MAX_NOTES = 500;
const WRITES_BETWEEN_TIDYING = 50;

export interface ArchiveCacheLimits {
  memoryBytes: number;
  diskBytes: number;
  diskFiles: number;
}

/** Of sources that keep what they fetched. */
export interface ArchiveOptions {
  /** Where checked archives are kept, by digest. Absent: in memory only. */
  cacheFolder?: string;
  /** In place of a cache of one's own. */
  archives?: ArchiveCache;
}

const defaultLimits: ArchiveCacheLimits = {
  memoryBytes: 32 * 1024 * 1024,
  diskBytes: 512 * 1024 * 1024,
  diskFiles: 10_000,
};

/**
 * Archives by digest, in memory and, where a folder is given, on disk.
 *
 * The folder may be shared by processes that are killed at any moment: files appear by rename, are checked when they
 * are read, and one that went missing is only a miss. It is brought within the limits now and then, not at each write.
 */
export class ArchiveCache {
  readonly #memory = new Map<string, Uint8Array>();
  readonly #notes = new Map<string, string>();
  #memoryBytes = 0;
  /** Since the folder was brought within its limits; at first nobody knows. */
  #written = { files: Infinity, bytes: 0 };

  constructor(
    private readonly folder?: string,
    private readonly limits = defaultLimits,
  ) {}

  async get(digest: string): Promise<Uint8Array | undefined> {
    const kept = this.#memory.get(digest);
    if (kept || this.folder === undefined) return kept;
    const file = archiveFile(this.folder, digest);
    const read = await readUsed(file);
    if (!read) return undefined;
    if (digestOf(read) !== digest) {
      await rm(file, { force: true });
      return undefined;
    }
    this.#remember(digest, read);
    return read;
  }

  /** `digest` is that of the archive. A full or read-only disk is no error: the cache is then in memory. */
  async put(digest: string, archive: Uint8Array): Promise<void> {
    if (this.#memory.has(digest)) return;
    this.#remember(digest, archive);
    if (this.folder === undefined) return;
    await this.#write(archiveFile(this.folder, digest), archive);
  }

  /** What was noted under a key. Unlike an archive it cannot be checked: the folder is made for its owner only. */
  async note<Note>(key: string, schema: z.ZodType<Note>): Promise<Note | undefined> {
    const kept = this.#notes.get(key);
    const text = kept ?? (this.folder === undefined ? undefined : await readUsed(noteFile(this.folder, key)));
    if (text === undefined) return undefined;
    try {
      return schema.safeParse(JSON.parse(text.toString())).data;
    } catch {
      return undefined;
    }
  }

  /** Notes something that stays true, such as which archive a commit has. */
  async putNote(key: string, note: object): Promise<void> {
    const text = JSON.stringify(note);
    const [oldest] = this.#notes.keys();
    if (this.#notes.size >= MAX_NOTES && oldest !== undefined) this.#notes.delete(oldest);
    this.#notes.set(key, text);
    if (this.folder !== undefined) await this.#write(noteFile(this.folder, key), text);
  }

  async #write(file: string, content: Uint8Array | string): Promise<void> {
    const { folder = '' } = this;
    const temporary = join(folder, `.${randomUUID()}`);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(temporary, content);
      await rename(temporary, file);
      await this.#tidy(folder, content.length);
    } catch {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  async #tidy(folder: string, bytes: number): Promise<void> {
    const written = this.#written;
    written.files += 1;
    written.bytes += bytes;
    if (written.files < WRITES_BETWEEN_TIDYING && written.bytes < this.limits.diskBytes / 8) return;
    this.#written = { files: 0, bytes: 0 };
    await removeOldest(folder, this.limits);
  }

  #remember(digest: string, archive: Uint8Array): void {
    if (this.#memory.has(digest)) return;
    this.#memory.set(digest, archive);
    this.#memoryBytes += archive.length;
    for (const [oldest, content] of this.#memory) {
      if (this.#memoryBytes <= this.limits.memoryBytes || oldest === digest) break;
      this.#memory.delete(oldest);
      this.#memoryBytes -= content.length;
    }
  }
}

function archiveFile(folder: string, digest: string): string {
  return join(folder, `${digest.replace(':', '-')}.tgz`);
}

function noteFile(folder: string, key: string): string {
  return join(folder, `${createHash('sha256').update(key).digest('hex')}.note`);
}

/** The file, which now counts as used. */
async function readUsed(file: string): Promise<Buffer | undefined> {
  const read = await readFile(file).catch(() => undefined);
  if (read) await utimes(file, new Date(), new Date()).catch(() => undefined);
  return read;
}

/** Archives, notes, and what a killed process left half-written: nothing else in the folder is ours to remove. */
const ours = /^(sha256-[0-9a-f]{64}\.tgz|[0-9a-f]{64}\.note|\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

async function removeOldest(folder: string, { diskBytes, diskFiles }: ArchiveCacheLimits): Promise<void> {
  const names = (await readdir(folder)).filter((name) => ours.test(name));
  const files = await Promise.all(
    names.map(async (name) => ({
      path: join(folder, name),
      about: await stat(join(folder, name)).catch(() => undefined),
    })),
  );
  const byAge = files
    .flatMap(({ path, about }) => (about?.isFile() ? [{ path, bytes: about.size, usedAt: about.mtimeMs }] : []))
    .sort((a, b) => b.usedAt - a.usedAt);
  let total = 0;
  for (const [at, { path, bytes }] of byAge.entries()) {
    total += bytes;
    if (total > diskBytes || at >= diskFiles) await rm(path, { force: true }).catch(() => undefined);
  }
}
