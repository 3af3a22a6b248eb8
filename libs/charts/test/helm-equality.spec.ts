import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printed, reasonOf } from './as-helm-prints.js';
import { cases, type EqualityCase } from './equality-cases.js';
import { findHelm, helm } from '@shipit/testing';
import { HelmEngine } from '../src/helm-engine.js';
import { HelmRenderer } from '../src/helm-renderer.js';
import { chartFiles, chartOf } from '../src/in-memory-chart-source.js';

const command = findHelm();
const engine = new HelmEngine({ workers: 1 });
let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'shipit-equal-'))));
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

describe.skipIf(!command)('the same bytes as `helm template` (needs helm 4 in KUBEBUILDER_ASSETS or on PATH)', () => {
  it.each(Object.entries(cases))('for a chart with %s', async (title, example) => {
    const expected = await byHelm(join(folder, title.replaceAll(/\W+/g, '-')), example);
    const actual = await byShipIt(example);
    expect(actual).toBe(expected);
    expect(expected.startsWith('failed')).toBe(example.fails ?? false);
  });
});

async function byShipIt({ files, values = [] }: EqualityCase): Promise<string> {
  try {
    const target = { name: 'shop', namespace: 'prod', revision: 1, isUpgrade: false };
    const chart = await chartOf(files);
    return printed(await new HelmRenderer(engine).render({ chart, values, ...target, isTextOnly: true }));
  } catch (error) {
    return reasonOf((error as Error).message);
  }
}

async function byHelm(root: string, { files, values = [] }: EqualityCase): Promise<string> {
  for (const [path, content] of chartFiles(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  const flags: string[] = [];
  for (const [i, text] of values.entries()) {
    await writeFile(`${root}-${i}.yaml`, text);
    flags.push('-f', `${root}-${i}.yaml`);
  }
  const said = await helm(command ?? '', ['template', 'shop', root, '-n', 'prod', '--include-crds', ...flags]);
  return said.startsWith('failed: ') ? reasonOf(said.slice('failed: '.length)) : said;
}
