import type { Command } from 'commander';
import { Accepted } from '@shipit/contracts';
import { printable } from '../output/printable.js';
import type { CommandContext } from '../program.js';
import { releasePath } from '../releases/release-path.js';

const requests = [
  ['rollback', 'restore the last good revision by a commit; new pushes are held until you resume'],
  ['lock', 'stop automatic commits'],
  ['unlock', 'allow automatic commits again'],
  ['resume', 'lift a hold that a rollback or a step back left'],
] as const;

/** What people ask for; each becomes a commit that says who and why. */
export function addRequestCommands(program: Command, { client, isJson, print, printJson }: CommandContext): void {
  for (const [name, description] of requests) {
    const command = program
      .command(`${name} NAME`)
      .description(description)
      .requiredOption('--reason <TEXT>', 'why: it stands in the commit');
    if (name === 'rollback')
      command.option('--to <COMMIT>', 'the commit of the revision to return to (see `shipit releases history`)');
    command.action(async (release: string, { reason, to }: { reason: string; to?: string }) => {
      const accepted = await client().post(
        `${releasePath(release)}/${name}`,
        { reason, ...(to !== undefined && { to }) },
        Accepted,
      );
      if (isJson()) return printJson(accepted);
      const commit = accepted.commit ? ` (commit ${accepted.commit.slice(0, 7)})` : '';
      print(printable(`${accepted.release}: ${accepted.message}${commit}`));
    });
  }
}
