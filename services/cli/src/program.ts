import { Command } from 'commander';
import { addTemplateCommand } from './charts/template-command.js';
import { addValidateCommand } from './charts/validate-command.js';
import { findConnection } from './config.js';
import { addEventCommands } from './events/event-commands.js';
import { addImageCommands } from './images/image-commands.js';
import { printable, printableJson } from './output/printable.js';
import { addPlaygroundCommands } from './playground/playground-commands.js';
import { addReleaseCommands } from './releases/release-commands.js';
import { addWaitCommand } from './releases/wait-command.js';
import { addRequestCommands } from './requests/request-commands.js';
import { ApiClient } from './server/api-client.js';

/** The terminal and what surrounds it. */
export interface Surroundings {
  environment: NodeJS.ProcessEnv;
  /** Characters of a line; absent where the output is no terminal. */
  columns: number | undefined;
  write: (text: string) => void;
  writeError: (text: string) => void;
  /** Standard input to its end. */
  readInput: () => Promise<Uint8Array>;
  /** Aborted when the person has seen enough. */
  stopping: () => AbortSignal;
}

/** Where commands write, and how they reach the server. */
export interface CommandContext {
  readonly client: () => ApiClient;
  readonly environment: NodeJS.ProcessEnv;
  readonly isJson: () => boolean;
  readonly print: (text: string) => void;
  readonly printJson: (value: unknown, indent?: number) => void;
  /** As it is, no line end added. */
  readonly write: (text: string) => void;
  readonly warn: (text: string) => void;
  /** What is being done now, in place of what was said before; nothing where nobody looks at a terminal. */
  readonly progress: (text: string) => void;
  readonly readInput: () => Promise<Uint8Array>;
  readonly width: number | undefined;
  readonly stopping: () => AbortSignal;
}

/** `shipit`: every command with its help. */
export function createProgram({ environment, columns, write, writeError, readInput, stopping }: Surroundings): Command {
  const program = new Command('shipit')
    .description('What runs where and why, from the terminal')
    .option('--server <URL>', 'the API to talk to (default: SHIPIT_SERVER, else the playground of this folder)')
    .option('--json', 'print JSON instead of tables')
    .configureOutput({ writeOut: write, writeErr: writeError, getOutHelpWidth: () => columns ?? 80 })
    .showHelpAfterError('(--help shows what there is)')
    .exitOverride();
  const print = (text: string): void => write(text.endsWith('\n') ? text : `${text}\n`);
  const context: CommandContext = {
    client: () => new ApiClient(findConnection(program.opts<{ server?: string }>(), environment)),
    environment,
    isJson: () => program.opts<{ json?: boolean }>().json === true,
    print,
    printJson: (value, indent = 2) => print(printableJson(value, indent)),
    write,
    warn: (text) => writeError(`shipit: ${printable(text)}\n`),
    progress: (text) => columns !== undefined && writeError(`\r\u001b[K${printable(text)}`),
    readInput,
    width: columns,
    stopping,
  };
  addReleaseCommands(program, context);
  addWaitCommand(program, context);
  addRequestCommands(program, context);
  addEventCommands(program, context);
  addImageCommands(program, context);
  addTemplateCommand(program, context);
  addValidateCommand(program, context);
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
      add(child);
    }
  };
  add(program);
}
