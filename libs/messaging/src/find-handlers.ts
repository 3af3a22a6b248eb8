import type { DiscoveryService } from '@nestjs/core';
import { type EventType, type QueueName, routes, ShipitEvent } from '@shipit/contracts';
import { z } from 'zod';
import { MessageHandler } from './message-handler.js';

/** A service's handlers do not fit the routing table. */
export class HandlerError extends Error {
  readonly code = 'SHIPIT_HANDLERS';
}

/** The message handlers among all providers of a Nest container. */
export function findHandlers(discovery: DiscoveryService): MessageHandler[] {
  return discovery
    .getProviders()
    .map(({ instance }): unknown => instance)
    .filter((instance): instance is MessageHandler => instance instanceof MessageHandler);
}

/**
 * Which handler takes which event of a queue. Handlers whose schema is no event's are somebody else's and left out.
 * @throws HandlerError naming every type that has no handler, or two, or is not routed to this queue.
 */
export function handlersByType(queue: QueueName, handlers: readonly MessageHandler[]): Map<EventType, MessageHandler> {
  const byType = new Map<EventType, MessageHandler>();
  const problems: string[] = [];
  for (const handler of handlers)
    for (const type of eventTypesOf(handler.schema)) {
      if (!routes[type].includes(queue)) problems.push(`${type} is not routed to it`);
      if (byType.has(type)) problems.push(`${type} has two handlers`);
      byType.set(type, handler);
    }
  for (const type of Object.keys(routes) as EventType[])
    if (routes[type].includes(queue) && !byType.has(type)) problems.push(`${type} has no handler`);
  if (problems.length > 0) throw new HandlerError(`Queue ${queue}: ${problems.join('; ')}`);
  return byType;
}

function eventTypesOf(schema: z.ZodType): EventType[] {
  const options = schema instanceof z.ZodUnion ? (schema.options as readonly z.ZodType[]) : [schema];
  return options.flatMap((option) => {
    const type: unknown = option instanceof z.ZodObject ? (option.shape as Record<string, unknown>)['type'] : undefined;
    return type instanceof z.ZodLiteral ? [...type.values].filter(isEventType) : [];
  });
}

function isEventType(type: unknown): type is EventType {
  return typeof type === 'string' && ShipitEvent.options.some(({ shape }) => shape.type.value === type);
}
