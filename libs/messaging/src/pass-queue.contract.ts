import { waitUntil } from '@shipit/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PassQueue } from './pass-queue.js';

export interface PassQueueSetup {
  passes: PassQueue;
  /** Lets this much time go by. */
  elapse(byMs: number): Promise<void>;
  close(): Promise<void>;
}

/** What every pass queue does. */
export function passQueueContract(title: string, create: () => Promise<PassQueueSetup>): void {
  describe(`pass queue: ${title}`, () => {
    let part: PassQueueSetup;
    beforeEach(async () => {
      part = await create();
    });
    afterEach(() => part.close());

    it('makes one pass of many wake-ups while none runs', async () => {
      const seen: string[] = [];
      for (let n = 0; n < 5; n++) await part.passes.enqueue('default/a');
      await part.passes.enqueue('default/b');
      part.passes.work(async (key) => void seen.push(key));
      await waitUntil(() => seen.length === 2);
      expect(seen.sort()).toEqual(['default/a', 'default/b']);
    });

    it('makes exactly one pass more of the wake-ups during a pass, and never two at the same time', async () => {
      let runs = 0;
      let running = 0;
      let most = 0;
      const gates: (() => void)[] = [];
      part.passes.work(async () => {
        runs += 1;
        most = Math.max(most, (running += 1));
        await new Promise<void>((resolve) => gates.push(resolve));
        running -= 1;
      });
      await part.passes.enqueue('default/a');
      await waitUntil(() => gates.length === 1);
      for (let n = 0; n < 5; n++) await part.passes.enqueue('default/a');
      gates[0]?.();
      await waitUntil(() => gates.length === 2);
      gates[1]?.();
      await part.passes.enqueue('default/a');
      await waitUntil(() => gates.length === 3);
      gates[2]?.();
      expect([runs, most]).toEqual([3, 1]);
    });

    it('wakes a key by a timer, which stands in the way of no earlier wake-up', async () => {
      const seen: string[] = [];
      part.passes.work(async (key) => void seen.push(key));
      await part.passes.enqueueAfter('default/a', 1_500);
      await part.passes.enqueueAfter('default/a', 1_500);
      await part.passes.enqueue('default/a');
      await waitUntil(() => seen.length === 1);
      await part.elapse(3_000);
      await waitUntil(() => seen.length >= 2, { limitMs: 5_000 });
    });

    it('tries a pass that failed again, and takes a wake-up before that', async () => {
      let runs = 0;
      part.passes.work(async () => {
        runs += 1;
        if (runs === 1) throw new Error('cluster away');
      });
      await part.passes.enqueue('default/a');
      await waitUntil(() => runs === 1);
      await part.passes.enqueue('default/a');
      await waitUntil(() => runs === 2);
      await part.elapse(7_000);
      await waitUntil(() => runs === 3, { limitMs: 10_000 });
    });

    it('lets go of a pass in hand when it is closed', async () => {
      let wasAborted = false;
      let hasBegun = false;
      part.passes.work(async (_, signal) => {
        hasBegun = true;
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        wasAborted = true;
      });
      await part.passes.enqueue('default/a');
      await waitUntil(() => hasBegun);
      await part.passes.close();
      expect(wasAborted).toBe(true);
    });
  });
}
