import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { countDamaged, setByDocuments, setBySed } from './edit-alternatives.mjs';
import { repository, writeFiles } from './edit-files.mjs';
import { benchIndex } from './index-releases.mjs';
import { percentiles } from './report.mjs';

const count = 2000;
const rounds = 5;
const cli = new URL('../../services/cli/', import.meta.url);

/** Setting an image in files beside what else could do it, and the committer's index of releases. */
export async function bench() {
  const { runCommand } = await import(new URL('dist/run-command.js', cli).href).catch((cause) => {
    throw new Error('The services are not built: npm run build', { cause });
  });
  const folder = await mkdtemp(join(tmpdir(), 'shipit-bench-'));
  try {
    const some = await inFolder(join(folder, 'some'), { runCommand, share: 0.1 });
    const all = await inFolder(join(folder, 'all'), { runCommand, share: 1 });
    return [...some, ...all, ...(await benchIndex(heapMegabytes))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Turn by turn, so that whatever else the machine does slows all. */
async function inFolder(folder, { runCommand, share }) {
  const files = await writeFiles(folder, { count, share });
  const times = { own: [], documents: [], sed: [] };
  const tag = 'v2.0.0';
  let texts = [];
  await setByShipit(runCommand, folder, tag, files);
  const cpu = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    times.own.push(await timed(() => setByShipit(runCommand, folder, tag, files)));
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1000);
    times.documents.push(await timed(async () => (texts = await setByDocuments(files, tag))));
    times.sed.push(await timed(() => setBySed(folder, tag)));
  }
  const commands = [];
  for (let round = 0; round < 3; round += 1) commands.push(await timed(() => setInProcess(folder, tag)));
  const [own, documents, sed] = [times.own, times.documents, times.sed].map(percentiles);
  const note = `read, located, edited, shown; ${percentiles(cpu).p50.toFixed(0)} ms of CPU`;
  const where = share === 1 ? 'the image in all' : `the image in ${share * 100} %`;
  const damaged = `${countDamaged(files, texts, tag)} of ${files.filter(({ isUsed }) => isUsed).length} files changed outside the value`;
  return [
    {
      what: `image set, ${count} files of 1 kB, ${where}`,
      ...own,
      atMost: 1_000,
      note,
    },
    { what: '  as a command, Node.js started', ...percentiles(commands) },
    { what: '  by parse and stringify of the same parser', ...documents, note: damaged },
    { what: '  Ship-it ÷ parse and stringify', p50: own.p50 / documents.p50, unit: '×' },
    { what: '  by sed, the lower bound', ...sed, note: 'misses tags beside the name' },
  ];
}

/** @throws Error where what is fast would be wrong */
async function setByShipit(runCommand, folder, tag, files) {
  let changed = 0;
  const code = await runCommand(['image', 'set', `${repository}:${tag}`, folder], {
    environment: {},
    columns: undefined,
    write: (text) => (changed += text.startsWith('--- a/') ? 1 : 0),
    writeError: (text) => console.error(text),
    readInput: async () => new Uint8Array(),
    stopping: () => new AbortController().signal,
  });
  const expected = files.filter(({ isUsed }) => isUsed).length;
  if (code !== 0 || changed !== expected) throw new Error(`image set changed ${changed} of ${expected} files`);
}

function setInProcess(folder, tag) {
  const args = [fileURLToPath(new URL('bin/shipit.js', cli)), 'image', 'set', `${repository}:${tag}`, folder];
  return promisify(execFile)(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 });
}

async function timed(work) {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function heapMegabytes() {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}
