import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

/** An answer without an end, as fast as it is read. For tests. */
export function answerWithoutEnd(response: ServerResponse): void {
  const chunk = Buffer.alloc(64 * 1024, 'a');
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more);
  more();
}

/** A chart with a symbolic link in it. For tests. */
export async function archiveWithLink(): Promise<Uint8Array> {
  const tar = pack();
  tar.entry({ name: 'web/Chart.yaml' }, 'apiVersion: v2\nname: web\nversion: 1.2.3\n');
  tar.entry({ name: 'web/values.yaml', type: 'symlink', linkname: '/etc/passwd' });
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  return gzipSync(Buffer.concat(chunks));
}
