export { findHelm, helm } from './helm-command.js';
export { findMoto, type Moto, type RunningMoto } from './moto.js';
export { hasRedis, type RedisOptions, type RunningRedis, startRedis } from './redis.js';
export { type SourceProcess, startSource } from './source-process.js';
export { waitUntil } from './wait-until.js';
