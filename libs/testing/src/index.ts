export { hasRedis, type RedisOptions, type RunningRedis, startRedis } from './redis.js';
export { waitUntil } from './wait-until.js';
