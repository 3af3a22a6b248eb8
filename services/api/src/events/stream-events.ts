import type { EventFilter, EventLog } from '@shipit/messaging';
import type { Request, Response } from 'express';

const heartbeatMs = 15_000;
/** A reader that takes nothing for so many bytes is cut off: it comes back with Last-Event-ID. */
const maxBuffered = 1024 * 1024;

export interface StreamSource {
  eventLog: EventLog;
  filter: EventFilter;
  after: string | undefined;
  stopping: AbortSignal;
}

/** Answers with server-sent events until the reader goes, is too slow, or the service stops. Each `data` is a CloudEvent in structured JSON. */
export async function streamEvents(
  { eventLog, filter, after, stopping }: StreamSource,
  request: Request,
  response: Response,
): Promise<void> {
  const gone = new AbortController();
  request.once('close', () => gone.abort());
  response.once('close', () => gone.abort());
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.write('retry: 1500\n\n');
  const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatMs);
  try {
    for await (const { cursor, event } of eventLog.follow(after, AbortSignal.any([gone.signal, stopping]), filter)) {
      response.write(`id: ${cursor}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
      if (response.writableLength > maxBuffered) break;
    }
  } finally {
    clearInterval(heartbeat);
    response.end();
  }
}
