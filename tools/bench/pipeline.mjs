import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitByScript } from './ci-script.mjs';
import { BenchPlayground } from './playground.mjs';
import { percentiles } from './report.mjs';

const pushesToCommit = 30;
const pushesToDeployed = 10;
const burst = 50;
const repositories = ['word-counts', 'stories-web', 'story-index'];
let playground;

/** What the pipeline takes, in a playground of its own that runs what was built. */
export async function bench() {
  const folder = await mkdtemp(join(tmpdir(), 'shipit-bench-'));
  try {
    return await measure(folder);
  } finally {
    await playground?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(folder) {
  const directory = join(folder, 'playground');
  playground = await BenchPlayground.start(directory);
  const figures = [{ what: 'npm start of what is built, fresh', p50: playground.readyMs, atMost: 10_000 }];
  await playground.stop();
  playground = await BenchPlayground.start(directory);
  figures.push({ what: 'npm start of what is built, with state', p50: playground.readyMs, atMost: 10_000 });
  await playground.untilQuiet();
  await pushToCommit(2); // The first ones warm caches and the code itself.

  const own = percentiles(await pushToCommit(pushesToCommit));
  figures.push({ what: 'push → commit', ...own, atMost: 1_000 });
  const script = percentiles(await commitByScript(playground.ready.git, join(folder, 'script'), pushesToCommit));
  figures.push({ what: 'the same change by clone, edit, commit, push', ...script });
  figures.push({
    what: 'push → commit, as a share of the script, 200 ms of debounce included',
    p50: own.p50 / script.p50,
    unit: '×',
  });
  await playground.untilQuiet();
  figures.push({ what: 'push → Deployed', ...percentiles(await pushToDeployed(pushesToDeployed)), atMost: 5_000 });
  await playground.untilQuiet();
  figures.push(...(await pushBurst()));
  return figures;
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
  const what = `${burst} pushes at once to ${repositories.length} images`;
  return [
    { what: `${what}, until all are right`, p50: all },
    { what: `${what}, commits made`, p50: commits, unit: 'commits', atMost: 3 },
  ];
}
