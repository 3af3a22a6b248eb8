import type { Json } from '../json.js';

/** What a handler answers; a stream is written by itself until the client goes. */
export type Reply =
  { code: number; body: Json; contentType?: string; warnings?: string[] } | { stream: (output: ReplyStream) => void };

export interface ReplyStream {
  start(contentType: string): void;
  write(text: string): void;
  end(): void;
  onClose(listener: () => void): void;
}

export function ok(body: Json, code = 200): Reply {
  return { code, body };
}
