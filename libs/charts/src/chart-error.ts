export type ChartErrorCode =
  | 'SHIPIT_CHART_SOURCE'
  | 'SHIPIT_CHART_NOT_FOUND'
  | 'SHIPIT_CHART_DOWNLOAD'
  | 'SHIPIT_CHART_DIGEST'
  | 'SHIPIT_CHART_ARCHIVE'
  | 'SHIPIT_CHART_INVALID'
  | 'SHIPIT_CHART_VALUES'
  | 'SHIPIT_CHART_SCHEMA'
  | 'SHIPIT_CHART_TEMPLATE'
  | 'SHIPIT_CHART_TOO_LARGE'
  | 'SHIPIT_CHART_DEADLINE'
  | 'SHIPIT_CHART_CRASH'
  | 'SHIPIT_RECORD_EXISTS'
  | 'SHIPIT_RECORD_TOO_LARGE'
  | 'SHIPIT_RECORD_UNREADABLE';

export interface ChartErrorOptions {
  cause?: unknown;
  isTransient?: boolean;
  /** What was being done to what; in the message it stands before the reason. */
  subject?: string;
  isWhileReading?: boolean;
}

/** A template that includes itself makes Helm repeat its way a thousand times; servers answer with what they like. */
const maxReason = 4000;
const maxSubject = 1000;

/** A chart could not be fetched, read, rendered or recorded. The message is for the person who owns the release. */
export class ChartError extends Error {
  override readonly name = 'ChartError';
  /** True where the same inputs may succeed later: a server that did not answer, never a chart that is wrong. */
  readonly isTransient: boolean;
  /** True where the engine was stopped before it came to a template. */
  readonly isWhileReading: boolean;
  // Hidden, so that logs do not have all of it twice.
  readonly #reason: string;
  readonly #options: ChartErrorOptions;

  constructor(
    readonly code: ChartErrorCode,
    reason: string,
    options: ChartErrorOptions = {},
  ) {
    const { subject, cause, isTransient = false, isWhileReading = false } = options;
    const why = printable(reason, maxReason);
    super(
      subject === undefined ? why : `${printable(subject, maxSubject)}: ${why}`,
      cause === undefined ? undefined : { cause },
    );
    this.#reason = why;
    this.#options = options;
    this.isTransient = isTransient;
    this.isWhileReading = isWhileReading;
  }

  /** The message without its subject. */
  get reason(): string {
    return this.#reason;
  }

  /** The same with more at its end. */
  withHint(hint: string): ChartError {
    return new ChartError(this.code, this.reason + hint, this.#options);
  }
}

/** Names in charts and answers of servers are in messages, and must not steer the terminal that shows them, nor fill it. */
function printable(text: string, maxLength: number): string {
  const shown = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  return shown.replaceAll(/[^\P{Cc}\n\t]/gu, '\ufffd');
}
