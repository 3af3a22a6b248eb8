import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

/** Those of the playground's own process, which nobody else may have: files in git and queue addresses name them. */
const ownParts = ['sqs', 'ecr', 'git', 'charts', 'kubernetes'] as const;
const parts = ['web', 'redis', ...ownParts] as const;
export type Ports = Record<(typeof parts)[number], number>;

/** @throws where a program, most likely a playground with the same directory, has a port that the directory keeps. */
export async function ensureNothingRuns(directory: string): Promise<void> {
  const kept = await readPorts(directory);
  for (const part of ownParts) {
    const port = kept[part];
    if (port === undefined) continue;
    await listenOnce(port).catch(() => {
      throw new Error(
        `port ${port}, which ${directory} keeps for ${part}, is in use: ` +
          'stop the playground that runs there, or take another --directory',
      );
    });
  }
}

/**
 * A port for each part, the same at every start. Free ones are chosen at the first start; the page's is the wanted one where
 * that is free, else the one it had before, else another.
 */
export async function choosePorts(directory: string, wantedWebPort: number): Promise<Ports> {
  const kept = await readPorts(directory);
  const ports = { ...kept } as Ports;
  ports.web = await firstFree([wantedWebPort, kept.web ?? 0, 0]);
  for (const part of parts) ports[part] ??= await listenOnce(0);
  await writeFile(fileIn(directory), `${JSON.stringify(ports)}\n`);
  return ports;
}

function readPorts(directory: string): Promise<Partial<Ports>> {
  return readFile(fileIn(directory), 'utf8').then(
    (text) => JSON.parse(text) as Partial<Ports>,
    () => ({}),
  );
}

function fileIn(directory: string): string {
  return join(directory, 'ports.json');
}

async function firstFree([port = 0, ...others]: readonly number[]): Promise<number> {
  if (port === 0 && (others[0] ?? 0) !== 0) return firstFree(others);
  return listenOnce(port).catch(() => firstFree(others));
}

/** The port, free a moment ago; any for 0. */
function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const chosen = (server.address() as AddressInfo).port;
      server.close(() => resolve(chosen));
    });
  });
}
