import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ReleaseKey, ShipitEvent } from '@shipit/contracts';
import { CursorError, type EventFilter, EventLog } from '@shipit/messaging';
import { Shutdown } from '@shipit/platform';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Needs } from '../access/role.guard.js';
import { ApiProblem } from '../problems/api-problem.js';
import { streamEvents } from './stream-events.js';

const EventType = z.enum(
  ShipitEvent.options.map((option) => option.shape.type.value) as [ShipitEvent['type'], ...ShipitEvent['type'][]],
);

export const EventQuery = z.strictObject({
  release: ReleaseKey.optional(),
  type: z
    .union([EventType, z.array(EventType)])
    .transform((types) => [types].flat())
    .optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(40).optional(),
});

/** What happened lately: as a list (newest first), or as a stream that goes on after `Last-Event-ID`. */
@Controller('api/v1/events')
export class EventsController {
  constructor(
    private readonly eventLog: EventLog,
    private readonly shutdown: Shutdown,
  ) {}

  @Get()
  @Needs('viewer')
  async read(@Req() request: Request, @Res() response: Response, @Query() rawQuery: unknown): Promise<void> {
    const query = EventQuery.parse(rawQuery);
    const filter: EventFilter = {
      ...(query.release && { subjects: [query.release] }),
      ...(query.type && { types: query.type }),
    };
    if (request.accepts(['application/json', 'text/event-stream']) === 'text/event-stream') {
      const after = z.string().max(40).optional().parse(request.headers['last-event-id']);
      await streamEvents({ eventLog: this.eventLog, filter, after, stopping: this.shutdown.signal }, request, response);
      return;
    }
    const { limit, cursor } = query;
    const items = await this.eventLog
      .read({ limit, filter, order: 'newest first', ...(cursor !== undefined && { after: cursor }) })
      .catch(translate);
    const last = items.length === limit ? items.at(-1)?.cursor : undefined;
    response.json({ items, ...(last !== undefined && { nextCursor: last }) });
  }
}

function translate(error: unknown): never {
  if (error instanceof CursorError) throw new ApiProblem(400, error.code, error.message);
  throw error;
}
