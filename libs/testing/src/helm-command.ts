import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The real Helm 4, for tests that compare with it: in the folder KUBEBUILDER_ASSETS, else on PATH. */
export function findHelm(): string | undefined {
  const folders = [process.env['KUBEBUILDER_ASSETS'], ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.flatMap((folder) => (folder ? join(folder, 'helm') : [])).find(isExecutable);
}

/** What the command prints, or what it says where it fails. */
export async function helm(command: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const outcome = await run(command, args, {
    env: { PATH: '', HOME: '/nonexistent', TZ: 'UTC', ...env },
    maxBuffer: 1 << 26,
  }).catch((error: { stderr?: string }) => ({ stdout: `failed: ${error.stderr ?? ''}` }));
  return outcome.stdout;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
