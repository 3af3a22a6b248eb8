import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { ChartError } from './chart-error.js';

export const archiveLimits = {
  packedBytes: 10 * 1024 * 1024,
  unpackedBytes: 100 * 1024 * 1024,
  files: 5000,
  /** Unpacked to packed; small archives are padded, so it counts only above `ratioFromBytes`. */
  ratio: 100,
  ratioFromBytes: 1024 * 1024,
};

const unpack = promisify(gunzip);

/** Helm reads packed charts below `charts/`, and those in them. */
const nestedArchive = /^(?:charts\/[^/]+\/)*charts\/[^/_.][^/]*\.tgz$/;
const MAX_NESTING = 5;

/**
 * The files of a packed chart, by path within the chart; nothing touches the disk.
 *
 * Refuses what a chart never needs and an attacker does: links and devices, names that lead out of the chart, names
 * that are the same to some file system, and archives that grow beyond the limits. Packed charts in it are read too,
 * and count.
 */
export async function readArchive(subject: string, archive: Uint8Array): Promise<Map<string, Uint8Array>> {
  const reading = new Reading(subject, archive.length);
  if (archive.length > archiveLimits.packedBytes) {
    reading.refuse(`the archive is larger than ${archiveLimits.packedBytes} bytes`);
  }
  const files = await reading.files(archive);
  await reading.checkNested(files);
  return files;
}

/** Refuses files from a folder as it would refuse them as an archive, and reads the packed charts among them. */
export async function checkFiles(subject: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  let bytes = 0;
  for (const content of files.values()) bytes += content.length;
  const reading = new Reading(subject, bytes);
  if (files.size > archiveLimits.files || bytes > archiveLimits.unpackedBytes) {
    const allowed = `at most ${archiveLimits.files} and ${archiveLimits.unpackedBytes} are allowed`;
    reading.refuse(`${files.size} files with ${bytes} bytes; ${allowed}`);
  }
  await reading.checkNested(files);
}

/** What one chart and the packed charts in it may still take. */
class Reading {
  readonly #limit: number;
  #bytes = 0;
  #entries = 0;

  constructor(
    private readonly subject: string,
    packedBytes: number,
  ) {
    const byRatio = Math.max(packedBytes * archiveLimits.ratio, archiveLimits.ratioFromBytes);
    this.#limit = Math.min(archiveLimits.unpackedBytes, byRatio);
  }

  refuse(reason: string, cause?: unknown): never {
    throw new ChartError('SHIPIT_CHART_ARCHIVE', `${this.subject}: ${reason}`, { cause });
  }

  async checkNested(files: ReadonlyMap<string, Uint8Array>, within = '', depth = 1): Promise<void> {
    for (const [path, content] of files) {
      if (!nestedArchive.test(path)) continue;
      const place = `${within}${path}: `;
      if (depth > MAX_NESTING) this.refuse(`${place}charts are packed in each other more than ${MAX_NESTING} deep`);
      await this.checkNested(await this.files(content, place), place, depth + 1);
    }
  }

  async files(archive: Uint8Array, place = ''): Promise<Map<string, Uint8Array>> {
    const refuse: Refuse = (reason, cause) => this.refuse(`${place}${reason}`, cause);
    const entries = extract();
    Readable.from([await this.#unpack(archive, refuse)]).pipe(entries);
    const files = new Map<string, Uint8Array>();
    const seen = new Set<string>();
    try {
      for await (const entry of entries) {
        if (++this.#entries > archiveLimits.files) refuse(`the archive has more than ${archiveLimits.files} entries`);
        const path = pathOf(entry.header, refuse);
        const content = await readEntry(entry);
        if (path === undefined) continue;
        if (seen.has(path.normalize('NFKC'))) refuse(`${JSON.stringify(path)} is there twice`);
        seen.add(path.normalize('NFKC'));
        files.set(path, content);
      }
    } catch (error) {
      if (error instanceof ChartError) throw error;
      refuse('it is not a tar archive', error);
    }
    if (!files.has('Chart.yaml')) refuse('it has no Chart.yaml in its top folder');
    return files;
  }

  async #unpack(archive: Uint8Array, refuse: Refuse): Promise<Buffer> {
    try {
      const tar = await unpack(archive, { maxOutputLength: Math.max(this.#limit - this.#bytes, 1) });
      this.#bytes += tar.length;
      return tar;
    } catch (error) {
      const isTooLarge = error instanceof RangeError || (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
      return refuse(isTooLarge ? `it unpacks to more than ${this.#limit} bytes` : 'it is not a gzip archive', error);
    }
  }
}

type Refuse = (reason: string, cause?: unknown) => never;

async function readEntry(entry: AsyncIterable<unknown>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of entry) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

const namesRefused: [test: (name: string) => boolean, why: string][] = [
  [(name) => name.includes('\0'), 'has a NUL in its name'],
  [(name) => name.includes('\\'), 'has a backslash in its name'],
  [(name) => name.startsWith('/') || /^[a-z]:/i.test(name), 'is an absolute name'],
  [(name) => name.split('/').includes('..'), 'leads out of the chart'],
];

/** The path within the chart; undefined for a folder. */
function pathOf({ name, type, pax }: Header, refuse: Refuse): string | undefined {
  const shown = JSON.stringify(name);
  if (!['file', 'contiguous-file', 'directory'].includes(type ?? '')) {
    refuse(`${shown} is a ${type}: a chart has only files`);
  }
  // Such a file is much larger than what of it is in the archive.
  if (Object.keys(pax ?? {}).some((key) => key.startsWith('GNU.sparse'))) refuse(`${shown} is a sparse file`);
  for (const [test, why] of namesRefused) if (test(name)) refuse(`${shown} ${why}`);
  if (type === 'directory') return undefined;
  const [, ...path] = name.split('/').filter((part) => part !== '' && part !== '.');
  if (path.length === 0) refuse(`${shown} is not in the chart's folder`);
  return path.join('/');
}
