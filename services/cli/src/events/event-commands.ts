import type { Command } from 'commander';
import { listOf, ShipitEvent } from '@shipit/contracts';
import { z } from 'zod';
import { age, eventMessage } from '../output/format.js';
import { table } from '../output/table.js';
import type { CommandContext } from '../program.js';

/** `shipit events`: what happened lately. */
export function addEventCommands(program: Command, { client, isJson, print }: CommandContext): void {
  program
    .command('events')
    .description('what happened lately, newest last')
    .option('--limit N', 'how many', '50')
    .action(async ({ limit }: { limit: string }) => {
      const list = await client().get(
        `/events?limit=${encodeURIComponent(limit)}`,
        listOf(z.object({ cursor: z.string(), event: ShipitEvent })),
      );
      if (isJson()) return print(JSON.stringify(list, null, 2));
      const rows = list.items
        .reverse()
        .map(({ event }) => [age(event.time), event.type, event.subject, eventMessage(event)]);
      print(table(['age', 'event', 'subject', 'message'], rows));
    });
}
