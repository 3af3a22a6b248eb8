// A process of its own for figures that the rest of the bench would disturb: `first-render` or `memory`.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = await mkdtemp(join(tmpdir(), 'shipit-bench-'));
const { largeCharts, usualCharts } = await import('./bench-charts.mjs');
const { startRenderer } = await import('./render-charts.mjs');
const charts = [...(await usualCharts(folder)), ...(await largeCharts(folder))];
await rm(folder, { recursive: true });

const figures = process.argv[2] === 'memory' ? await memory() : await firstRender();
process.send(figures, () => process.exit());

/** Nothing of Helm is loaded before: the engine unpacks, compiles, starts one thread and renders. */
async function firstRender() {
  const started = performance.now();
  const { engine, render } = startRenderer({ workers: 1 });
  await engine.warmUp();
  const warm = performance.now();
  await render(charts[0], 1);
  const end = performance.now();
  return { warmUpMs: warm - started, renderMs: end - warm, engineMs: end - started };
}

async function memory() {
  const marks = process.argv.slice(3).map(Number);
  const { engine, render } = startRenderer({ workers: 2 });
  const rss = [];
  let started = 0;
  for (const mark of marks) {
    const one = async () => {
      while (started < mark) {
        const n = started++;
        await render(charts[n % charts.length], n);
      }
    };
    await Promise.all([one(), one()]);
    rss.push(process.memoryUsage.rss() / 2 ** 20);
  }
  await engine.close();
  return rss;
}
