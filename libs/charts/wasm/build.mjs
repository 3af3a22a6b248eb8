// Builds the Helm module, bit for bit the same everywhere: `node build.mjs` writes helm.wasm.br and its digest,
// `node build.mjs --check` builds in a temporary folder and compares.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

const GO_VERSION = 'go1.26.8';
const MEMORY_MAXIMUM_PAGES = (512 * 1024 * 1024) / 65_536;
const folder = fileURLToPath(new URL('.', import.meta.url));
const artifact = join(folder, 'helm.wasm.br');
const digestFile = join(folder, 'digest');

// Go's template package tells where it is (what ends a module in the middle leaves nobody to ask), keeps what it parsed,
// and copies its functions whole, not one by one, for each `tpl` of a chart. Each text must be there exactly once; what is
// added besides lies in _patch.
const added = ['text/template/position.go', 'text/template/parse/kept.go'];
const patches = {
  'text/template/exec.go': [
    { after: 'func (t *Template) execute(wr io.Writer, data any) (err error) {\n\tdefer errRecover(&err)\n', text: '\tdefer enter()()\n' },
    { after: 'type state struct {\n', text: '\tline  int\n' },
    { after: '\ts.at(pipe)\n', text: '\ts.line = pipe.Line\n\ts.tell()\n' },
    { before: '\tv, err := safeCall(fun, argv)\n', text: '\ts.tell()\n' },
  ],
  'text/template/template.go': [
    { after: 'func (t *Template) Parse(text string) (*Template, error) {\n', text: '\ttellParsing(t.name)\n' },
    { instead: '\tmaps.Copy(nt.parseFuncs, t.parseFuncs)\n', text: '\tnt.parseFuncs = maps.Clone(t.parseFuncs)\n' },
    { instead: '\tmaps.Copy(nt.execFuncs, t.execFuncs)\n', text: '\tnt.execFuncs = maps.Clone(t.execFuncs)\n' },
  ],
  'text/template/parse/parse.go': [{ after: '\nfunc ', text: 'new', before: 'Parse(name, text, leftDelim, rightDelim string,' }],
};

const check = process.argv.includes('--check');
const go = goVersion();
if (go !== GO_VERSION) {
  const message = `the Helm module is built with exactly ${GO_VERSION}; here is ${go ?? 'no go command'}`;
  if (!check) fail(message);
  console.log(`SKIPPED: ${message}`);
  process.exit(0);
}
if (check) compare(build());
else write(build());

function goVersion() {
  try {
    return execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8', env: { ...process.env, GOTOOLCHAIN: 'local' } }).trim();
  } catch {
    return undefined;
  }
}

function build() {
  const work = mkdtempSync(join(tmpdir(), 'shipit-helm-'));
  try {
    cpSync(folder, work, { recursive: true, filter: (path) => path !== artifact });
    const output = join(work, 'helm.wasm');
    const flags = ['-p', '2', '-buildmode=c-shared', '-trimpath', '-overlay', writeOverlay(work), '-ldflags', '-s -w -buildid='];
    execFileSync('go', ['build', ...flags, '-o', output, '.'], {
      cwd: work,
      stdio: 'inherit',
      env: {
        ...process.env,
        GOOS: 'wasip1',
        GOARCH: 'wasm',
        CGO_ENABLED: '0',
        GOTOOLCHAIN: 'local',
        GOFLAGS: '-buildvcs=false',
        GOEXPERIMENT: '',
        GOWASM: '',
        GOWORK: 'off',
      },
    });
    return withMemoryMaximum(readFileSync(output));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Go's own sources with the patches, in the form that `go build -overlay` takes. */
function writeOverlay(work) {
  const sources = join(execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim(), 'src');
  for (const [path, changes] of Object.entries(patches)) {
    writeFileSync(join(work, '_patch', path), changes.reduce(patch, readFileSync(join(sources, path), 'utf8')));
  }
  const paths = [...Object.keys(patches), ...added];
  const overlay = join(work, 'overlay.json');
  const Replace = Object.fromEntries(paths.map((path) => [join(sources, path), join(work, '_patch', path)]));
  writeFileSync(overlay, JSON.stringify({ Replace }));
  return overlay;
}

function patch(source, { after = '', instead = '', before = '', text }) {
  const parts = source.split(after + instead + before);
  if (parts.length !== 2) fail(`text/template of ${GO_VERSION} has ${parts.length - 1} times, not once: ${after}${instead}${before}`);
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
