// Runs vitest projects and ends with what was skipped, with the reasons, and `N passed, N failed, N skipped`.
// Usage: node tools/test/run.mjs PROJECT… [-- VITEST ARGUMENTS]
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const separator = process.argv.indexOf('--');
const projects = process.argv.slice(2, separator < 0 ? undefined : separator);
const args = separator < 0 ? [] : process.argv.slice(separator + 1);
const folder = mkdtempSync(join(tmpdir(), 'shipit-test-'));
const totals = { passed: 0, failed: 0, skipped: 0 };
const skippedTitles = [];
let exitCode = 0;

for (const project of projects) {
  const report = join(folder, `${project}.json`);
  const code = await run([
    'vitest',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...args,
  ]);
  if (code !== 0) exitCode = code;
  count(report);
}
rmSync(folder, { recursive: true, force: true });

if (skippedTitles.length > 0)
  console.log(`\nSkipped:\n${[...new Set(skippedTitles)].map((title) => `  ${title}`).join('\n')}`);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = exitCode || (totals.failed > 0 ? 1 : 0);

function run(command) {
  const child = spawn('npx', command, {
    stdio: 'inherit',
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  });
  return new Promise((resolve, reject) => child.on('error', reject).on('exit', (code) => resolve(code ?? 1)));
}

function count(report) {
  let results;
  try {
    results = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    totals.failed += 1;
    return;
  }
  for (const file of results.testResults) {
    if (file.assertionResults.length === 0 && file.status === 'failed') totals.failed += 1;
    for (const { status, ancestorTitles, title } of file.assertionResults) {
      if (status === 'passed') totals.passed += 1;
      else if (status === 'failed') totals.failed += 1;
      else {
        totals.skipped += 1;
        skippedTitles.push([...ancestorTitles, title].join(' › '));
      }
    }
  }
}
