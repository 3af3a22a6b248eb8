import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { brotliDecompress } from 'node:zlib';

const unpack = promisify(brotliDecompress);
const wholeModule = 64 * 1024 * 1024;
// V8 optimizes a function after 1.8 MB of its code have run, of which Helm's start alone has hundreds: the first render
// then waits for the compiler. From here on it is what runs in each render.
const optimizeAfterBytes = 600_000_000;
let compiled;

/** Compiled once in a process, and shared by all threads. */
export function compileHelm() {
  if (!compiled) setFlagsFromString(`--wasm-tiering-budget=${optimizeAfterBytes}`);
  compiled ??= readHelm()
    .then((bytes) => WebAssembly.compile(bytes))
    .catch((error) => {
      // The next caller tries again.
      compiled = undefined;
      throw error;
    });
  return compiled;
}

/** What a build has unpacked, which takes a third of the time that unpacking does; without it, unpacked here. */
async function readHelm() {
  const unpacked = await readFile(await unpackedFile()).catch(() => undefined);
  return unpacked ?? unpackHelm();
}

export async function unpackHelm() {
  // In one piece: the many small ones of the default take longer than the unpacking.
  return unpack(await readFile(new URL('helm.wasm.br', import.meta.url)), { chunkSize: wholeModule });
}

/** Its name has the digest, so that it is never that of another version. */
export async function unpackedFile() {
  const digest = await readFile(new URL('digest', import.meta.url), 'utf8');
  return new URL(`../dist/helm-${digest.trim().slice('sha256:'.length)}.wasm`, import.meta.url);
}
