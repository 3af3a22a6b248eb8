import { type Command, Option } from 'commander';
import {
  listOf,
  ReleaseDetail,
  ReleaseHistory,
  ReleaseResource,
  releaseStates,
  ReleaseSummary,
} from '@shipit/contracts';
import { age, personName, shorten, shortImage } from '../output/format.js';
import { printable } from '../output/printable.js';
import { table } from '../output/table.js';
import type { CommandContext } from '../program.js';
import { addExplainCommand } from './explain-command.js';
import { releasePath } from './release-path.js';
import { addWatchCommand } from './watch-command.js';

const listed = 500;

/** `shipit releases …`: what runs where, since when, by whom and why. */
export function addReleaseCommands(program: Command, context: CommandContext): void {
  const releases = program.command('releases').alias('release').description('releases and their way');
  addList(releases, context);
  addGet(releases, context);
  addExplainCommand(releases, context);
  addHistory(releases, context);
  addWatchCommand(releases, context);
}

function addList(releases: Command, { client, isJson, print, printJson, width }: CommandContext): void {
  releases
    .command('list')
    .description('all releases')
    .option('--squad <NAME>', 'of one squad')
    .addOption(new Option('--state <STATE>', 'in one state').choices(releaseStates))
    .option('--search <TEXT>', 'whose name, squad, image or state holds the text')
    .action(async ({ squad, state, search }: { squad?: string; state?: string; search?: string }) => {
      const query = new URLSearchParams({
        limit: `${listed}`,
        ...(squad && { squad }),
        ...(state && { state }),
        ...(search && { text: search }),
      });
      const list = await client().get(`/releases?${query}`, listOf(ReleaseSummary));
      if (isJson()) return printJson(list);
      if (list.items.length === 0) return print('No release fits.');
      const rows = list.items.map((one) => [
        one.release,
        one.reason === 'Unhealthy' ? `${one.state} (${one.reason})` : one.state,
        one.images.map(shortImage).join(', '),
        one.chart,
        `${one.revision ?? ''}`,
        age(one.since),
        one.squad ?? '',
        personName(one.by),
      ]);
      print(table(['release', 'state', 'image', 'chart', 'rev', 'age', 'squad', 'by'], rows, { width, flexible: 2 }));
    });
}

function addGet(releases: Command, { client, isJson, print, printJson, width }: CommandContext): void {
  releases
    .command('get NAME')
    .description('one release with its objects; NAME is name or namespace/name')
    .action(async (name: string) => {
      const path = releasePath(name);
      const [detail, resources] = await Promise.all([
        client().get(path, ReleaseDetail),
        client().get(`${path}/resources`, listOf(ReleaseResource)),
      ]);
      if (isJson()) return printJson({ ...detail, resources: resources.items });
      const facts: [string, string | undefined][] = [
        ['Release', detail.release],
        ['State', `${detail.state}${detail.reason ? ` (${detail.reason})` : ''}`],
        ['Message', shorten(detail.message)],
        ...detail.images.map((image, at): [string, string] => [at === 0 ? 'Images' : '', image]),
        ['Chart', detail.chart],
        ['Revision', detail.revision?.toString()],
        ['Commit', detail.commit],
        ['Since', detail.since && `${detail.since} (${age(detail.since)})`],
        ['By', personName(detail.by)],
        ['Squad', detail.squad],
        ['Autodeploy', `${detail.isAutodeployed ? 'on' : 'off'}, tags: ${detail.imageTags}`],
      ];
      const known = facts.filter(([, text]) => text);
      print(known.map(([title, text = '']) => `${(title && `${title}:`).padEnd(12)}${printable(text)}`).join('\n'));
      if (resources.items.length === 0) return;
      const rows = resources.items.map((one) => [
        one.owner ? `  ${one.kind}` : one.kind,
        one.name,
        one.health,
        shorten(one.message),
      ]);
      print(`\n${table(['kind', 'name', 'health', 'message'], rows, { width })}`);
    });
}

function addHistory(releases: Command, { client, isJson, print, printJson, width }: CommandContext): void {
  releases
    .command('history NAME')
    .description('its last revisions, newest first')
    .action(async (name: string) => {
      const history = await client().get(`${releasePath(name)}/history`, ReleaseHistory);
      if (isJson()) return printJson(history);
      if (history.items.length === 0) return print('Nothing was deployed yet.');
      const rows = history.items.map((one) => [
        `${one.revision}`,
        one.state,
        one.images.map(shortImage).join(', '),
        one.chart,
        one.commit.slice(0, 7),
        age(one.at),
        personName(one.by),
        one.reason,
      ]);
      const head = ['rev', 'state', 'image', 'chart', 'commit', 'age', 'by', 'reason'];
      print(table(head, rows, { width, flexible: 2 }));
    });
}
