import { accessSync, constants, mkdirSync } from 'node:fs';
import type { Log } from '@shipit/platform';

/** Without its folder the deployer does its work all the same, only with more downloads. */
export function chartCacheIn(folder: string | undefined, log: Log): { cacheFolder?: string } {
  if (folder === undefined) return {};
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    return { cacheFolder: folder };
  } catch (err) {
    log.warn({ err, folder }, 'CHARTS_CACHE_FOLDER cannot be written: charts are kept in memory only');
    return {};
  }
}
