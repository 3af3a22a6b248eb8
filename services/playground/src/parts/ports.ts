import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

export const parts = ['web', 'redis', 'sqs', 'ecr', 'git', 'charts', 'kubernetes'] as const;
export type Ports = Record<(typeof parts)[number], number>;

/**
 * A port for each part, the same at every start: files in git and queue addresses name them.
 * Free ones are chosen at the first start; the page's is the wanted one where it is free.
 */
export async function choosePorts(directory: string, wantedWebPort: number): Promise<Ports> {
  const file = join(directory, 'ports.json');
  const kept = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as Partial<Ports>,
    (): Partial<Ports> => ({}),
  );
  const ports = {} as Ports;
  for (const part of parts)
    ports[part] = kept[part] ?? (part === 'web' ? await wantedOrFree(wantedWebPort) : await freePort(0));
  await writeFile(file, `${JSON.stringify(ports)}\n`);
  return ports;
}

async function wantedOrFree(port: number): Promise<number> {
  return freePort(port).catch(() => freePort(0));
}

function freePort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const chosen = (server.address() as AddressInfo).port;
      server.close(() => resolve(chosen));
    });
  });
}
