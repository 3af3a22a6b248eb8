import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';

const unpack = promisify(brotliDecompress);
let compiled;

/** Unpacked and compiled once in a process, and shared by all threads. */
export function compileHelm() {
  compiled ??= readFile(new URL('helm.wasm.br', import.meta.url))
    .then((packed) => unpack(packed))
    .then((bytes) => WebAssembly.compile(bytes));
  return compiled;
}
