import type { z } from 'zod';

/** Where a value does not fit its schema; never what stands there. */
export function pathsOf(error: z.ZodError): string {
  return error.issues.map(({ path }) => path.join('.') || 'its root').join(', ');
}
