import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceProcess } from './service-process.js';

const serviceNames = [
  'image-push-listener',
  'repo-committer',
  'deployer',
  'rollback-watcher',
  'notifier',
  'api',
] as const;

export interface RunningServices {
  /** Of those that run. */
  pids(): Record<string, number>;
  /** By name, to stop and start one alone. */
  find(name: string): ServiceProcess | undefined;
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
  const services: RunningServices = {
    pids: () =>
      Object.fromEntries(processes.filter(({ pid }) => pid > 0).map((service) => [service.name, service.pid])),
    find: (name) => processes.find((service) => service.name === name),
    stop: async () => {
      await Promise.all(processes.map((service) => service.close()));
    },
  };
  const started = await Promise.allSettled(processes.map((service) => service.start()));
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) {
    await services.stop();
    throw failed.reason;
  }
  return services;
}
