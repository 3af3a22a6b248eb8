import type { ImageReference } from '@shipit/contracts';
import { ImageReferenceError, parseImage } from '@shipit/images';
import type { Command } from 'commander';
import { CliError } from '../output/cli-error.js';
import type { CommandContext } from '../program.js';
import { findImage } from './find-image.js';
import { setImage } from './set-image.js';

/** `shipit image`: what a person or CI does with the YAML files of a folder. No server is asked. */
export function addImageCommands(program: Command, context: CommandContext): void {
  const image = program
    .command('image')
    .description('images in the YAML files of this folder; asks no server')
    .exitOverride((error) => {
      if (error.exitCode === 0) throw error;
      throw new CliError('nothing was done');
    });
  image
    .command('set REF [PATH...]')
    .description('set an image wherever it stands, and show the difference; - edits standard input')
    .option('--write', 'change the files')
    .addHelpText(
      'after',
      '\nExit codes: 0 changed or nothing to change, 2 something refused (the rest is done), 1 error',
    )
    .action((reference: string, paths: string[], { write = false }: { write?: boolean }) =>
      setImage(context, { image: readReference(reference), paths, isWriting: write }),
    );
  image
    .command('find REF [PATH...]')
    .description('show where an image stands; with a tag or digest, only where it stands so')
    .action((reference: string, paths: string[]) => findImage(context, readReference(reference), paths));
}

function readReference(text: string): ImageReference {
  try {
    return parseImage(text);
  } catch (error) {
    if (error instanceof ImageReferenceError) throw new CliError(error.message);
    throw error;
  }
}
