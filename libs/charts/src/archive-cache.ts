import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from './pack-chart.js';

const MEMORY_BYTES = 32 * 1024 * 1024;
const DISK_BYTES = 512 * 1024 * 1024;

/**
 * Archives by digest, in memory and, where a folder is given, on disk.
 *
 * The folder may be shared by processes that are killed at any moment: files appear by rename, are checked when they
 * are read, and one that went missing is only a miss.
 */
export class ArchiveCache {
  readonly #memory = new Map<string, Uint8Array>();
  #memoryBytes = 0;

  constructor(private readonly folder?: string) {}

  async get(digest: string): Promise<Uint8Array | undefined> {
    const kept = this.#memory.get(digest);
    if (kept || this.folder === undefined) return kept;
    const file = this.#file(this.folder, digest);
    const read = await readFile(file).catch(() => undefined);
    if (!read) return undefined;
    if (digestOf(read) !== digest) {
      await rm(file, { force: true });
      return undefined;
    }
    await utimes(file, new Date(), new Date()).catch(() => undefined);
    this.#remember(digest, read);
    return read;
  }

  /** `digest` is that of the archive. A full or read-only disk is no error: the cache is then in memory. */
  async put(digest: string, archive: Uint8Array): Promise<void> {
    if (this.#memory.has(digest)) return;
    this.#remember(digest, archive);
    if (this.folder === undefined) return;
    const { folder } = this;
    const temporary = join(folder, `.${randomUUID()}`);
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(temporary, archive);
      await rename(temporary, this.#file(folder, digest));
      await removeOldest(folder);
    } catch {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  #remember(digest: string, archive: Uint8Array): void {
    this.#memory.set(digest, archive);
    this.#memoryBytes += archive.length;
    for (const [oldest, content] of this.#memory) {
      if (this.#memoryBytes <= MEMORY_BYTES || oldest === digest) break;
      this.#memory.delete(oldest);
      this.#memoryBytes -= content.length;
    }
  }

  #file(folder: string, digest: string): string {
    return join(folder, `${digest.replace(':', '-')}.tgz`);
  }
}

/** Also what a killed process left half-written. */
async function removeOldest(folder: string): Promise<void> {
  const names = await readdir(folder);
  const files = await Promise.all(
    names.map(async (name) => ({
      path: join(folder, name),
      about: await stat(join(folder, name)).catch(() => undefined),
    })),
  );
  const byAge = files
    .flatMap(({ path, about }) => (about ? [{ path, bytes: about.size, usedAt: about.mtimeMs }] : []))
    .sort((a, b) => b.usedAt - a.usedAt);
  let total = 0;
  for (const { path, bytes } of byAge) {
    total += bytes;
    if (total > DISK_BYTES) await rm(path, { force: true });
  }
}
