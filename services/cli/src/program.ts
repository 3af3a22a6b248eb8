import { Command } from 'commander';
import { addEventCommands } from './events/event-commands.js';
import { addPlaygroundCommands } from './playground/playground-commands.js';
import { addReleaseCommands } from './releases/release-commands.js';
import { addRequestCommands } from './requests/request-commands.js';
import { addWaitCommand } from './releases/wait-command.js';
import { ApiClient } from './server/api-client.js';
import { findConnection } from './config.js';

/** Where commands write, and how they reach the server. */
export interface CommandContext {
  readonly client: () => ApiClient;
  readonly isJson: () => boolean;
  readonly print: (text: string) => void;
}

/** `shipit`: every command with its help. */
export function createProgram(): Command {
  const program = new Command('shipit')
    .description('What runs where and why, from the terminal')
    .option('--server URL', 'the API to talk to (default: SHIPIT_SERVER, else the playground of this folder)')
    .option('--json', 'print JSON instead of tables')
    .showHelpAfterError('(shipit --help shows the commands)')
    .exitOverride();
  const context: CommandContext = {
    client: () => new ApiClient(findConnection(program.opts<{ server?: string }>())),
    isJson: () => program.opts<{ json?: boolean }>().json === true,
    print: (text) => void process.stdout.write(text.endsWith('\n') ? text : `${text}\n`),
  };
  addReleaseCommands(program, context);
  addWaitCommand(program, context);
  addRequestCommands(program, context);
  addEventCommands(program, context);
  addPlaygroundCommands(program, context);
  acceptJsonEverywhere(program);
  return program;
}

/** `--json` may stand before or after the command's name. */
function acceptJsonEverywhere(program: Command): void {
  const add = (command: Command): void => {
    for (const child of command.commands) {
      child.option('--json', 'print JSON').hook('preAction', (_this, action) => {
        if (action.opts<{ json?: boolean }>().json) program.setOptionValue('json', true);
      });
      child.exitOverride();
      add(child);
    }
  };
  add(program);
}
