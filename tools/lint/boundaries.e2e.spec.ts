import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';

const run = promisify(execFile);
const root = new URL('../../', import.meta.url).pathname;
const canary = `${root}libs/health/src/canary-boundaries.ts`;

afterEach(() => rm(canary, { force: true }));

async function lint(source: string): Promise<string> {
  await mkdir(`${root}libs/health/src`, { recursive: true });
  await writeFile(canary, source);
  // The rule is silent without a project graph, so the graph is made first, as `npm run lint` does.
  await run('npx', ['nx', 'graph', '--file', 'node_modules/.cache/graph.json'], { cwd: root });
  return run('npx', ['eslint', canary], { cwd: root }).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
}

it('refuses an import of an adapter by a pure library', { timeout: 120_000 }, async () => {
  const output = await lint(`export { GitRepository } from '@shipit/git';\n`);
  expect(output).toContain('@nx/enforce-module-boundaries');
});

it('refuses an import of a node module by a pure library', { timeout: 120_000 }, async () => {
  const output = await lint(`import { readFileSync } from 'node:fs';\n\nexport const read = readFileSync;\n`);
  expect(output).toContain('Pure libraries do no I/O');
});
