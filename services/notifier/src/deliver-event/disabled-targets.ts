import { createHash } from 'node:crypto';
import type { RedisConnections } from '@shipit/messaging';
import type { Target } from '../config.js';

/** Targets that answered 410 Gone. Remembered with the address: a target that is given another one is enabled again. */
export class DisabledTargets {
  constructor(private readonly connections: RedisConnections) {}

  async has(target: Target): Promise<boolean> {
    return (await this.connections.producer.exists(keyOf(target))) === 1;
  }

  async add(target: Target): Promise<void> {
    await this.connections.producer.set(keyOf(target), '410');
  }
}

function keyOf({ name, url }: Target): string {
  return `shipit:notifier:disabled:${name}:${createHash('sha256').update(url).digest('hex').slice(0, 16)}`;
}
