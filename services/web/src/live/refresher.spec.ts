import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Key, Refresher } from './refresher.js';

const list = ['releases'];

describe('Asking anew for what events touch', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function setUp(answer: () => Promise<void> = async () => undefined) {
    const asked: { key: string; at: number }[] = [];
    const start = Date.now();
    const refresher = new Refresher(async (key: Key) => {
      asked.push({ key: key.join('/'), at: Date.now() - start });
      await answer();
    });
    return { refresher, asked };
  }

  it('asks once soon after an event, and once more when its state is surely recorded', async () => {
    const { refresher, asked } = setUp();
    refresher.touch(list);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked.map(({ at }) => at)).toEqual([100, 1_600]);
  });

  it('folds a burst, and asks again after its last event', async () => {
    const { refresher, asked } = setUp();
    for (let n = 0; n < 200; n += 1) refresher.touch(list);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(2);
  });

  it('asks at most twice a second while events keep coming', async () => {
    const { refresher, asked } = setUp();
    for (let ms = 0; ms < 10_000; ms += 20) {
      refresher.touch(list);
      await vi.advanceTimersByTimeAsync(20);
    }
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.length).toBeLessThanOrEqual(20);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked.at(-1)!.at).toBeGreaterThan(10_000);
  });

  it('never asks for the same while an answer is under way, but does afterwards', async () => {
    let underWay = 0;
    let most = 0;
    const { refresher, asked } = setUp(async () => {
      most = Math.max(most, (underWay += 1));
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      underWay -= 1;
    });
    refresher.touch(list);
    await vi.advanceTimersByTimeAsync(1_000);
    refresher.touch(list);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(most).toBe(1);
    expect(asked).toHaveLength(2);
  });

  it('asks for different things independently, also after an error', async () => {
    const { refresher, asked } = setUp(() => Promise.reject(new Error('away')));
    refresher.touch(list);
    refresher.touch(['release', 'default/billing']);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked.map(({ key }) => key)).toEqual([
      'releases',
      'release/default/billing',
      'releases',
      'release/default/billing',
    ]);
  });

  it('asks for nothing any more once it is stopped', async () => {
    const { refresher, asked } = setUp();
    refresher.touch(list);
    refresher.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
