import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { ChartError } from './chart-error.js';
import { type LocalChart, readChartFolder } from './chart-folder.js';
import { digestOf } from './pack-chart.js';
import { archiveLimits, readArchive } from './read-archive.js';

/**
 * A chart in a folder or a packed one in a file of this machine. Its name and version are unknown until it is rendered:
 * `name` is that of the file.
 *
 * @throws ChartError, where Helm refuses the same in Helm's words
 */
export async function readLocalChart(path: string): Promise<LocalChart> {
  const about = await stat(path).catch(() => {
    throw new ChartError('SHIPIT_CHART_NOT_FOUND', `path ${JSON.stringify(path)} not found`);
  });
  if (about.isDirectory()) return readChartFolder(path);
  const archive = await readPacked(path);
  await readArchive(path, archive);
  return { archive, name: basename(path, '.tgz'), version: '', digest: digestOf(archive), links: [] };
}

async function readPacked(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size > archiveLimits.packedBytes) {
      throw refused(`file '${path}' is larger than ${archiveLimits.packedBytes} bytes`);
    }
    const bytes = await file.readFile();
    if (!bytes.subarray(0, 3).equals(gzipSignature)) throw refused(notPacked(path, bytes));
    return bytes;
  } finally {
    await file.close();
  }
}

const gzipSignature = Buffer.from([0x1f, 0x8b, 0x08]);

function notPacked(path: string, bytes: Buffer): string {
  if (/\.ya?ml$/.test(path)) return `file '${path}' seems to be a YAML file, but expected a gzipped archive`;
  // Helm looks at the first 512 bytes, and at zeros where there are fewer.
  const isText = bytes.length >= 512 && !/[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(bytes.subarray(0, 512).toString('latin1'));
  const type = isText ? 'text/plain; charset=utf-8' : 'application/octet-stream';
  return `file '${path}' does not appear to be a gzipped archive; got '${type}'`;
}

function refused(reason: string): ChartError {
  return new ChartError('SHIPIT_CHART_ARCHIVE', reason);
}
