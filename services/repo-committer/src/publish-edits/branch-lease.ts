import { randomUUID } from 'node:crypto';
import type { Clock, Log } from '@shipit/platform';
import type { Redis } from 'ioredis';

export interface BranchLeaseOptions {
  /** One lease for each repository and branch. */
  key: string;
  ttlMs: number;
  /** After so long somebody else's lease is no longer waited for. */
  waitMs: number;
}

const RELEASE = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end`;
const RENEW = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) else return 0 end`;
const RETRY_MS = 50;

/**
 * Keeps replicas from contending for one branch. It saves work and nothing else: that two writers cannot harm each other
 * is the push's compare-and-set. So without Redis, or when the wait is over, the work is done all the same.
 */
export class BranchLease {
  constructor(
    private readonly redis: Pick<Redis, 'set' | 'eval'>,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly options: BranchLeaseOptions,
  ) {}

  async hold<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const token = randomUUID();
    const isHeld = await this.acquire(token, signal);
    const renewal = isHeld ? this.keepRenewing(token) : undefined;
    try {
      return await work();
    } finally {
      renewal?.stop();
      if (isHeld) await this.run(RELEASE, token);
    }
  }

  private async acquire(token: string, signal: AbortSignal): Promise<boolean> {
    const { key, ttlMs, waitMs } = this.options;
    const until = this.clock.now().getTime() + waitMs;
    try {
      while ((await this.redis.set(key, token, 'PX', ttlMs, 'NX')) === null) {
        if (this.clock.now().getTime() >= until) return false;
        await this.clock.sleep(RETRY_MS, signal);
      }
      return true;
    } catch (err) {
      signal.throwIfAborted();
      this.log.warn({ err }, 'branch lease not available, working without it');
      return false;
    }
  }

  private keepRenewing(token: string): { stop(): void } {
    let timer = this.clock.setTimer(this.options.ttlMs / 3, renew);
    const { clock, options } = this;
    const run = (): Promise<void> => this.run(RENEW, token);
    function renew(): void {
      timer = clock.setTimer(options.ttlMs / 3, renew);
      void run();
    }
    return { stop: () => timer.cancel() };
  }

  private async run(script: string, token: string): Promise<void> {
    try {
      await this.redis.eval(script, 1, this.options.key, token, this.options.ttlMs);
    } catch (err) {
      this.log.debug({ err }, 'branch lease not renewed');
    }
  }
}
