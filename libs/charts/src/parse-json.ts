import type { z } from 'zod';
import { ChartError } from './chart-error.js';

const forbidden = ['__proto__', 'constructor', 'prototype'];

/** What a server sent, by its schema. @throws ChartError where it is something else */
export function parseJson<T>(subject: string, body: Uint8Array | undefined, schema: z.ZodType<T>): T {
  try {
    return schema.parse(
      JSON.parse(Buffer.from(body ?? []).toString('utf8'), (key, value: unknown) => {
        if (forbidden.includes(key)) throw new Error(`the key ${key} is not allowed`);
        return value;
      }),
    );
  } catch (error) {
    // A syntax error quotes the text, which may be a token.
    const cause = error instanceof SyntaxError ? undefined : error;
    throw new ChartError('SHIPIT_CHART_DOWNLOAD', `${subject}: the server's answer cannot be understood`, { cause });
  }
}
