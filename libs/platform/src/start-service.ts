import type { DynamicModule, INestApplicationContext, Type } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import type { RequestListener } from 'node:http';
import type { ShipitConfig } from '@shipit/contracts';
import { z } from 'zod';
import { type Clock, SystemClock } from './clock.js';
import { ConfigurationError } from './configuration-error.js';
import { type ServiceServer, startServer } from './http-server.js';
import { createLog, type Log } from './log.js';
import { Metrics } from './metrics.js';
import { type Configuration, readConfiguration } from './read-configuration.js';
import { Readiness } from './readiness.js';
import { Secrets } from './secrets.js';
import { Shutdown } from './shutdown.js';
import { stopOnSignals } from './stop-on-signals.js';

/** What the platform gives to every service, in its module function and by injection. */
export interface PlatformParts {
  clock: Clock;
  log: Log;
  metrics: Metrics;
  readiness: Readiness;
  secrets: Secrets;
  shutdown: Shutdown;
}

export interface ServiceContext<E> extends Configuration<E>, PlatformParts {
  name: string;
  /** The value of a variable that `secretVariables` named. */
  secret: (variable: string) => string;
}

export interface ServiceDefinition<E extends z.ZodObject> {
  /** As its folder is called. */
  name: string;
  /** What it reads from the environment beyond the platform's own. */
  environment?: E;
  /** Variables that the configuration names as holding secrets: each must be set, none is ever logged. */
  secretVariables?: (config: ShipitConfig) => readonly string[];
  /** The service's module. The platform's parts are there to be injected. */
  module: (context: ServiceContext<z.infer<E>>) => Type | DynamicModule | Promise<Type | DynamicModule>;
  /** For a service with controllers: Nest's adapter, which then answers everything but health and metrics. */
  http?: () => AbstractHttpAdapter;
}

/**
 * Runs a service until it is told to stop; the only thing a main.ts calls.
 *
 * A wrong configuration ends the process with code 1 and every wrong key on stderr. SIGTERM, SIGINT or the death of a
 * parent that holds an IPC channel abort `shutdown.signal`, close Nest's providers and end it with code 0, after ten seconds
 * at the latest; a second signal ends it at once. A parent is told `{ready: true, address}` when the service can work.
 */
export async function startService<E extends z.ZodObject = z.ZodObject<Record<never, never>>>(
  definition: ServiceDefinition<E>,
): Promise<void> {
  const secrets = new Secrets();
  try {
    secrets.addEnvironment(process.env);
    await start(definition, secrets);
  } catch (error) {
    const text =
      error instanceof ConfigurationError ? error.message : `${definition.name} could not start: ${describe(error)}`;
    process.stderr.write(`${secrets.redact(text)}\n`, () => process.exit(1));
  }
}

async function start<E extends z.ZodObject>(definition: ServiceDefinition<E>, secrets: Secrets): Promise<void> {
  const { name, secretVariables = () => [] } = definition;
  const environmentSchema = definition.environment ?? (z.object({}) as unknown as E);
  const { config, environment } = readConfiguration({ environment: environmentSchema, secretVariables }, process.env);
  for (const variable of secretVariables(config)) secrets.add(process.env[variable]);

  const log = createLog({ service: name, level: environment.LOG_LEVEL, secrets });
  const parts = {
    clock: new SystemClock(),
    log,
    metrics: new Metrics(name),
    readiness: new Readiness(),
    secrets,
    shutdown: new Shutdown(),
  };
  const server = await startServer({ host: environment.HOST, port: environment.PORT }, parts);
  const secret = (variable: string): string => process.env[variable] ?? '';
  const application = startNest(definition, { ...parts, name, config, environment, secret }, server);
  stopOnSignals({
    ...parts,
    close: async () => {
      await (await application.catch(() => undefined))?.close();
      await server.close();
    },
  });

  await application;
  if (parts.shutdown.signal.aborted) return;
  parts.readiness.enter('started');
  log.info({ address: server.address }, 'service started');
  process.send?.({ ready: true, address: server.address });
}

async function startNest<E extends z.ZodObject>(
  { module, http }: ServiceDefinition<E>,
  context: ServiceContext<z.infer<E>>,
  server: ServiceServer,
): Promise<INestApplicationContext> {
  // Loaded only now: a wrong configuration is told before the framework is read.
  const { runNest } = await import('./run-nest.js');
  const { application, listener } = await runNest(await module(context), context, http?.());
  if (listener) server.serve(listener as RequestListener);
  return application;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined
    ? (error.stack ?? error.message)
    : `${error.stack}\ncaused by ${describe(error.cause)}`;
}
