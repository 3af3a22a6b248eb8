import { ManualClock } from '@shipit/platform/testing';
import { describe, expect, it } from 'vitest';
import { FoldWindow } from './fold-window.js';

function setUp(work?: (items: readonly string[]) => Promise<readonly string[]>) {
  const clock = new ManualClock();
  const batches: string[][] = [];
  const window = new FoldWindow<string, string>({ debounceMs: 200, debounceMaxMs: 2_000, clock }, async (items) => {
    batches.push([...items]);
    return work ? work(items) : items.map((item) => item.toUpperCase());
  });
  return { clock, batches, window };
}

describe('the fold window', () => {
  it('waits for 200 ms of silence and gives each caller its own result', async () => {
    const { clock, batches, window } = setUp();
    const a = window.add('a');
    await clock.advance(150);
    const b = window.add('b');
    await clock.advance(199);
    expect(batches).toEqual([]);
    await clock.advance(1);
    expect(await Promise.all([a, b])).toEqual(['A', 'B']);
    expect(batches).toEqual([['a', 'b']]);
  });

  it('begins at the latest 2 s after the first, however many follow', async () => {
    const { clock, batches, window } = setUp();
    for (let n = 0; n < 30; n += 1) {
      void window.add(`${n}`);
      await clock.advance(100);
    }
    expect(batches).toHaveLength(1);
    expect(batches[0]).toHaveLength(20);
  });

  it('takes at most 500 at once and the rest right after', async () => {
    const { clock, batches, window } = setUp();
    const all = Array.from({ length: 501 }, (_, n) => window.add(`${n}`));
    await clock.advance(200);
    await clock.advance(200);
    expect(batches.map((batch) => batch.length)).toEqual([500, 1]);
    await Promise.all(all);
  });

  it('tells every caller of a batch that failed, and goes on with the next', async () => {
    let isDown = true;
    const { clock, window } = setUp(async (items) => {
      if (isDown) throw new Error('git is away');
      return items;
    });
    const failed = Promise.allSettled([window.add('a'), window.add('b')]);
    await clock.advance(200);
    expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isDown = false;
    const next = window.add('c');
    await clock.advance(200);
    expect(await next).toBe('c');
    expect(clock.timers).toBe(0);
  });
});
