import type { Command } from 'commander';
import { Explanation, listOf, ReleaseDetail, ReleaseHistory, ReleaseResource, ReleaseSummary } from '@shipit/contracts';
import { followEvents } from '../events/follow-events.js';
import { age, eventMessage, shortImage } from '../output/format.js';
import { printable, table } from '../output/table.js';
import type { CommandContext } from '../program.js';
import { releasePath } from './release-path.js';

const listed = 500;

/** `shipit releases …`: what runs where, since when, by whom and why. */
export function addReleaseCommands(program: Command, context: CommandContext): void {
  const releases = program.command('releases').alias('release').description('releases and their way');
  addList(releases, context);
  addGet(releases, context);
  addExplain(releases, context);
  addHistory(releases, context);
  addWatch(releases, context);
}

function addList(releases: Command, { client, isJson, print }: CommandContext): void {
  releases
    .command('list')
    .description('all releases')
    .option('--squad NAME', 'of one squad')
    .option('--state STATE', 'in one state, e.g. Failed')
    .option('--search TEXT', 'whose name, squad, image or state holds the text')
    .action(async ({ squad, state, search }: { squad?: string; state?: string; search?: string }) => {
      const query = new URLSearchParams({
        limit: `${listed}`,
        ...(squad && { squad }),
        ...(state && { state }),
        ...(search && { text: search }),
      });
      const list = await client().get(`/releases?${query}`, listOf(ReleaseSummary));
      if (isJson()) return print(JSON.stringify(list, null, 2));
      const rows = list.items.map((one) => [
        one.release,
        one.state,
        one.images.map(shortImage).join(','),
        one.chart,
        `${one.revision ?? ''}`,
        age(one.since),
        one.squad ?? '',
        one.by ?? '',
      ]);
      print(table(['release', 'state', 'image', 'chart', 'revision', 'age', 'squad', 'by'], rows));
    });
}

function addGet(releases: Command, { client, isJson, print }: CommandContext): void {
  releases
    .command('get NAME')
    .description('one release with its objects; NAME is name or namespace/name')
    .action(async (name: string) => {
      const path = releasePath(name);
      const [detail, resources] = await Promise.all([
        client().get(path, ReleaseDetail),
        client().get(`${path}/resources`, listOf(ReleaseResource)),
      ]);
      if (isJson()) return print(JSON.stringify({ ...detail, resources: resources.items }, null, 2));
      const facts = [
        ['Release', detail.release],
        ['State', `${detail.state}${detail.reason ? ` (${detail.reason})` : ''}`],
        ['Message', detail.message],
        ['Images', detail.images.join(', ')],
        ['Chart', detail.chart],
        ['Revision', `${detail.revision ?? '–'}`],
        ['Commit', detail.commit ?? '–'],
        ['By', detail.by ?? '–'],
        ['Squad', detail.squad ?? '–'],
      ];
      print(facts.map(([title = '', text = '']) => `${`${title}:`.padEnd(10)} ${printable(text)}`).join('\n'));
      if (resources.items.length > 0)
        print(
          `\n${table(
            ['kind', 'name', 'health', 'message'],
            resources.items.map((one) => [one.owner ? `  ${one.kind}` : one.kind, one.name, one.health, one.message]),
          )}`,
        );
    });
}

function addExplain(releases: Command, { client, isJson, print }: CommandContext): void {
  releases
    .command('explain NAME')
    .description('why a release is as it is, step by step from the push to now')
    .action(async (name: string) => {
      const explanation = await client().get(`${releasePath(name)}/explain`, Explanation);
      if (isJson()) return print(JSON.stringify(explanation, null, 2));
      print(`${printable(explanation.summary)}\n`);
      print(
        table(
          ['step', 'outcome', '', 'age'],
          explanation.steps.map((one) => [
            one.step,
            one.outcome,
            `${one.title}${one.reason ? ` [${one.reason}]` : ''}: ${one.detail}`,
            age(one.at),
          ]),
        ),
      );
    });
}

function addHistory(releases: Command, { client, isJson, print }: CommandContext): void {
  releases
    .command('history NAME')
    .description('its last revisions, newest first')
    .action(async (name: string) => {
      const history = await client().get(`${releasePath(name)}/history`, ReleaseHistory);
      if (isJson()) return print(JSON.stringify(history, null, 2));
      const rows = history.items.map((one) => [
        `${one.revision}`,
        one.state,
        one.images.map(shortImage).join(','),
        one.chart,
        one.commit.slice(0, 7),
        one.by,
        age(one.at),
        one.reason,
      ]);
      print(table(['revision', 'state', 'image', 'chart', 'commit', 'by', 'age', 'reason'], rows));
    });
}

function addWatch(releases: Command, { client, isJson, print }: CommandContext): void {
  releases
    .command('watch [NAME]')
    .description('what happens to all releases, or to one, as it happens')
    .action(async (name: string | undefined) => {
      const query =
        name === undefined ? '' : `?release=${encodeURIComponent(releasePath(name).slice('/releases/'.length))}`;
      const stop = new AbortController();
      process.once('SIGINT', () => stop.abort());
      for await (const event of followEvents(client(), query, stop.signal)) {
        if (isJson()) print(JSON.stringify(event));
        else
          print(
            `${event.time.slice(11, 19)}  ${event.type.padEnd(21)} ${event.subject.padEnd(28)} ${printable(eventMessage(event))}`,
          );
      }
    });
}
