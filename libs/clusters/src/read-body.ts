import type { IncomingMessage } from 'node:http';
import { ClusterError, tooLarge } from './cluster-error.js';

const defaultLimit = 100 * 1024 * 1024;
const lineLimit = 32 * 1024 * 1024;

/** The whole answer as JSON; text that is none (of a proxy) comes as a message. */
export async function readBody(
  response: IncomingMessage,
  doing: string,
  maxBytes: number = defaultLimit,
): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(doing, maxBytes);
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof ClusterError) throw cause;
    throw new ClusterError('Unreachable', `${doing}: the answer broke off`, { cause });
  }
  const text = Buffer.concat(chunks).toString('utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    if ((response.statusCode ?? 0) < 300)
      throw new ClusterError('Other', `${doing}: the answer is not JSON`, { cause });
    return { message: text.slice(0, 500) };
  }
}

/** The lines of a watch; ends with an error when the server is silent for too long. */
export async function* readLines(response: IncomingMessage, idleMs: number): AsyncGenerator<string> {
  let rest = '';
  response.setEncoding('utf8');
  // Destroying the response ends the loop below with this error.
  const timer = setTimeout(
    () => response.destroy(new ClusterError('Unreachable', `the watch was silent for ${idleMs} ms`)),
    idleMs,
  );
  try {
    for await (const chunk of response as AsyncIterable<string>) {
      timer.refresh();
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > lineLimit)
        throw new ClusterError('Other', `a line of the watch is longer than ${lineLimit} characters`);
      yield* lines.filter((line) => line !== '');
    }
  } finally {
    clearTimeout(timer);
    response.destroy();
  }
}
