import { isPlainData } from '@shipit/contracts';
import type { z } from 'zod';
import { ApiProblem } from '../problems/api-problem.js';

/** A body as its schema says; deep nesting and names that could reach a prototype are refused before that. */
export function readBody<T>(schema: z.ZodType<T>, body: unknown): T {
  if (body !== undefined && !isPlainData(body))
    throw new ApiProblem(400, 'SHIPIT_BODY', 'The body is nested too deeply or holds names such as __proto__');
  return schema.parse(body ?? {});
}
