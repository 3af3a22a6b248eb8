import { SystemClock } from '@shipit/platform';
import { RecordedLog } from '@shipit/platform/testing';
import { describe, expect, it } from 'vitest';
import { BranchLease } from './branch-lease.js';

/** The two commands of Redis that the lease uses. */
class TinyRedis {
  readonly values = new Map<string, string>();
  isDown = false;

  async set(key: string, value: string): Promise<'OK' | null> {
    if (this.isDown) throw new Error('Redis is away');
    if (this.values.has(key)) return null;
    this.values.set(key, value);
    return 'OK';
  }

  async eval(script: string, _keys: number, key: string, token: string): Promise<number> {
    if (this.isDown) throw new Error('Redis is away');
    if (this.values.get(key) !== token) return 0;
    if (script.includes('del')) this.values.delete(key);
    return 1;
  }
}

function setUp(waitMs = 5_000) {
  const redis = new TinyRedis();
  const log = new RecordedLog();
  const options = { key: 'lease', ttlMs: 1_000, waitMs };
  const lease = (): BranchLease => new BranchLease(redis as never, new SystemClock(), log, options);
  return { redis, log, lease, signal: new AbortController().signal };
}

describe('the branch lease', () => {
  it('lets two replicas work one after the other', async () => {
    const { lease, signal, redis } = setUp();
    const steps: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      steps.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      steps.push(`${name} ends`);
    };
    await Promise.all([lease().hold(work('a'), signal), lease().hold(work('b'), signal)]);
    expect(steps).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
    expect(redis.values.size).toBe(0);
  });

  it('works without it when Redis is away or somebody keeps it too long', async () => {
    const { lease, signal, redis, log } = setUp(60);
    redis.values.set('lease', 'somebody');
    expect(await lease().hold(async () => 'done', signal)).toBe('done');
    expect(redis.values.get('lease')).toBe('somebody');
    redis.isDown = true;
    expect(await lease().hold(async () => 'done', signal)).toBe('done');
    expect(log.lines.some(({ level }) => level === 'warn')).toBe(true);
  });

  it('is given back when the work fails', async () => {
    const { lease, signal, redis } = setUp();
    await expect(lease().hold(() => Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
    expect(redis.values.size).toBe(0);
  });

  it('is no longer waited for when the process stops', async () => {
    const { lease, redis } = setUp();
    redis.values.set('lease', 'somebody');
    const stopping = new AbortController();
    const held = lease().hold(async () => 'done', stopping.signal);
    stopping.abort(new Error('The service stops'));
    await expect(held).rejects.toThrow('The service stops');
  });
});
