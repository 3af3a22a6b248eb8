import { ChartError } from './chart-error.js';
import type { GitPackObject } from './git-pack.js';
import { archiveLimits } from './read-archive.js';

type Objects = ReadonlyMap<string, GitPackObject>;

interface TreeEntry {
  mode: string;
  name: string;
  id: string;
}

const FOLDER = '40000';
const FILES = ['100644', '100755', '100664'];
const MAX_DEPTH = 64;

/**
 * The files below a folder of a commit, by path relative to it; none where it has no Chart.yaml.
 * @throws ChartError where something in there is neither file nor folder, or has a name that a chart never has
 */
export function readChartFolder(
  subject: string,
  objects: Objects,
  commit: string,
  folder: string,
): Map<string, Buffer> {
  const reader = new FolderReader(subject, objects);
  const tree = reader.find(commit, folder === '' ? [] : folder.split('/'));
  if (tree !== undefined && reader.isChart(tree)) reader.read(tree, '', 0);
  return reader.files;
}

class FolderReader {
  readonly files = new Map<string, Buffer>();
  readonly #names = new Set<string>();
  #bytes = 0;
  #folders = 0;

  constructor(
    private readonly subject: string,
    private readonly objects: Objects,
  ) {}

  find(commit: string, path: readonly string[]): string | undefined {
    const text = this.#object(commit, 'commit').toString('latin1');
    let tree = /^tree ([0-9a-f]{40})\n/.exec(text)?.[1];
    for (const name of path) {
      const entry = tree === undefined ? undefined : this.#entries(tree).find((each) => each.name === name);
      tree = entry?.mode === FOLDER ? entry.id : undefined;
    }
    return tree;
  }

  isChart(tree: string): boolean {
    return this.#entries(tree).some(({ name }) => name === 'Chart.yaml');
  }

  read(tree: string, prefix: string, depth: number): void {
    if (depth > MAX_DEPTH || ++this.#folders > archiveLimits.files) this.#refuse(`${prefix} has too many folders`);
    for (const { mode, name, id } of this.#entries(tree)) {
      const path = `${prefix}${name}`;
      if (/[/\\\0]/.test(name) || ['', '.', '..'].includes(name)) this.#refuse(`${JSON.stringify(path)} is no name`);
      if (mode === FOLDER) this.read(id, `${path}/`, depth + 1);
      else if (FILES.includes(mode)) this.#add(path, this.#object(id, 'blob'));
      else this.#refuse(`${JSON.stringify(path)} is a link or another repository: a chart has only files`);
    }
  }

  #add(path: string, content: Buffer): void {
    if (this.#names.has(path.normalize('NFKC'))) this.#refuse(`${JSON.stringify(path)} is there twice`);
    this.#names.add(path.normalize('NFKC'));
    this.files.set(path, content);
    this.#bytes += content.length;
    if (this.files.size > archiveLimits.files || this.#bytes > archiveLimits.unpackedBytes) {
      this.#refuse(`it has more than ${archiveLimits.files} files or ${archiveLimits.unpackedBytes} bytes`);
    }
  }

  #entries(tree: string): TreeEntry[] {
    const bytes = this.#object(tree, 'tree');
    const entries: TreeEntry[] = [];
    for (let at = 0; at < bytes.length;) {
      const space = bytes.indexOf(0x20, at);
      const end = bytes.indexOf(0, space);
      if (space < 0 || end < 0 || end + 21 > bytes.length) this.#refuse(`folder ${tree} cannot be read`);
      const id = bytes.toString('hex', end + 1, end + 21);
      entries.push({ mode: bytes.toString('latin1', at, space), name: bytes.toString('utf8', space + 1, end), id });
      at = end + 21;
    }
    return entries;
  }

  #object(id: string, type: GitPackObject['type']): Buffer {
    const object = this.objects.get(id);
    if (object?.type !== type) return this.#refuse(`the git server did not send ${type} ${id}`);
    return object.bytes;
  }

  #refuse(reason: string): never {
    throw new ChartError('SHIPIT_CHART_ARCHIVE', `${this.subject}: ${reason}`);
  }
}
