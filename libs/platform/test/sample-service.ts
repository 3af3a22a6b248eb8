import { Controller, Get, Module, type OnApplicationShutdown } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { z } from 'zod';
import { crashPoint, Log, Shutdown, startService } from '../src/index.js';

@Controller('hello')
class HelloController {
  constructor(private readonly log: Log) {}

  @Get()
  hello(): { hello: string } {
    this.log.info({ note: `token is ${process.env['SAMPLE_TOKEN']}` }, 'said hello');
    crashPoint('sample.hello');
    return { hello: 'world' };
  }
}

/** Has work in hand until the shutdown's signal, or for ever where STUBBORN is set. */
class Work implements OnApplicationShutdown {
  private readonly ended: Promise<void>;

  constructor(shutdown: Shutdown, isStubborn: boolean) {
    this.ended = new Promise((resolve) => {
      if (!isStubborn) shutdown.signal.addEventListener('abort', () => resolve());
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.ended;
    process.stdout.write('work let go\n');
  }
}

@Module({ controllers: [HelloController] })
class SampleModule {}

await startService({
  name: 'sample',
  environment: z.object({
    SAMPLE_LIMIT: z.coerce.number('must be a number').default(1),
    STUBBORN: z.string().optional(),
  }),
  secretVariables: (config) => config.notifier.targets.map(({ secretEnv }) => secretEnv),
  http: () => new ExpressAdapter(),
  module: ({ environment }) => ({
    module: SampleModule,
    providers: [
      {
        provide: Work,
        inject: [Shutdown],
        useFactory: (shutdown: Shutdown) => new Work(shutdown, environment.STUBBORN !== undefined),
      },
    ],
  }),
});
