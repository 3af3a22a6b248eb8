import { buffer } from 'node:stream/consumers';
import { runCommand } from './run-command.js';

// `shipit events | head`: whoever reads has read enough.
process.stdout.on('error', () => process.exit(0));

// The version of Node is not the concern of who types a command.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

process.exitCode = await runCommand(process.argv.slice(2), {
  environment: process.env,
  columns: process.stdout.isTTY ? process.stdout.columns : undefined,
  write: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
  readInput: () => buffer(process.stdin),
  stopping: () => {
    const stop = new AbortController();
    process.once('SIGINT', () => stop.abort());
    return stop.signal;
  },
});
