import type { EventType, QueueName } from '@shipit/contracts';
import { waitUntil } from '@shipit/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventBus } from './event-bus.js';
import type { EventLog } from './event-log.js';
import { anEvent } from './events-for-tests.js';
import { TerminalError } from './terminal-error.js';

export interface EventBusSetup {
  bus: EventBus;
  log: EventLog;
  /** Ids of the events that wait in a queue. */
  queued(queue: QueueName): Promise<string[]>;
  /** Takes away what the bus stands on, and gives it back. */
  breakDown(): Promise<void>;
  heal(): Promise<void>;
  close(): Promise<void>;
}

/** What every event bus does. */
export function eventBusContract(title: string, create: () => Promise<EventBusSetup>): void {
  describe(`event bus: ${title}`, () => {
    let part: EventBusSetup;
    beforeEach(async () => {
      part = await create();
    });
    afterEach(() => part.close());

    it('brings an event to every queue that the routing table names, and into the log', async () => {
      await part.bus.publish(anEvent('one'));
      expect(await part.queued('notifier')).toEqual(['one']);
      expect(await part.queued('deployer')).toEqual([]);
      expect(await part.log.has('one')).toBe(true);
    });

    it('drops an event that was told before', async () => {
      await Promise.all([part.bus.publish(anEvent('one')), part.bus.publish(anEvent('one'))]);
      await part.bus.publish(anEvent('one'), anEvent('two'));
      expect((await part.queued('notifier')).sort()).toEqual(['one', 'two']);
      expect((await part.log.read({ limit: 9 })).map(({ event }) => event.id)).toEqual(['one', 'two']);
    });

    it('refuses an event that does not fit its schema or is too large', async () => {
      const wrong = { ...anEvent('wrong'), type: 'release.unheard-of' as EventType } as ReturnType<typeof anEvent>;
      await expect(part.bus.publish(wrong)).rejects.toBeInstanceOf(TerminalError);
      const large = {
        ...anEvent('large'),
        data: { ...anEvent('large').data, commit: 'c'.repeat(65), message: 'x'.repeat(70_000) },
      };
      await expect(part.bus.publish(large)).rejects.toBeInstanceOf(TerminalError);
      expect(await part.log.read({ limit: 9 })).toEqual([]);
    });

    it('fails at once while nothing can be kept, and takes the same event when it can', async () => {
      await part.breakDown();
      await expect(part.bus.publish(anEvent('one'))).rejects.toThrow();
      await part.heal();
      await waitUntil(() => part.bus.publish(anEvent('one')).then(() => true), { limitMs: 10_000 });
      expect(await part.queued('notifier')).toEqual(['one']);
    });
  });
}
