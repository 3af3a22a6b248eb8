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

/**
 * The files of a packed chart, by path within the chart; nothing touches the disk.
 *
 * Refuses what a chart never needs and an attacker does: links and devices, names that lead out of the chart, names
 * that are the same to some file system, and archives that grow beyond the limits.
 */
export async function readArchive(subject: string, archive: Uint8Array): Promise<Map<string, Uint8Array>> {
  const refuse = (reason: string, cause?: unknown): never => {
    throw new ChartError('SHIPIT_CHART_ARCHIVE', `${subject}: ${reason}`, { cause });
  };
  if (archive.length > archiveLimits.packedBytes)
    refuse(`the archive is larger than ${archiveLimits.packedBytes} bytes`);
  const tar = await unpackArchive(archive, refuse);
  const entries = extract();
  Readable.from([tar]).pipe(entries);
  const files = new Map<string, Uint8Array>();
  const seen = new Set<string>();
  let count = 0;
  try {
    for await (const entry of entries) {
      if (++count > archiveLimits.files) refuse(`the archive has more than ${archiveLimits.files} entries`);
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

type Refuse = (reason: string, cause?: unknown) => never;

async function unpackArchive(archive: Uint8Array, refuse: Refuse): Promise<Buffer> {
  const byRatio = Math.max(archive.length * archiveLimits.ratio, archiveLimits.ratioFromBytes);
  const limit = Math.min(archiveLimits.unpackedBytes, byRatio);
  try {
    return await unpack(archive, { maxOutputLength: limit });
  } catch (error) {
    const isTooLarge = error instanceof RangeError || (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
    return refuse(isTooLarge ? `it unpacks to more than ${limit} bytes` : 'it is not a gzip archive', error);
  }
}

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
function pathOf({ name, type }: Header, refuse: Refuse): string | undefined {
  const shown = JSON.stringify(name);
  if (!['file', 'contiguous-file', 'directory'].includes(type ?? '')) {
    refuse(`${shown} is a ${type}: a chart has only files`);
  }
  for (const [test, why] of namesRefused) if (test(name)) refuse(`${shown} ${why}`);
  if (type === 'directory') return undefined;
  const [, ...path] = name.split('/').filter((part) => part !== '' && part !== '.');
  if (path.length === 0) refuse(`${shown} is not in the chart's folder`);
  return path.join('/');
}
