import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';

export type TarEntry = Partial<Omit<Header, 'pax'>> & {
  name: string;
  content?: string | Uint8Array;
  pax?: Record<string, string>;
};

export const chartYaml: TarEntry = { name: 'web/Chart.yaml', content: 'apiVersion: v2\nname: web\nversion: 1.2.3\n' };

export async function tarOf(entries: readonly TarEntry[]): Promise<Buffer> {
  const tar = pack();
  const chunks: Uint8Array[] = [];
  const packed = (async () => {
    for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  })();
  for (const { content, ...header } of entries) {
    const isFile = header.type === undefined || header.type === 'file';
    tar.entry(header, Buffer.from(content ?? (isFile ? 'x' : '')));
  }
  tar.finalize();
  await packed;
  return Buffer.concat(chunks);
}

/** A good chart with these entries after it. */
export async function archiveWith(...entries: TarEntry[]): Promise<Uint8Array> {
  return gzipSync(await tarOf([chartYaml, ...entries]));
}

/** A header of which every field may lie, and what follows it. */
export function rawEntry(
  { name, size, type = '0' }: { name: string; size: string | Uint8Array; type?: string },
  content: string,
): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write('0000644\x000000000\x000000000\x00', 100);
  header.set(Buffer.from(size).subarray(0, 12), 124);
  header.write('00000000000\0', 136);
  header.write(type, 156);
  header.write('ustar\x0000', 257);
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padding = Buffer.alloc((512 - (Buffer.byteLength(content) % 512)) % 512);
  return Buffer.concat([header, Buffer.from(content), padding]);
}

/** A good chart with raw entries after it. */
export async function archiveWithRaw(...entries: Buffer[]): Promise<Uint8Array> {
  const whole = await tarOf([chartYaml]);
  return gzipSync(Buffer.concat([whole.subarray(0, -1024), ...entries, Buffer.alloc(1024)]));
}

export function octal(size: number): string {
  return `${size.toString(8).padStart(11, '0')}\0`;
}
