import type { Command } from 'commander';
import { Explanation, type ExplainStep } from '@shipit/contracts';
import { age, shorten } from '../output/format.js';
import { printable } from '../output/printable.js';
import { table } from '../output/table.js';
import type { CommandContext } from '../program.js';
import { releasePath } from './release-path.js';

const signs: Readonly<Record<ExplainStep['outcome'], string>> = {
  done: '✓',
  running: '…',
  waiting: '·',
  failed: '✗',
  skipped: '–',
  unknown: '?',
};

/** `shipit releases explain`: one line for each step, from the push to now. */
export function addExplainCommand(
  releases: Command,
  { client, isJson, print, printJson, width }: CommandContext,
): void {
  releases
    .command('explain NAME')
    .description('why a release is as it is, step by step from the push to now')
    .action(async (name: string) => {
      const explanation = await client().get(`${releasePath(name)}/explain`, Explanation);
      if (isJson()) return printJson(explanation);
      const rows = explanation.steps.map((step) => [
        `  ${signs[step.outcome]} ${step.title}`,
        age(step.at),
        wordsOf(step),
      ]);
      print(`${shorten(printable(explanation.summary))}\n`);
      print(table([], rows, { width }));
    });
}

/** The reason is the word that `--json`, the feed and the documentation use. */
function wordsOf({ reason, detail, outcome }: ExplainStep): string {
  const isTelling = reason !== undefined && outcome !== 'done';
  return shorten(isTelling ? `[${reason}] ${detail}` : detail);
}
