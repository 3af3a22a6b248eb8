import { CommanderError } from 'commander';
import { CliError } from './output/cli-error.js';
import { printable } from './output/printable.js';
import { createProgram, type Surroundings } from './program.js';

/** Runs one command line and returns its exit code: 0 done, 1 it did not work out, 2 the command was not understood. */
export async function runCommand(words: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    await createProgram(surroundings).parseAsync([...words], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof CliError)) throw error;
    surroundings.writeError(`shipit: ${error.message.split('\n').map(printable).join('\n')}\n`);
    return error.exitCode;
  }
}
