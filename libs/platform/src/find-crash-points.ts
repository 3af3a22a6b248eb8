import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Names of all crash points in the sources under a folder, sorted; so that a test can visit each and notice one that is never reached. */
export function findCrashPoints(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !/(^|\/)(node_modules|dist)\//.test(file))
    .flatMap((file) => [...readFileSync(join(folder, file), 'utf8').matchAll(/\bcrashPoint\(\s*'([^']+)'/g)])
    .map(([, name = '']) => name);
  return [...new Set(names)].sort();
}
