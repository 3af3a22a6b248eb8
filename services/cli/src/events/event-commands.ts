import { type Command, InvalidArgumentError } from 'commander';
import { listOf, ShipitEvent } from '@shipit/contracts';
import { z } from 'zod';
import { age } from '../output/format.js';
import { table } from '../output/table.js';
import type { CommandContext } from '../program.js';
import { describeEvent } from './describe-event.js';

const EventList = listOf(z.object({ cursor: z.string(), event: ShipitEvent }));
const mostEvents = 1000;

/** `shipit events`: what happened lately. */
export function addEventCommands(program: Command, { client, isJson, print, printJson, width }: CommandContext): void {
  program
    .command('events')
    .description('what happened lately, newest last')
    .option('--limit <N>', 'how many', count, 50)
    .action(async ({ limit }: { limit: number }) => {
      const list = await client().get(`/events?limit=${limit}`, EventList);
      if (isJson()) return printJson(list);
      const rows = list.items.reverse().map(({ event }) => {
        const { subject, what, message } = describeEvent(event);
        return [age(event.time), subject, what, message];
      });
      print(rows.length > 0 ? table(['age', 'about', 'event', ''], rows, { width }) : 'Nothing has happened yet.');
    });
}

function count(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= mostEvents) return number;
  throw new InvalidArgumentError(`It is a number from 1 to ${mostEvents}.`);
}
