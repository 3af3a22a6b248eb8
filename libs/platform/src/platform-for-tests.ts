import type { Clock } from './clock.js';
import { Log } from './log.js';
import { ManualClock } from './manual-clock.js';
import { Metrics } from './metrics.js';
import { Readiness } from './readiness.js';
import { Secrets } from './secrets.js';
import { Shutdown } from './shutdown.js';
import type { PlatformParts } from './start-service.js';

export interface RecordedLine {
  level: 'error' | 'warn' | 'info' | 'debug';
  message: string;
  fields: object;
}

/** A log that a test can read. */
export class RecordedLog extends Log {
  constructor(
    readonly lines: RecordedLine[] = [],
    private readonly fields: object = {},
  ) {
    super();
  }

  readonly error = this.write('error');
  readonly warn = this.write('warn');
  readonly info = this.write('info');
  readonly debug = this.write('debug');

  child(fields: object): RecordedLog {
    return new RecordedLog(this.lines, { ...this.fields, ...fields });
  }

  private write(level: RecordedLine['level']) {
    return (fields: object, message: string): void => {
      this.lines.push({ level, message, fields: { ...this.fields, ...fields } });
    };
  }
}

/** The platform's parts for a test's Nest container: a log that can be read and, unless told otherwise, a clock that stands still. */
export function platformForTests(clock: Clock = new ManualClock()): PlatformParts & { log: RecordedLog } {
  return {
    clock,
    log: new RecordedLog(),
    metrics: new Metrics('test'),
    readiness: new Readiness(),
    secrets: new Secrets(),
    shutdown: new Shutdown(),
  };
}
