import { type DestinationStream, pino } from 'pino';
import type { Secrets } from './secrets.js';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

type Write = (fields: object, message: string) => void;

/**
 * Log lines: a message that is always the same, and fields that are not.
 * error: somebody must act. warn: it will be tried again. info: one line for each decision. debug: the rest. An error goes into the field `err`.
 */
export abstract class Log {
  abstract readonly error: Write;
  abstract readonly warn: Write;
  abstract readonly info: Write;
  abstract readonly debug: Write;
  /** The same log, with these fields on every line. */
  abstract child(fields: object): Log;
}

export interface LogOptions {
  service: string;
  level: LogLevel;
  secrets: Secrets;
  destination?: DestinationStream;
}

/** JSON lines on stdout, with known secrets taken out of each line. */
export function createLog({ service, level, secrets, destination }: LogOptions): Log {
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: (line) => secrets.redact(line) },
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  );
}
