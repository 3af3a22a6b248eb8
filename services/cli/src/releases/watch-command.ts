import type { Command } from 'commander';
import { ReleaseDetail, type ShipitEvent } from '@shipit/contracts';
import { describeEvent } from '../events/describe-event.js';
import { followEvents } from '../events/follow-events.js';
import { printable } from '../output/printable.js';
import type { CommandContext } from '../program.js';
import { releasePath } from './release-path.js';

/** `shipit releases watch`: a line for everything that happens: pushed, committed, Deploying, Deployed. */
export function addWatchCommand(
  releases: Command,
  { client, isJson, print, printJson, stopping }: CommandContext,
): void {
  releases
    .command('watch [NAME]')
    .description('what happens to all releases, or to one, as it happens')
    .action(async (name: string | undefined) => {
      const isWanted = name === undefined ? () => true : concerns(await client().get(releasePath(name), ReleaseDetail));
      for await (const event of followEvents(client(), '', stopping())) {
        if (!isWanted(event)) continue;
        if (isJson()) printJson(event, 0);
        else print(lineOf(event));
      }
    });
}

function lineOf(event: ShipitEvent): string {
  const { subject, what, message } = describeEvent(event);
  const time = new Date(event.time).toLocaleTimeString('en-GB');
  return printable(`${time}  ${subject.padEnd(24)}  ${what.padEnd(14)}  ${message}`).trimEnd();
}

/** A push is about a release where the release runs an image of that repository. */
function concerns({ release, images }: ReleaseDetail): (event: ShipitEvent) => boolean {
  const repositories = images.map((image) => image.replace(/@.*$/, '').replace(/:[^:/]*$/, ''));
  return (event) =>
    event.subject === release ||
    (event.type === 'image.pushed' &&
      repositories.includes(`${event.data.image.registry}/${event.data.image.repository}`));
}
