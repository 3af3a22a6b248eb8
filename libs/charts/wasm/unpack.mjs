// A step of the build: unpacks the Helm module, so that a start need not.
import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unpackedFile, unpackHelm } from './compile.mjs';

const file = fileURLToPath(await unpackedFile());
const folder = dirname(file);
const wasm = await unpackHelm();
const digest = createHash('sha256').update(wasm).digest('hex');
if (!file.includes(digest)) throw new Error(`helm.wasm.br holds sha256:${digest}, the file digest says otherwise`);

await mkdir(folder, { recursive: true });
const part = `${file}.${process.pid}`;
await writeFile(part, wasm);
await rename(part, file);
for (const name of await readdir(folder)) {
  if (/^helm-[0-9a-f]+\.wasm/.test(name) && name !== basename(file)) await rm(`${folder}/${name}`);
}
