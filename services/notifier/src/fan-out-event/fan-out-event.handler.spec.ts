import type { ShipitEvent } from '@shipit/contracts';
import { anEvent } from '@shipit/messaging/testing';
import { RecordedLog } from '@shipit/platform/testing';
import { describe, expect, it } from 'vitest';
import type { Target } from '../config.js';
import { Deliveries } from '../deliver-event/deliveries.js';
import { FanOutEventHandler } from './fan-out-event.handler.js';

class InMemoryDeliveries extends Deliveries {
  readonly kept = new Set<string>();
  failsAt: string | undefined;

  async add(target: string, { id }: ShipitEvent): Promise<void> {
    if (target === this.failsAt) throw new Error('Redis is away');
    this.kept.add(`${target}/${id}`);
  }
}

function setUp() {
  const deliveries = new InMemoryDeliveries();
  const targets = ['chat', 'audit'].map((name): Target => ({
    name,
    url: `https://${name}.example.com`,
    secretEnv: 'SECRET',
    allowPrivate: false,
  }));
  const handler = new FanOutEventHandler(targets, deliveries);
  const context = { log: new RecordedLog(), signal: new AbortController().signal, attempt: 1 };
  return { deliveries, tell: (id: string) => handler.handle(anEvent(id), context) };
}

describe('fan-out of an event', () => {
  it('makes one delivery for each target, however often the event arrives', async () => {
    const { deliveries, tell } = setUp();
    await tell('one');
    await tell('one');
    expect([...deliveries.kept]).toEqual(['chat/one', 'audit/one']);
  });

  it('goes on where it broke off', async () => {
    const { deliveries, tell } = setUp();
    deliveries.failsAt = 'audit';
    await expect(tell('one')).rejects.toThrow('Redis is away');
    deliveries.failsAt = undefined;
    await tell('one');
    expect([...deliveries.kept]).toEqual(['chat/one', 'audit/one']);
  });
});
