import { execFile, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { nameOf, namespace } from './render-charts.mjs';

const run = promisify(execFile);
const env = { HOME: '/nonexistent', TZ: 'UTC' };

/** Helm 4 in the folder KUBEBUILDER_ASSETS, else on PATH; undefined where there is none. */
export function findHelm() {
  const folders = [process.env.KUBEBUILDER_ASSETS, ...(process.env.PATH ?? '').split(delimiter)];
  return folders.flatMap((folder) => (folder ? join(folder, 'helm') : [])).find(isExecutable);
}

/** `helm template` of a release as its arguments; its values are written beside the chart. */
export async function helmArguments(chart, n) {
  const file = `${chart.folder}-${n}.yaml`;
  await writeFile(file, JSON.stringify(chart.values(n)));
  return ['template', nameOf(n), chart.folder, '--namespace', namespace, '--values', file];
}

export async function helm(command, args) {
  const { stdout } = await run(command, args, { env, maxBuffer: 1 << 26 });
  return stdout;
}

/** All of them by `xargs -P 2`. */
export async function helmByXargs(command, lines) {
  const child = spawn('xargs', ['-P', '2', '-L', '1', command], { env, stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(lines.map((args) => `${args.join(' ')}\n`).join(''));
  const code = await new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject));
  if (code !== 0) throw new Error(`xargs helm template ended with ${code}`);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
