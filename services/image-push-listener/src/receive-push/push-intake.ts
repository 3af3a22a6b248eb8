import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { ShipitConfig } from '@shipit/contracts';
import { SqsIntake } from '@shipit/messaging';
import type { Clock, Log } from '@shipit/platform';
import type { ReceivePushHandler } from './receive-push.handler.js';

/** Takes messages from the moment every provider is there until the service stops. */
export class PushIntake implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly intake: SqsIntake;

  constructor(settings: ShipitConfig['intake'], parts: { handler: ReceivePushHandler; log: Log; clock: Clock }) {
    this.intake = new SqsIntake({ ...settings, ...parts });
  }

  onApplicationBootstrap(): void {
    this.intake.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.intake.stop();
  }
}
