import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findHelm } from '@shipit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { templateCases, templateFiles } from './template-cases.js';
import { run } from './terminal.js';

const helm = findHelm();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shipit-template-'));
  for (const [path, content] of Object.entries(templateFiles)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
});
afterAll(() => rm(folder, { recursive: true }));

describe.skipIf(!helm)('shipit template beside helm template (needs helm 4 in KUBEBUILDER_ASSETS or on PATH)', () => {
  it.each(templateCases)('prints the same for %s', async (_title, words, { input = '' } = {}) => {
    const [expected, actual] = await Promise.all([byHelm(words, input), byShipIt(words, input)]);
    expect(actual).toEqual(expected);
  });
});

interface Printed {
  code: number;
  out: string;
  /** Why it failed; warnings are said in other words. */
  reason: string;
}

/** Words with a slash in front of them are files of the test. */
function inFolder(words: readonly string[]): string[] {
  return words.map((word) => word.replaceAll('@/', `${folder}/`));
}

async function byShipIt(words: readonly string[], input: string): Promise<Printed> {
  const line = inFolder(words).map((word) => `'${word}'`);
  const { code, out, error } = await run(`template ${line.join(' ')}`, { environment: { HOME: folder }, input });
  const [, reason = ''] = code === 0 ? [] : error.split(/^shipit: (?=[^]*$)/m).slice(-2);
  return { code, out, reason: reason.trim() };
}

async function byHelm(words: readonly string[], input: string): Promise<Printed> {
  const env = { PATH: '', HOME: folder, TZ: 'UTC' };
  return new Promise((resolve) => {
    const child = execFile(helm ?? '', ['template', ...inFolder(words)], { env }, (error, out, said) => {
      const [, reason = ''] = /^Error: ([^]*?)(\n\nUse --debug flag to render out invalid YAML)?\n*$/m.exec(said) ?? [];
      resolve({ code: error ? 1 : 0, out, reason: error ? reason.trim() : '' });
    });
    child.stdin?.end(input);
  });
}
