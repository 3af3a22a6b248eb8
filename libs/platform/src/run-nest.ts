import 'reflect-metadata';
import {
  type DynamicModule,
  type INestApplicationContext,
  type LoggerService,
  Module,
  type Type,
} from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import type { Log } from './log.js';
import { PlatformModule } from './platform.module.js';
import type { PlatformParts } from './start-service.js';

@Module({})
class ServiceModule {}

/** Builds and initializes Nest's container with the platform's parts in it. */
export async function runNest(
  module: Type | DynamicModule,
  parts: PlatformParts,
  adapter: AbstractHttpAdapter | undefined,
): Promise<{ application: INestApplicationContext; listener?: unknown }> {
  const root = { module: ServiceModule, imports: [PlatformModule.with(parts), module] };
  const options = { logger: nestLog(parts.log), abortOnError: false };
  if (!adapter) return { application: await NestFactory.createApplicationContext(root, options) };
  const application = await NestFactory.create(root, adapter, options);
  await application.init();
  return { application, listener: adapter.getInstance<unknown>() };
}

/** Nest's own lines: only what somebody must see. */
function nestLog(log: Log): LoggerService {
  const nothing = (): void => undefined;
  return {
    log: nothing,
    debug: nothing,
    verbose: nothing,
    warn: (detail: unknown) => log.warn({ detail: String(detail) }, 'framework warning'),
    error: (detail: unknown) => log.error({ detail: String(detail) }, 'framework error'),
  };
}
