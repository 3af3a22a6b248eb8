import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
    expect(inOrder(actual)).toBe(inOrder(expected));
    expect(expected.startsWith('failed')).toBe(example.fails ?? false);
  });
});

function inOrder(text: string): string {
  return text.includes('specifications of the schema') ? text.split('\n').sort().join('\n') : text;
}

async function byShipIt({ files, values = [] }: EqualityCase): Promise<string> {
  try {
    const rendered = await new HelmRenderer(engine).render({
      ...{ chart: await chartOf(files), values, name: 'shop', namespace: 'prod', revision: 1, isUpgrade: false },
      isTextOnly: true,
    });
    const hooks = rendered.hooks.map(({ path, manifest }) => `---\n# Source: ${path}\n${manifest}\n`);
    return `${rendered.manifestText.trim()}\n${hooks.join('')}`;
  } catch (error) {
    const message = (error as Error).message.replace(/^Rendering chart \S+ \S+ for \S+: /, '');
    return `failed: Error: ${message.trim()}`;
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
  const printed = await helm(command ?? '', ['template', 'shop', root, '-n', 'prod', ...flags]);
  if (!printed.startsWith('failed')) return printed;
  const said = printed.split('\n').filter((line) => !line.startsWith('level=') && !line.includes('Use --debug'));
  const reason = said.join('\n').trim();
  return reason.replace(
    /Error: an error occurred while checking for chart dependencies.*missing dependencies: /,
    'Error: ',
  );
}
