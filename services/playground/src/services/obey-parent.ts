import { z } from 'zod';
import type { Playground } from '../playground.js';

/**
 * What a program that forked the playground may ask of it: tests and the bench stop one service, start it again, or start it
 * with an environment that only this one process has (a crash point, say; the process that replaces it has none).
 */
const Order = z.strictObject({
  id: z.int(),
  service: z.string(),
  order: z.enum(['stop', 'start']),
  env: z.record(z.string(), z.string()).default({}),
});

/** Answers each order with `{id}`, or `{id, error}`. Does nothing where the playground has no parent that listens. */
export function obeyParent(playground: Playground): void {
  process.on('message', (message) => {
    const parsed = Order.safeParse(message);
    if (!parsed.success) return;
    const { id, service, order, env } = parsed.data;
    const done = order === 'stop' ? playground.stopService(service) : playground.startService(service, env);
    done.then(
      () => process.send?.({ id }),
      (error: Error) => process.send?.({ id, error: error.message }),
    );
  });
}
