// `npm run bench`: what the pipeline takes on this machine, as one table, or as JSON with --json.
// Runs what was built, in a playground of its own in a temporary directory. Prints promises as kept or missed; fails for none.
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitByScript } from './ci-script.mjs';
import { BenchPlayground } from './playground.mjs';
import { percentiles, printTable } from './report.mjs';

const pushesToCommit = 30;
const pushesToDeployed = 10;
const burst = 50;
const repositories = ['word-counts', 'stories-web', 'story-index'];
const isJson = process.argv.includes('--json');

const folder = await mkdtemp(join(tmpdir(), 'shipit-bench-'));
const directory = join(folder, 'playground');
let playground;
try {
  playground = await BenchPlayground.start(directory);
  const figures = [{ what: 'npm start of what is built, fresh', ...one(playground.readyMs), promise: 10_000 }];
  await playground.stop();
  playground = await BenchPlayground.start(directory);
  figures.push({ what: 'npm start of what is built, with state', ...one(playground.readyMs), promise: 10_000 });
  await playground.untilQuiet();
  await pushToCommit(2); // The first ones warm caches and the code itself.

  figures.push({ what: 'push → commit', ...percentiles(await pushToCommit(pushesToCommit)), promise: 1_000 });
  const script = percentiles(await commitByScript(playground.ready.git, join(folder, 'script'), pushesToCommit));
  figures.push({ what: 'the same change by clone, edit, commit, push', ...script });
  await playground.untilQuiet();
  figures.push({ what: 'push → Deployed', ...percentiles(await pushToDeployed(pushesToDeployed)), promise: 5_000 });
  await playground.untilQuiet();
  figures.push(await pushBurst());
  report(figures, script);
} finally {
  await playground?.stop();
  await rm(folder, { recursive: true, force: true });
}

/** From the registry's answer to the branch's new tip, one push after the other. */
async function pushToCommit(count) {
  const times = [];
  for (let n = 0; n < count; n += 1) {
    const before = await playground.tip();
    await playground.push('word-counts');
    const started = performance.now();
    await playground.until(async () => (await playground.tip()) !== before);
    times.push(performance.now() - started);
  }
  return times;
}

async function pushToDeployed(count) {
  const times = [];
  for (let n = 0; n < count; n += 1) {
    const { tag } = await playground.push('word-counts');
    const started = performance.now();
    await playground.until(() => playground.isDeployed('word-counts', [tag]));
    times.push(performance.now() - started);
  }
  return times;
}

/** Many pushes at once to a few repositories: until each release runs its newest image, and nothing is left to do. */
async function pushBurst() {
  const before = await playground.countCommits();
  const started = performance.now();
  const pushes = Array.from({ length: burst }, (_, n) => playground.push(repositories[n % repositories.length]));
  await Promise.all(pushes);
  for (const repository of repositories) {
    const newest = await playground.newestTags(repository);
    await playground.until(() => playground.isDeployed(repository, newest));
  }
  const all = performance.now() - started;
  await playground.untilQuiet();
  const commits = (await playground.countCommits()) - before;
  return { what: `${burst} pushes at once, until all are right`, p50: all, commits, commitsPromise: 3 };
}

function one(ms) {
  return { p50: ms };
}

function report(figures, script) {
  const own = figures.find(({ what }) => what === 'push → commit');
  const ratio = own.p50 / script.p50;
  if (isJson) {
    console.log(JSON.stringify({ cpus: cpus().length, node: process.version, figures, toScript: ratio }, null, 2));
    return;
  }
  printTable(figures);
  console.log(`push → commit takes ${ratio.toFixed(2)} times as long as the script, 200 ms of debounce included`);
}
