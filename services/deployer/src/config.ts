import { idOf, type ShipitConfig } from '@shipit/contracts';
import { z } from 'zod';

/** What the deployer reads from the environment beyond the platform's own. */
export const DeployerEnvironment = z.object({
  /** May read the repository; absent for one that asks for no token. */
  GIT_TOKEN: z.string().min(1).optional(),
  GIT_USERNAME: z.string().min(1).default('x-access-token'),
  /** Credentials of chart registries and repositories, in the form of Docker's config.json (docs/charts.md). */
  CHARTS_CREDENTIALS_FILE: z.string().min(1).optional(),
  /** Where fetched charts are kept over restarts; absent: in memory only. Replicas on one machine may share it. */
  CHARTS_CACHE_FOLDER: z.string().min(1).optional(),
  /** Chart repositories without TLS are refused unless this is `true`. */
  CHARTS_ALLOW_HTTP: z.enum(['true', 'false']).default('false'),
});
export type DeployerEnvironment = z.infer<typeof DeployerEnvironment>;

/** Names a repository, branch and path on the objects it owns. */
export function repositoryIdOf({ url, branch, path }: ShipitConfig['git']): string {
  return idOf('repository', url, branch, path);
}
