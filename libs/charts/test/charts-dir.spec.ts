import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { findHelm, helm } from '@shipit/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { ChartError } from '../src/chart-error.js';
import { HelmEngine } from '../src/helm-engine.js';
import { HelmRenderer } from '../src/helm-renderer.js';
import { readLocalChart } from '../src/local-chart.js';
import { crashed, otherApiVersion, printed, reasonOf } from './as-helm-prints.js';

const root = process.env['CHARTS_DIR'];
const command = findHelm();
const MAX_DEPTH = 3;
/** How often Helm is asked again before its answers count as what it can say. */
const MAX_RUNS = 6;

const engine = new HelmEngine({ workers: 1 });
afterAll(() => engine.close());

describe.skipIf(!root || !command)(
  'every chart of a folder, as helm template prints it (needs a folder in CHARTS_DIR and helm 4)',
  () => {
    it.each(root ? [...chartsIn(root)].flatMap(withValues) : [['none', '', []] as const])(
      '%s',
      async (_title, path, values) => {
        const actual = await byShipIt(path, values);
        const first = await byHelm(path, values);
        if (actual === first || isRefusedAlike(actual, first)) return;
        const answers = [first];
        while (answers.length < MAX_RUNS) answers.push(await byHelm(path, values));
        if (!answers.includes(actual)) expect(withoutChance(actual, answers)).toBe(withoutChance(first, answers));
      },
    );
  },
);

function* chartsIn(folder: string, depth = 0): Generator<string> {
  if (existsSync(join(folder, 'Chart.yaml'))) {
    yield folder;
    return;
  }
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth < MAX_DEPTH) yield* chartsIn(path, depth + 1);
    if (entry.isFile() && entry.name.endsWith('.tgz')) yield path;
  }
}

/** With its defaults, and with each of the files that chart-testing would use. */
function withValues(path: string): [title: string, path: string, values: string[]][] {
  const title = relative(root ?? '', path) || basename(path);
  const folder = join(path, 'ci');
  const files = path.endsWith('.tgz') || !existsSync(folder) ? [] : readdirSync(folder);
  const chosen = files.filter((file) => file.endsWith('-values.yaml')).sort();
  return [
    [title, path, []],
    ...chosen.map((file): [string, string, string[]] => [`${title} with ${file}`, path, [join(folder, file)]]),
  ];
}

async function byShipIt(path: string, files: readonly string[]): Promise<string> {
  try {
    const chart = await readLocalChart(path);
    const values = files.map((file) => readFileSync(file, 'utf8'));
    const target = { name: 'shop', namespace: 'prod', revision: 1, isUpgrade: false };
    return printed(await new HelmRenderer(engine).render({ chart, values, ...target, isTextOnly: true }));
  } catch (error) {
    if (error instanceof ChartError && error.code === 'SHIPIT_CHART_ARCHIVE') return refusedArchive;
    return reasonOf((error as Error).message);
  }
}

async function byHelm(path: string, files: readonly string[]): Promise<string> {
  const flags = ['-n', 'prod', '--include-crds', ...files.flatMap((file) => ['-f', file])];
  const said = await helm(command ?? '', ['template', 'shop', path, ...flags]);
  return said.startsWith('failed: ') ? reasonOf(said.slice('failed: '.length)) : said;
}

/** An archive is refused before Helm would see what is in it. */
const refusedArchive = 'failed: the archive';

/** Where Helm crashes, and where it first looks for more that is wrong with a chart it does not take anyway. */
function isRefusedAlike(actual: string, first: string): boolean {
  const isFailed = actual.startsWith('failed: ') && first.startsWith('failed: ');
  return isFailed && (first === crashed || actual === otherApiVersion || actual === refusedArchive);
}

/** Lines in which Helm does not agree with itself: what random functions and the time made, or the order of maps. */
function withoutChance(text: string, answers: readonly string[]): string {
  const all = answers.map((answer) => answer.split('\n'));
  return text
    .split('\n')
    .map((line, at) => (all.every((lines) => lines[at] === all[0]?.[at]) ? line : '(by chance)'))
    .join('\n');
}
