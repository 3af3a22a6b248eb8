import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createCertificates, type Certificates } from '../certificates.js';
import type { ObjectStore, Snapshot } from './object-store.js';

export interface Identity {
  certificates: Certificates;
  token: string;
}

const DEBOUNCE = 200;

/** Certificates and token: those of the directory, or new ones (kept there when there is a directory). */
export async function loadIdentity(directory: string | undefined): Promise<Identity> {
  const kept = directory === undefined ? undefined : await readJson<Identity>(join(directory, 'identity.json'));
  if (kept) return kept;
  const identity = { certificates: await createCertificates(), token: randomBytes(24).toString('hex') };
  if (directory !== undefined) await writeWhole(directory, 'identity.json', identity);
  return identity;
}

export async function loadSnapshot(directory: string | undefined): Promise<Snapshot | undefined> {
  return directory === undefined ? undefined : readJson<Snapshot>(join(directory, 'objects.json'));
}

/** Writes the objects to the directory shortly after they change, and once more at the end. */
export function keepSnapshots(store: ObjectStore, directory: string | undefined): () => Promise<void> {
  if (directory === undefined) return () => Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();
  const write = (): Promise<void> => {
    timer = undefined;
    writing = writing.then(() => writeWhole(directory, 'objects.json', store.snapshot()));
    return writing;
  };
  // A failed write is tried again with the next change; the last one is told to the one who closes.
  const unsubscribe = store.subscribe(
    () => (timer ??= setTimeout(() => void write().catch(() => (writing = Promise.resolve())), DEBOUNCE)),
  );
  return async () => {
    unsubscribe();
    clearTimeout(timer);
    await write();
  };
}

async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`The state of the embedded Kubernetes in ${file} cannot be read; remove it to begin anew`, {
      cause: error,
    });
  }
}

/** Either the old or the new content is there, whenever the process ends. */
async function writeWhole(directory: string, name: string, content: unknown): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const temporary = join(directory, `${name}.${process.pid}.tmp`);
  await writeFile(temporary, JSON.stringify(content), { mode: 0o600 });
  await rename(temporary, join(directory, name));
}
