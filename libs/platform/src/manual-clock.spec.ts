import { expect, it } from 'vitest';
import { ManualClock } from './manual-clock.js';

it('fires timers in the order they fall due, those set meanwhile included', async () => {
  const clock = new ManualClock('2026-01-01T00:00:00Z');
  const fired: string[] = [];
  clock.setTimer(200, () => fired.push('late'));
  clock.setTimer(100, () => {
    fired.push('early');
    clock.setTimer(50, () => fired.push('between'));
  });
  clock.setTimer(150, () => fired.push('cancelled')).cancel();
  await clock.advance(199);
  expect(fired).toEqual(['early', 'between']);
  await clock.advance(1);
  expect(fired).toEqual(['early', 'between', 'late']);
  expect(clock.now().toISOString()).toBe('2026-01-01T00:00:00.200Z');
  expect(clock.timers).toBe(0);
});

it('wakes a sleeper in time, or at once by its signal', async () => {
  const clock = new ManualClock();
  const stop = new AbortController();
  const outcomes: string[] = [];
  void clock.sleep(1_000).then(() => outcomes.push('slept'));
  void clock.sleep(1_000, stop.signal).catch(() => outcomes.push('woken'));
  stop.abort(new Error('stop'));
  await clock.advance(999);
  expect(outcomes).toEqual(['woken']);
  await clock.advance(1);
  expect(outcomes).toEqual(['woken', 'slept']);
});
