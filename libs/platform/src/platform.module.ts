import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Clock } from './clock.js';
import { Log } from './log.js';
import { Metrics } from './metrics.js';
import { Readiness } from './readiness.js';
import type { PlatformParts } from './start-service.js';
import { Secrets } from './secrets.js';
import { Shutdown } from './shutdown.js';

/** Gives every provider of a service Clock, Log, Metrics, Readiness, Secrets and Shutdown, each under its class. */
@Global()
@Module({})
export class PlatformModule {
  static with({ clock, log, metrics, readiness, secrets, shutdown }: PlatformParts): DynamicModule {
    return {
      module: PlatformModule,
      providers: [
        { provide: Clock, useValue: clock },
        { provide: Log, useValue: log },
        { provide: Metrics, useValue: metrics },
        { provide: Readiness, useValue: readiness },
        { provide: Secrets, useValue: secrets },
        { provide: Shutdown, useValue: shutdown },
      ],
      exports: [Clock, Log, Metrics, Readiness, Secrets, Shutdown],
    };
  }
}
