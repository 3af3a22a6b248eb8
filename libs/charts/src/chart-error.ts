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

/** A chart could not be fetched, read, rendered or recorded. The message is for the person who owns the release. */
export class ChartError extends Error {
  override readonly name = 'ChartError';

  constructor(
    readonly code: ChartErrorCode,
    message: string,
    options?: { cause?: unknown; isTransient?: boolean },
  ) {
    super(printable(message), options?.cause === undefined ? undefined : { cause: options.cause });
    this.isTransient = options?.isTransient ?? false;
  }

  /** True where the same inputs may succeed later: a server that did not answer, never a chart that is wrong. */
  readonly isTransient: boolean;
}

/** Names in charts and answers of servers are in messages, and must not steer the terminal that shows them. */
function printable(message: string): string {
  return message.replaceAll(/[^\P{Cc}\n\t]/gu, '\ufffd');
}
