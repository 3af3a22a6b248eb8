import type { Log } from '@shipit/platform';
import { Redis, type RedisOptions } from 'ioredis';

const startLimitMs = 15_000;

/** Redis cannot be used for queues as it is. */
export class RedisSettingError extends Error {
  readonly code = 'SHIPIT_REDIS_SETTING';
}

type Patience = Pick<RedisOptions, 'enableOfflineQueue' | 'maxRetriesPerRequest' | 'commandTimeout'>;

const base = {
  connectTimeout: 5_000,
  // Without it a half-open connection is never noticed.
  socketTimeout: 15_000,
  keepAlive: 10_000,
  retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), 2_000),
} satisfies RedisOptions;

/** All connections of one process to Redis. */
export class RedisConnections {
  private readonly open = new Set<Redis>();
  /** Fails fast while Redis is away: who publishes must know at once that nothing was kept. */
  readonly producer: Redis;

  constructor(
    private readonly url: string,
    private readonly log: Log,
  ) {
    this.producer = this.connect({ enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 10_000 });
  }

  /** A connection for a worker or a blocking read: waits for Redis as long as it takes. */
  worker(): Redis {
    return this.connect({ maxRetriesPerRequest: null });
  }

  /**
   * Waits up to 15 s for Redis and makes sure that it will not throw queues away.
   * @throws RedisSettingError
   */
  async check(): Promise<void> {
    await this.ready();
    const policy = /maxmemory_policy:(\S+)/.exec(await this.producer.info('memory'))?.[1];
    if (policy === undefined || policy === 'noeviction') return;
    throw new RedisSettingError(
      `Redis would throw away queued work when its memory is full (maxmemory-policy is ${policy}): set maxmemory-policy to noeviction`,
    );
  }

  async ping(): Promise<void> {
    await this.producer.ping();
  }

  close(): void {
    for (const connection of this.open) connection.disconnect();
  }

  release(connection: Redis): void {
    this.open.delete(connection);
    connection.disconnect();
  }

  private connect(options: Patience): Redis {
    const connection = new Redis(this.url, { ...base, ...options });
    connection.on('error', (err) => this.log.debug({ err }, 'redis connection failed'));
    this.open.add(connection);
    return connection;
  }

  private async ready(): Promise<void> {
    if (this.producer.status === 'ready') return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new RedisSettingError('Redis does not answer: is REDIS_URL right and Redis running?')),
        startLimitMs,
      );
      this.producer.once('ready', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
