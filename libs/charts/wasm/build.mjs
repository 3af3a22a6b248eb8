// Builds the Helm module, bit for bit the same everywhere: `node build.mjs` writes helm.wasm.br and its digest,
// `node build.mjs --check` builds in a temporary folder, compares, and runs the tests in Go.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { goPatches, helmPatches } from './patches.mjs';

const GO_VERSION = 'go1.26.8';
const HELM = 'helm.sh/helm/v4';
const TEMPLATES = 50_000;
const MOST_OUTPUT = 256 * 1024 * 1024;
const MEMORY_MAXIMUM_PAGES = (512 * 1024 * 1024) / 65_536;
const folder = fileURLToPath(new URL('.', import.meta.url));
const artifact = join(folder, 'helm.wasm.br');
const digestFile = join(folder, 'digest');

const check = process.argv.includes('--check');
const go = goVersion();
if (go !== GO_VERSION) {
  const message = `the Helm module is built with exactly ${GO_VERSION}; here is ${go ?? 'no go command'}`;
  if (!check) fail(message);
  console.log(`SKIPPED: ${message}`);
  process.exit(0);
}
const work = mkdtempSync(join(tmpdir(), 'shipit-helm-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
cpSync(folder, work, { recursive: true, filter: (path) => path !== artifact });
patchHelm();
const overlay = patchGo();
if (!check) write(build());
else {
  compare(build());
  test();
}

function goVersion() {
  try {
    return execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8', env: { ...process.env, GOTOOLCHAIN: 'local' } }).trim();
  } catch {
    return undefined;
  }
}

function build() {
  const output = join(work, 'helm.wasm');
  const flags = ['-p', '2', '-buildmode=c-shared', '-trimpath', '-overlay', overlay, '-ldflags', '-s -w -buildid='];
  const env = { GOOS: 'wasip1', GOARCH: 'wasm', CGO_ENABLED: '0' };
  runGo(['build', ...flags, '-o', output, '.'], { stdio: 'inherit', env });
  return withMemoryMaximum(readFileSync(output));
}

/** What is patched is tested on this machine: by Go's own tests, and side by side with what is not patched. */
function test() {
  runGo(['test', './plainyaml', `${HELM}/internal/copystructure`, `${HELM}/pkg/release/v1/util`], { stdio: 'inherit' });
  runGo(['test', '-overlay', overlay, 'text/template', 'text/template/parse'], { stdio: 'inherit' });
  const [expected, patched] = [[], ['-overlay', overlay]].map((flags) => runGo(['run', ...flags, './randomtemplates', `${TEMPLATES}`]).split('\n'));
  const at = expected.findIndex((line, n) => line !== patched[n]);
  if (at >= 0) fail(`the patched text/template gives\n${patched[at]}\nand Go's own\n${expected[at]}\nin line ${at} of randomtemplates ${TEMPLATES}`);
  console.log(`PASSED: ${TEMPLATES} random templates give the same as by Go's own text/template`);
}

function runGo(args, { env, ...options } = {}) {
  const neutral = { GOTOOLCHAIN: 'local', GOFLAGS: '-buildvcs=false', GO111MODULE: 'on', GOWORK: 'off', GOFIPS140: 'off' };
  const settings = { ...neutral, GOEXPERIMENT: '', GOWASM: '', GOOS: '', GOARCH: '' };
  return execFileSync('go', args, { cwd: work, encoding: 'utf8', maxBuffer: MOST_OUTPUT, ...options, env: { ...process.env, ...settings, ...env } });
}

/** Go's own sources with their patches, in the form that `go build -overlay` takes. */
function patchGo() {
  const sources = join(runGo(['env', 'GOROOT']).trim(), 'src');
  patchFiles(goPatches, sources, join(work, '_patch'));
  const overlay = join(work, 'overlay.json');
  const paths = [...new Set([...Object.keys(goPatches), ...filesIn(join(work, '_patch/text')).map((path) => `text/${path}`)])];
  const Replace = Object.fromEntries(paths.map((path) => [join(sources, path), join(work, '_patch', path)]));
  writeFileSync(overlay, JSON.stringify({ Replace }));
  return overlay;
}

/** Helm with its patches in place of the one that go.mod names: Go allows no overlay of a module. */
function patchHelm() {
  const { Path, Dir } = JSON.parse(runGo(['mod', 'download', '-json', HELM]));
  const patched = join(work, '_patched', Path);
  for (const path of filesIn(Dir)) if (isCode(path)) copyFile(join(Dir, path), join(patched, path));
  cpSync(join(work, '_patch', Path), patched, { recursive: true });
  patchFiles(helmPatches, Dir, patched);
  runGo(['mod', 'edit', `-replace=${Path}=./_patched/${Path}`]);
}

function isCode(path) {
  return path.startsWith('go.') || (path.endsWith('.go') && !path.endsWith('_test.go'));
}

function filesIn(root) {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)));
}

/** Not as cpSync does: Go keeps its modules in folders that nobody may write to. */
function copyFile(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, readFileSync(from));
}

function patchFiles(patches, from, to) {
  for (const [path, changes] of Object.entries(patches)) {
    writeFileSync(join(to, path), changes.reduce((source, change) => patch(path, source, change), readFileSync(join(from, path), 'utf8')));
  }
}

function patch(path, source, { after = '', instead = '', before = '', text }) {
  const parts = source.split(after + instead + before);
  if (parts.length !== 2) fail(`${path} has ${parts.length - 1} times, not once: ${after}${instead}${before}`);
  return parts.join(after + text + before);
}

/** Go declares a memory without a maximum; the limit must be in the module, because worker limits do not cover it. */
function withMemoryMaximum(wasm) {
  const MEMORY_SECTION = 5;
  let at = 8;
  while (at < wasm.length) {
    const id = wasm[at];
    const size = readLeb(wasm, at + 1);
    const end = size.next + size.value;
    if (id === MEMORY_SECTION) {
      const count = readLeb(wasm, size.next);
      if (count.value !== 1 || wasm[count.next] !== 0) fail('the memory section is not one memory without a maximum');
      const minimum = readLeb(wasm, count.next + 1);
      const body = Buffer.from([1, 1, ...leb(minimum.value), ...leb(MEMORY_MAXIMUM_PAGES)]);
      return Buffer.concat([wasm.subarray(0, at), Buffer.from([MEMORY_SECTION, ...leb(body.length)]), body, wasm.subarray(end)]);
    }
    at = end;
  }
  return fail('the module has no memory section');
}

function readLeb(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, next: at };
  }
}

function leb(value) {
  const bytes = [];
  do {
    bytes.push((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
    value >>>= 7;
  } while (value > 0);
  return bytes;
}

function write(wasm) {
  const options = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: wasm.length };
  writeFileSync(artifact, brotliCompressSync(wasm, { params: options }));
  writeFileSync(digestFile, `${digestOf(wasm)}\n`);
  console.log(`helm.wasm ${wasm.length} bytes, packed ${readFileSync(artifact).length}, ${digestOf(wasm)}`);
}

function compare(wasm) {
  const recorded = readFileSync(digestFile, 'utf8').trim();
  const committed = digestOf(brotliDecompressSync(readFileSync(artifact)));
  if (committed !== recorded) fail(`helm.wasm.br holds ${committed}, the digest file says ${recorded}`);
  if (digestOf(wasm) !== recorded) fail(`the sources build to ${digestOf(wasm)}, committed is ${recorded}: run node libs/charts/wasm/build.mjs`);
  console.log(`PASSED: the sources build to the committed ${recorded}`);
}

function digestOf(bytes) {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
