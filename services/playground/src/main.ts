import { parseOptions, usage } from './options.js';
import { Playground } from './playground.js';
import { obeyParent } from './services/obey-parent.js';

/** Starts everything, says where it is, and stops everything at Ctrl-C. */
async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(usage);
    return;
  }
  const stopped = stopSignal();
  const { playground, ready } = await Playground.start(options, say);
  say('');
  say(`  Page          ${ready.web}#token=${ready.token}`);
  say(`  Repository    git clone ${ready.git.url}   (the password for pushing is git.token in ready.json)`);
  say(`  Cluster       export KUBECONFIG=${ready.kubeconfig}`);
  say(`  State, logs   ${options.directory}`);
  say('');
  say('  Push an image:      npx shipit playground push word-counts');
  say('  One that is bad:    npx shipit playground push word-counts --bad');
  say('  See it happen:      npx shipit releases watch');
  say('');
  say('  Ctrl-C stops everything.');
  obeyParent(playground);
  process.send?.({ ready: true });
  await stopped;
  say('Stopping …');
  await playground.stop();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.once(signal, () => resolve());
  });
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    process.stderr.write(`The playground could not start: ${error.message}\n`);
    process.exit(1);
  },
);
