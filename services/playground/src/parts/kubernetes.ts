import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startKubernetes } from '@shipit/embedded';
import type { PlaygroundOptions } from '../options.js';

export interface KubernetesPart {
  /** A kubeconfig file. */
  kubeconfig: string;
  token: string;
  describe: string;
  close(): Promise<void>;
}

const run = promisify(execFile);

/** The cluster: embedded, the real control plane of this repository, or any that a kubeconfig names. */
export async function startCluster(options: PlaygroundOptions, port: number): Promise<KubernetesPart> {
  if (options.kubernetes === 'real') return startControlPlane(options.directory);
  if (options.kubeconfig !== undefined)
    return { kubeconfig: options.kubeconfig, token: '', describe: options.kubeconfig, close: async () => undefined };
  const kubernetes = await startKubernetes({ port, directory: join(options.directory, 'kubernetes') });
  const kubeconfig = join(options.directory, 'kubeconfig');
  await writeFile(kubeconfig, kubernetes.kubeconfig, { mode: 0o600 });
  return { kubeconfig, token: kubernetes.token, describe: 'embedded', close: () => kubernetes.close() };
}

/** Builds it once (some minutes), then starts it in seconds. */
async function startControlPlane(directory: string): Promise<KubernetesPart> {
  const tools = new URL('../../../../tools/control-plane/', import.meta.url).pathname;
  const folder = join(directory, 'control-plane');
  const env = { ...process.env, RUN: folder };
  await run(join(tools, 'build.sh'), [], { env, maxBuffer: 64 * 1024 * 1024 });
  await run(join(tools, 'up.sh'), [], { env, maxBuffer: 64 * 1024 * 1024 });
  const token = (await readFile(join(folder, 'token'), 'utf8')).trim();
  return {
    kubeconfig: join(folder, 'kubeconfig'),
    token,
    describe: 'the real control plane',
    close: async () => {
      await run(join(tools, 'down.sh'), [], { env });
    },
  };
}
