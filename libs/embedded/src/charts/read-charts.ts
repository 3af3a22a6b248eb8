import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { extract, pack } from 'tar-stream';
import { parse } from 'yaml';
import { z } from 'zod';

const ChartMetadata = z.looseObject({ apiVersion: z.string(), name: z.string(), version: z.string() });

export interface PackedChart {
  readonly fileName: string;
  readonly archive: Uint8Array;
  readonly metadata: z.output<typeof ChartMetadata>;
  /** Hexadecimal SHA-256 of the archive, as it stands in an index. */
  readonly digest: string;
}

/** A folder with `*.tgz` and folders of charts, which are packed; or archives by file name. */
export type ChartsToServe = string | ReadonlyMap<string, Uint8Array>;

/** Reads all charts anew. @throws where one is no chart, naming it */
export async function readCharts(charts: ChartsToServe): Promise<PackedChart[]> {
  const archives = typeof charts === 'string' ? await readFolder(charts) : [...charts];
  return Promise.all(archives.map(([fileName, archive]) => describeArchive(fileName, archive)));
}

async function readFolder(folder: string): Promise<[string, Uint8Array][]> {
  const found: [string, Uint8Array][] = [];
  for (const entry of (await readdir(folder)).sort()) {
    const path = join(folder, entry);
    if (entry.endsWith('.tgz')) found.push([entry, await readFile(path)]);
    else if (await isChart(path)) found.push([entry, await packFolder(path)]);
  }
  return found;
}

async function describeArchive(name: string, archive: Uint8Array): Promise<PackedChart> {
  try {
    const metadata = ChartMetadata.parse(parse(await readChartYaml(archive)));
    const digest = createHash('sha256').update(archive).digest('hex');
    return { fileName: `${metadata.name}-${metadata.version}.tgz`, archive, metadata, digest };
  } catch (cause) {
    throw new Error(`${name} is no packed chart`, { cause });
  }
}

async function readChartYaml(archive: Uint8Array): Promise<string> {
  const entries = extract();
  entries.end(gunzipSync(archive));
  let text = '';
  for await (const entry of entries) {
    const isWanted = /^[^/]+\/Chart\.yaml$/.test(entry.header.name);
    for await (const chunk of entry as AsyncIterable<Buffer>) if (isWanted) text += chunk.toString('utf8');
  }
  return text;
}

async function isChart(folder: string): Promise<boolean> {
  return stat(join(folder, 'Chart.yaml')).then(
    (file) => file.isFile(),
    () => false,
  );
}

/** The same bytes for the same files, so that a restart changes no digest. */
async function packFolder(folder: string): Promise<Uint8Array> {
  const { name } = ChartMetadata.parse(parse(await readFile(join(folder, 'Chart.yaml'), 'utf8')));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
  const tar = pack();
  for (const path of paths) {
    tar.entry({ name: `${name}/${path}`, mode: 0o644, mtime: new Date(0) }, await readFile(join(folder, path)));
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar as AsyncIterable<Buffer>) chunks.push(chunk);
  return gzipSync(Buffer.concat(chunks));
}
