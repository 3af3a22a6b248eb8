import { type Stats } from 'node:fs';
import { lstat, readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ChartError } from './chart-error.js';
import type { ChartArchive } from './chart-renderer.js';
import { type IsIgnored, parseHelmIgnore } from './helm-ignore.js';
import { packChart } from './pack-chart.js';
import { archiveLimits } from './read-archive.js';

/** Links may lead in circles. */
const MAX_DEPTH = 64;

export interface LocalChart extends ChartArchive {
  /** Symbolic links that were followed, and where to. */
  links: { path: string; resolved: string }[];
}

/**
 * A chart in a folder of this machine, read as Helm reads it: without what its `.helmignore` names, and with what
 * symbolic links lead to. The name and version are those of the folder, for messages; the chart's own are in it.
 *
 * @throws ChartError in Helm's words
 */
export async function readChartFolder(folder: string): Promise<LocalChart> {
  const root = resolve(folder);
  const identity = join(root, 'Chart.yaml');
  if (!(await stat(identity).catch(() => undefined))?.isFile()) {
    const reason = `unable to detect chart at ${identity}: open ${identity}: no such file or directory`;
    throw new ChartError('SHIPIT_CHART_NOT_FOUND', reason);
  }
  const rules = await readFile(join(root, '.helmignore'), 'utf8').catch(() => '');
  const walk = new Walk(root, parseHelmIgnore(rules));
  await walk.readFolder(root, '', 0);
  if (!walk.files.has('Chart.yaml')) throw invalid('Chart.yaml file is missing');
  const packed = await packChart(basename(root) || 'chart', '', walk.files);
  return { ...packed, links: walk.links };
}

class Walk {
  readonly files = new Map<string, Uint8Array>();
  readonly links: LocalChart['links'] = [];
  #bytes = 0;

  constructor(
    private readonly root: string,
    private readonly isIgnored: IsIgnored,
  ) {}

  async readFolder(folder: string, within: string, depth: number): Promise<void> {
    if (depth > MAX_DEPTH) throw invalid(`${folder} stands over ${MAX_DEPTH} folders deep`);
    for (const name of await readdir(folder)) await this.#see(within === '' ? name : `${within}/${name}`, depth);
  }

  async #see(path: string, depth: number): Promise<void> {
    const place = join(this.root, path);
    const about = await this.#follow(place);
    if (this.isIgnored(path, about.isDirectory())) return;
    if (about.isDirectory()) return this.readFolder(place, path, depth + 1);
    if (!about.isFile()) throw invalid(`cannot load irregular file ${place} as it has file mode type bits set`);
    this.#bytes += about.size;
    if (this.#bytes > archiveLimits.unpackedBytes)
      throw invalid(
        `error reading ${path}: chart exceeds maximum decompressed size of ${archiveLimits.unpackedBytes} bytes`,
      );
    if (this.files.size >= archiveLimits.files) throw invalid(`the chart has more than ${archiveLimits.files} files`);
    this.files.set(path, await readFile(place));
  }

  async #follow(place: string): Promise<Stats> {
    const about = await lstat(place);
    if (!about.isSymbolicLink()) return about;
    const resolved = await realpath(place).catch(async () => {
      const target = resolve(dirname(place), await readlink(place));
      throw invalid(`error evaluating symlink ${place}: lstat ${target}: no such file or directory`);
    });
    this.links.push({ path: place, resolved });
    return lstat(resolved);
  }
}

function invalid(reason: string): ChartError {
  return new ChartError('SHIPIT_CHART_INVALID', reason);
}
