import { z } from 'zod';
import { ApiTokens } from './access/tokens.js';

/** What the api reads from the environment beyond what every service reads. */
export const ApiEnvironment = z.object({
  /** Who may use the API: `name:role:token`, separated by commas. */
  SHIPIT_API_TOKENS: ApiTokens,
  /** The token for reading the repository; absent where it may be read by anybody. */
  GIT_TOKEN: z.string().min(1).optional(),
  /** Folder of the built page; absent: only the API is served. */
  SHIPIT_PAGE: z.string().min(1).optional(),
});
export type ApiEnvironment = z.infer<typeof ApiEnvironment>;
