import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import type { ChartArchive } from './chart-renderer.js';

/** Packs files (paths relative to the chart) as `helm package` would, but the same bytes for the same content. */
export async function packChart(
  name: string,
  version: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<ChartArchive> {
  const tar = pack();
  const chunks: Uint8Array[] = [];
  const packed = (async () => {
    for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  })();
  for (const path of [...files.keys()].sort(compareChartPaths)) {
    tar.entry({ name: `${name}/${path}`, mode: 0o644, mtime: new Date(0) }, Buffer.from(files.get(path) ?? []));
  }
  tar.finalize();
  await packed;
  const content = Buffer.concat(chunks);
  // The digest is that of the content: compressed bytes differ between versions of zlib.
  return { archive: gzipSync(content), name, version, digest: digestOf(content) };
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** As a walk through sorted folders sees them, which is how Helm reads them: `crds/a/b.yaml` before `crds/a-b.yaml`. */
function compareChartPaths(a: string, b: string): number {
  const [left, right] = [a, b].map((path) => Buffer.from(path.replaceAll('/', '\0')));
  return Buffer.compare(left!, right!);
}
