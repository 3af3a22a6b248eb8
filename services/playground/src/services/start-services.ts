import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceProcess } from './service-process.js';

export const serviceNames = [
  'image-push-listener',
  'repo-committer',
  'deployer',
  'rollback-watcher',
  'notifier',
  'api',
] as const;

export interface RunningServices {
  pids(): Record<string, number>;
  stop(): Promise<void>;
}

export interface ServicesToStart {
  directory: string;
  /** For all services; the second function adds what one of them needs. */
  env: NodeJS.ProcessEnv;
  envOf: (name: string) => NodeJS.ProcessEnv;
  onRestart: (name: string) => void;
}

/** Every service as a process of its own. A service that dies is started again. */
export async function startServices({ directory, env, envOf, onRestart }: ServicesToStart): Promise<RunningServices> {
  const logs = join(directory, 'logs');
  await mkdir(logs, { recursive: true });
  const processes = serviceNames.map(
    (name) =>
      new ServiceProcess({
        name,
        entry: new URL(`../../../${name}/dist/main.js`, import.meta.url).pathname,
        env: { ...env, ...envOf(name) },
        logFile: join(logs, `${name}.log`),
        onRestart: () => onRestart(name),
      }),
  );
  const stop = async (): Promise<void> => {
    await Promise.all(processes.map((service) => service.stop()));
  };
  const started = await Promise.allSettled(processes.map((service) => service.start()));
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return { pids: () => Object.fromEntries(processes.map((service) => [service.name, service.pid])), stop };
}
