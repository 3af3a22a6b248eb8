import { CommanderError } from 'commander';
import { CliError } from './output/cli-error.js';
import { createProgram } from './program.js';

/** Exit codes: 0 done, 1 it did not work out, 2 the command was not understood. */
async function main(): Promise<number> {
  try {
    await createProgram().parseAsync(process.argv);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof CliError)) throw error;
    process.stderr.write(`shipit: ${error.message}\n`);
    return error.exitCode;
  }
}

process.exitCode = await main();
