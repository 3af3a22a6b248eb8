import { anEvent } from '../src/events-for-tests.js';
import { type RunningRedis, startRedis, waitUntil } from '@shipit/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TerminalError } from '../src/terminal-error.js';
import { setUp } from './messaging-for-tests.js';

describe('consumption of a queue', () => {
  let redis: RunningRedis;
  let part: Awaited<ReturnType<typeof setUp>>;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  beforeEach(async () => {
    await redis.empty();
    part = await setUp(redis);
  });
  afterEach(() => part.close());

  it('handles a message once, however often it was published', async () => {
    const seen: string[] = [];
    part.consume(async ({ id }) => void seen.push(id));
    for (let n = 0; n < 3; n++) await Promise.all([part.bus.publish(anEvent('one')), part.bus.publish(anEvent('one'))]);
    await part.bus.publish(anEvent('last'));
    await waitUntil(() => seen.includes('last'));
    expect(seen.sort()).toEqual(['last', 'one']);
  });

  it('tries again after an error and tells the attempt', async () => {
    const attempts: number[] = [];
    part.consume(async (_, { attempt }) => {
      attempts.push(attempt);
      if (attempt < 3) throw new Error('not yet');
    });
    await part.bus.publish(anEvent('one'));
    await waitUntil(() => attempts.length === 3);
    expect(attempts).toEqual([1, 2, 3]);
    expect(await part.deadLetters.list(10)).toEqual([]);
  });

  it('makes a message a dead letter after the last attempt, and takes the next one', async () => {
    const seen: string[] = [];
    part.consume(async ({ id }) => {
      seen.push(id);
      if (id === 'bad') throw new Error('never');
    });
    await part.bus.publish(anEvent('bad'), anEvent('good'));
    const [letter] = await waitUntil(async () => atLeastOne(await part.deadLetters.list(10)));
    expect(letter).toMatchObject({
      queue: 'notifier',
      type: 'release.candidate',
      subject: 'default/word-counts',
      reason: 'never',
      attempts: 3,
    });
    expect(seen.filter((id) => id === 'good')).toHaveLength(1);
  });

  it('makes a message a dead letter at once when trying again cannot help', async () => {
    let count = 0;
    part.consume(async () => {
      count += 1;
      throw new TerminalError('the release is gone');
    });
    await part.bus.publish(anEvent('one'));
    const [letter] = await waitUntil(async () => atLeastOne(await part.deadLetters.list(10)));
    expect(letter?.reason).toBe('the release is gone');
    expect(count).toBe(1);
  });

  it('retries and drops dead letters when a person asks for it', async () => {
    let isMended = false;
    const done: string[] = [];
    part.consume(async ({ id }) => {
      if (!isMended) throw new TerminalError('broken');
      done.push(id);
    });
    await part.bus.publish(anEvent('one'), anEvent('two'));
    const letters = await waitUntil(async () => {
      const all = await part.deadLetters.list(10);
      return all.length === 2 && all;
    });
    isMended = true;
    const [first, second] = letters;
    expect(await part.deadLetters.drop('notifier', first!.id)).toBe(true);
    expect(await part.deadLetters.retry('notifier', second!.id)).toBe(true);
    expect(await part.deadLetters.retry('notifier', 'event-unknown')).toBe(false);
    expect(await part.deadLetters.retry('no-queue', first!.id)).toBe(false);
    await waitUntil(() => done.length === 1);
    expect(done).toEqual([(second!.body as { id: string }).id]);
    expect(await part.deadLetters.list(10)).toEqual([]);
  });

  it('tries a message that it cannot read again before giving it up: a newer version may be rolling out', async () => {
    part.consume(async () => undefined);
    const queue = part.queue('notifier');
    await queue.add('release.candidate', { id: 'odd' }, { attempts: 2, backoff: { type: 'custom' } });
    await queue.close();
    const [letter] = await waitUntil(async () => atLeastOne(await part.deadLetters.list(10)));
    expect(letter?.reason).toContain('does not fit its schema');
    expect(letter?.attempts).toBe(2);
  });

  it('gives a message in hand back when the process stops, at no cost of an attempt', async () => {
    const attempts: number[] = [];
    const stop = part.consume(async (_, { signal, attempt }) => {
      attempts.push(attempt);
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    await part.bus.publish(anEvent('one'));
    await waitUntil(() => attempts.length === 1);
    await stop();
    part.consume(async (_, { attempt }) => void attempts.push(attempt));
    await waitUntil(() => attempts.length === 2, { limitMs: 3_000 });
    expect(attempts).toEqual([1, 1]);
  });

  it('goes on after Redis was restarted empty', async () => {
    const seen: string[] = [];
    part.consume(async ({ id }) => void seen.push(id));
    await part.bus.publish(anEvent('before'));
    await waitUntil(() => seen.includes('before'));
    await redis.kill();
    await expect(part.bus.publish(anEvent('during'))).rejects.toThrow();
    await redis.restart();
    await waitUntil(() => part.bus.publish(anEvent('after')).then(() => true), { limitMs: 10_000 });
    await waitUntil(() => seen.includes('after'), { limitMs: 15_000 });
  });

  it('goes on after Redis was emptied with a message in hand', async () => {
    const seen: string[] = [];
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    part.consume(async ({ id }) => {
      seen.push(id);
      if (id === 'in-hand') await gate;
    });
    await part.bus.publish(anEvent('in-hand'));
    await waitUntil(() => seen.includes('in-hand'));
    await redis.empty();
    release();
    await part.bus.publish(anEvent('after'));
    await waitUntil(() => seen.includes('after'), { limitMs: 15_000 });
  });
});

function atLeastOne<T>(items: T[]): T[] | undefined {
  return items.length > 0 ? items : undefined;
}
