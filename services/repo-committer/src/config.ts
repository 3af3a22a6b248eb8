import { z } from 'zod';

/** What the committer reads from the environment beyond the platform's own. */
export const CommitterEnvironment = z.object({
  /** May push to the repository; absent for one that asks for no token. */
  GIT_TOKEN: z.string().min(1).optional(),
  /** The name that goes with the token, where the server wants a certain one. */
  GIT_USERNAME: z.string().min(1).default('x-access-token'),
});
export type CommitterEnvironment = z.infer<typeof CommitterEnvironment>;
