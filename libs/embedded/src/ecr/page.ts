import { z } from 'zod';
import { invalidParameter } from './ecr-error.js';

/** The paging fields of ECR's list actions. */
export const pageShape = {
  maxResults: z.number().int().min(1).max(1000).optional(),
  nextToken: z.string().max(100).optional(),
};

export interface PageRequest {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/** The items of one page under `key`, with the token of the next page where there is one. */
export function pageOf(items: readonly object[], request: PageRequest, key: string): object {
  const start = Number(request.nextToken ?? '0');
  if (!Number.isInteger(start) || start < 0) throw invalidParameter('Invalid request parameters: nextToken');
  const end = start + (request.maxResults ?? 100);
  return { [key]: items.slice(start, end), ...(end < items.length && { nextToken: String(end) }) };
}
