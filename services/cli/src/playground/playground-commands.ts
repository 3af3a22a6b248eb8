import type { Command } from 'commander';
import { randomBytes } from 'node:crypto';
import { CliError } from '../output/cli-error.js';
import type { CommandContext } from '../program.js';
import { findPlayground } from '../config.js';
import { putImage } from './put-image.js';

interface PushOptions {
  tag?: string;
  bad?: boolean;
  crash?: boolean;
  times: string;
}

/** `shipit playground push`: does what a build would do, so that something happens. */
export function addPlaygroundCommands(
  program: Command,
  { environment, isJson, print, printJson }: CommandContext,
): void {
  const playground = program.command('playground').description('things to do in the playground (npm start)');
  playground
    .command('push REPOSITORY')
    .description('push a new image of a repository, e.g. word-counts')
    .option('--tag <TAG>', 'its tag (default: a new git commit id)')
    .option('--bad', 'an image that can never be pulled')
    .option('--crash', 'an image whose process ends with an error')
    .option('--times <N>', 'as many images, one after the other', '1')
    .action(async (repository: string, options: PushOptions) => {
      const ready = findPlayground(environment);
      if (!ready) throw new CliError('no playground runs in this folder: start it with `npm start`');
      const times = Number(options.times);
      if (!Number.isInteger(times) || times < 1 || times > 1000)
        throw new CliError('--times is a number from 1 to 1000', 2);
      for (let i = 0; i < times; i++) {
        const pushed = await putImage(ready.aws, { repository, tag: options.tag ?? newTag(options) });
        if (isJson()) printJson(pushed, 0);
        else print(`pushed ${pushed.image} (${pushed.digest.slice(0, 19)})`);
      }
    });
}

/** A tag as builds give it: a commit id. Its letters say how the pods of the playground fare, as they do in its cluster. */
function newTag({ bad, crash }: PushOptions): string {
  const id = randomBytes(20).toString('hex').replaceAll('bad', 'fed');
  if (bad) return `bad${id.slice(3)}`;
  return crash ? `${id}-crash` : id;
}
