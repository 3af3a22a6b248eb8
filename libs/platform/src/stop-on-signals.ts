import type { Log } from './log.js';
import type { Readiness } from './readiness.js';
import type { Shutdown } from './shutdown.js';

const deadlineMs = 10_000;

interface Stoppable {
  log: Log;
  readiness: Readiness;
  shutdown: Shutdown;
  /** Lets go of everything; the work in hand was told by the shutdown's signal. */
  close: () => Promise<void>;
}

/** Ends the process well on SIGTERM, SIGINT and the death of the parent; at once on a second signal or an error nobody caught. */
export function stopOnSignals({ log, readiness, shutdown, close }: Stoppable): void {
  const stop = (reason: string): void => {
    if (shutdown.signal.aborted) {
      log.warn({ reason }, 'service stopped at once');
      process.exit(1);
    }
    log.info({ reason }, 'service stops');
    readiness.enter('stopping');
    shutdown.begin(reason);
    setTimeout(() => {
      log.warn({ deadlineMs }, 'service stopped with work still in hand');
      process.exit(0);
    }, deadlineMs);
    close().then(
      () => process.exit(0),
      (err: unknown) => {
        log.error({ err }, 'service could not close everything');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('disconnect', () => stop('parent is gone'));
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (err: unknown) => {
      log.error({ err }, 'service ends by an error that nothing caught');
      process.exit(1);
    });
}
