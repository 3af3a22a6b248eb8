import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { largeCharts, usualCharts } from './bench-charts.mjs';
import { findHelm, helm, helmArguments, helmByXargs } from './helm-process.mjs';
import { startRenderer } from './render-charts.mjs';
import { percentiles } from './report.mjs';

const small = 'service';
const warmingRenders = 40;
const rounds = 9;
const rendersInRound = 3;
const releases = 200;
const repeats = 3;
const firstRenders = 5;
const marks = [200, 1000, 2000];

const command = findHelm();
const note = command
  ? ''
  : 'no helm in KUBEBUILDER_ASSETS or on PATH: no ratio (tools/control-plane/build.sh builds one)';

/** Charts rendered in this process, beside `helm template` doing the same, where there is a helm. */
export async function bench() {
  const folder = await mkdtemp(join(tmpdir(), 'shipit-bench-'));
  const renderer = startRenderer({ workers: 2 });
  try {
    const usual = await usualCharts(folder, command);
    const large = await largeCharts(folder);
    const charts = [...usual, ...large];
    for (const chart of charts) await checkEqual(chart, renderer);
    await allReleases(charts, renderer, warmingRenders * charts.length);
    const figures = [];
    for (const chart of charts) figures.push(...(await oneRender(chart, renderer)));
    figures.push(...(await manyReleases(usual, renderer, 8)));
    figures.push(...(await manyReleases([...usual.slice(0, 3), ...large], renderer, 8)));
    await renderer.engine.close();
    return [...figures, ...(await firstRender()), ...(await memory())];
  } finally {
    await renderer.engine.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What is faster but different would be no comparison. */
async function checkEqual(chart, { print }) {
  for (const n of command ? [2, 3] : []) {
    const expected = await helm(command, await helmArguments(chart, n));
    if ((await print(chart, n)) !== expected) throw new Error(`${chart.name} renders otherwise than by ${command}`);
  }
}

/** Turn by turn, so that whatever else the machine does slows both. */
async function oneRender(chart, { print, render }) {
  const times = { text: [], objects: [], helm: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (let n = 0; n < rendersInRound; n += 1) {
      times.text.push(await timed(() => print(chart, n)));
      times.objects.push(await timed(() => render(chart, n)));
    }
    const args = await helmArguments(chart, round);
    if (command) times.helm.push(await timed(() => helm(command, args)));
  }
  const own = percentiles(times.text);
  const what = `${chart.name} (${chart.templates} templates)`;
  return [
    { what: `${what}, to text`, ...own },
    { what: `${what}, to objects`, ...percentiles(times.objects) },
    ...comparison(what, own.p50, times.helm, chart.name === small ? 5 : undefined),
  ];
}

async function manyReleases(charts, renderer, atLeast) {
  const times = { own: [], cold: [], helm: [] };
  const lines = [];
  for (let n = 0; n < releases; n += 1) lines.push(await helmArguments(charts[n % charts.length], n));
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    times.own.push(await timed(() => allReleases(charts, renderer, releases)));
    times.cold.push(await timed(() => coldReleases(charts)));
    if (command) times.helm.push(await timed(() => helmByXargs(command, lines)));
  }
  const own = percentiles(times.own);
  const names = charts.map(({ name }) => name).join(', ');
  const what = `${releases} releases of ${charts.length} charts (${names}) on 2 workers`;
  return [
    { what, ...own },
    { what: `${what}, the engine's start included`, ...percentiles(times.cold) },
    ...comparison(what, own.p50, times.helm, atLeast),
  ];
}

async function coldReleases(charts) {
  const renderer = startRenderer({ workers: 2 });
  await allReleases(charts, renderer, releases);
  await renderer.engine.close();
}

async function allReleases(charts, { print }, count) {
  await Promise.all(Array.from({ length: count }, (_, n) => print(charts[n % charts.length], n)));
}

function comparison(what, own, times, atLeast) {
  if (!command) return atLeast ? [{ what: `${what}: times faster than helm template`, unit: '×', atLeast, note }] : [];
  const theirs = percentiles(times);
  return [
    { what: `${what}, by helm template`, ...theirs },
    { what: `${what}: times faster than helm template`, p50: theirs.p50 / own, unit: '×', ...(atLeast && { atLeast }) },
  ];
}

async function firstRender() {
  const runs = [];
  for (let n = 0; n < firstRenders; n += 1) {
    const started = performance.now();
    const figures = await inProcess('first-render');
    runs.push({ ...figures, processMs: performance.now() - started });
  }
  const figure = (name) => percentiles(runs.map((run) => run[name]));
  return [
    { what: `first render of ${small}, from new HelmEngine on`, ...figure('engineMs'), atMost: 600 },
    { what: '… of it until the engine is warm', ...figure('warmUpMs') },
    { what: '… of it the render', ...figure('renderMs') },
    { what: `first render of ${small}, from the start of a process on`, ...figure('processMs') },
  ];
}

async function memory() {
  const sizes = await inProcess('memory', ...marks.map(String));
  const growth = (sizes[2] / sizes[1] - 1) * 100;
  return [
    ...sizes.map((size, at) => ({ what: `resident memory after ${marks[at]} renders`, p50: size, unit: 'MiB' })),
    { what: `… its growth from ${marks[1]} to ${marks[2]}`, p50: growth, unit: '%', atMost: 5 },
  ];
}

/** Runs chart-process.mjs, which answers with one message. */
async function inProcess(...args) {
  const child = fork(fileURLToPath(new URL('chart-process.mjs', import.meta.url)), args);
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`chart-process.mjs ${args[0]} ended with ${code}`)));
  });
}

async function timed(run) {
  const started = performance.now();
  await run();
  return performance.now() - started;
}
