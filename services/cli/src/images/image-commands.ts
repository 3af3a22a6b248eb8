import type { ImageReference } from '@shipit/contracts';
import { formatImage, ImageReferenceError, parseImage } from '@shipit/images';
import type { ImageToSet } from '@shipit/releases';
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
    .option('--repository <URL>', 'in a git repository instead of this folder; GIT_TOKEN holds the token')
    .option('--branch <NAME>', "the repository's branch (default: the one it calls its own)")
    .option('--push', 'make the commit, on the tip of the branch')
    .option(
      '--author <AUTHOR>',
      'of the commit: "Ann <ann@example.com>" (default: GIT_AUTHOR_NAME and _EMAIL, Ship-it)',
    )
    .option('--message <TEXT>', 'of the commit, instead of "Deploy word-counts v2"')
    .addHelpText('after', setHelp)
    .action((reference: string, paths: string[], options: SetOptions) => set(context, reference, paths, options));
  image
    .command('find REF [PATH...]')
    .description('show where an image stands; with a tag or digest, only where it stands so')
    .action((reference: string, paths: string[]) => findImage(context, readReference(reference), paths));
}

const setHelp = `
Examples:
  shipit image set registry.example.com/team/app:v2 apps/            the difference
  shipit image set registry.example.com/team/app:v2 apps/ --write    and the files are changed
  kubectl kustomize . | shipit image set registry.example.com/team/app:v2 -
  GIT_TOKEN=… shipit image set registry.example.com/team/app:v2 apps/ \\
    --repository https://github.com/example/gitops --branch main --push

Exit codes: 0 changed or nothing to change, 2 something refused (the rest is done), 1 error`;

interface SetOptions {
  write?: boolean;
  repository?: string;
  branch?: string;
  push?: boolean;
  author?: string;
  message?: string;
}

async function set(
  context: CommandContext,
  reference: string,
  paths: readonly string[],
  { write = false, repository, ...options }: SetOptions,
): Promise<void> {
  const image = readImageToSet(reference);
  if (repository === undefined) {
    const [stray] = Object.keys(options).filter((name) => name in commitOptions);
    if (stray !== undefined) throw new CliError(`--${stray} goes with --repository`);
    return setImage(context, { image, paths, isWriting: write });
  }
  if (write) throw new CliError('--write changes files here: with --repository it is --push');
  // Only who asks for it waits for the git client to load.
  const { setInRepository } = await import('./set-in-repository.js');
  const { branch, push = false, author, message } = options;
  return setInRepository(context, { image, paths, address: repository, branch, isPushing: push, author, message });
}

const commitOptions = { branch: 0, push: 0, author: 0, message: 0 };

function readImageToSet(text: string): ImageToSet {
  const image = readReference(text);
  if (image.tag === undefined) throw new CliError(`${formatImage(image)} has no tag: say which one to set`);
  return { ...image, tag: image.tag };
}

function readReference(text: string): ImageReference {
  try {
    return parseImage(text);
  } catch (error) {
    if (error instanceof ImageReferenceError) throw new CliError(error.message);
    throw error;
  }
}
