import { fieldAt, listAt, numberAt, textAt } from '@shipit/health';

export type ClusterErrorReason =
  | 'Conflict'
  | 'NotFound'
  | 'AlreadyExists'
  | 'Invalid'
  | 'Forbidden'
  | 'TooManyRequests'
  | 'Unreachable'
  | 'Expired'
  | 'Other';

export interface FieldConflict {
  manager: string;
  field: string;
}

export interface ClusterErrorDetails {
  status?: number | undefined;
  retryAfterSeconds?: number | undefined;
  /** At a server-side apply: who owns which field. */
  conflicts?: FieldConflict[] | undefined;
  /** At Invalid: the fields that were refused. */
  fields?: string[] | undefined;
  cause?: unknown;
}

/** The one error that comes out of a {@link Cluster}. Its message says what was being done to what, and never holds a credential. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  readonly code: string;
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  readonly conflicts: readonly FieldConflict[];
  readonly fields: readonly string[];

  constructor(
    readonly reason: ClusterErrorReason,
    message: string,
    details: ClusterErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = `SHIPIT_CLUSTER_${reason.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()}`;
    if (details.status !== undefined) this.status = details.status;
    if (details.retryAfterSeconds !== undefined) this.retryAfterSeconds = details.retryAfterSeconds;
    this.conflicts = details.conflicts ?? [];
    this.fields = details.fields ?? [];
  }

  /** The same call may succeed later without anybody changing anything. */
  get isTransient(): boolean {
    return transientReasons.has(this.reason) || (this.status ?? 0) >= 500;
  }
}

/** Expired: the list had more pages than the server remembers it for. */
const transientReasons: ReadonlySet<ClusterErrorReason> = new Set(['Unreachable', 'TooManyRequests', 'Expired']);

/** The error of a list that is longer than its caller can take. */
export function tooMany(kind: string, cluster: string, maxItems: number): ClusterError {
  return new ClusterError('Other', `list ${kind} in cluster ${cluster}: there are more than ${maxItems}`);
}

/** The error of an answer that is not read to its end. */
export function tooLarge(doing: string, maxBytes: number): ClusterError {
  return new ClusterError('Other', `${doing}: the answer is larger than ${maxBytes} bytes`);
}

export function isClusterError(error: unknown, reason?: ClusterErrorReason): error is ClusterError {
  return error instanceof ClusterError && (reason === undefined || error.reason === reason);
}

const reasonByStatus: Record<number, ClusterErrorReason> = {
  400: 'Invalid',
  401: 'Forbidden',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  413: 'Invalid',
  415: 'Invalid',
  422: 'Invalid',
  429: 'TooManyRequests',
  502: 'Unreachable',
  503: 'Unreachable',
  504: 'Unreachable',
};

/** Translates an answer of the API server: a metav1.Status where it comes from Kubernetes, anything where from a proxy. */
export function errorFromAnswer(
  doing: string,
  status: number,
  body: unknown,
  retryAfterSeconds?: number,
): ClusterError {
  const isAlready = textAt(body, 'reason') === 'AlreadyExists';
  const said = textAt(body, 'message').slice(0, 2_000) || `HTTP ${status}`;
  const causes = listAt(body, 'details', 'causes');
  const conflicts = causes
    .filter((cause) => textAt(cause, 'reason') === 'FieldManagerConflict')
    .map((cause) => ({
      manager: /conflict with "([^"]*)"/.exec(textAt(cause, 'message'))?.[1] ?? '',
      field: textAt(cause, 'field'),
    }));
  return new ClusterError(isAlready ? 'AlreadyExists' : (reasonByStatus[status] ?? 'Other'), `${doing}: ${said}`, {
    status,
    retryAfterSeconds: retryAfterSeconds ?? numberAt(body, 'details', 'retryAfterSeconds'),
    conflicts,
    fields: causes
      .filter((cause) => fieldAt(cause, 'reason') !== 'FieldManagerConflict')
      .map((cause) => textAt(cause, 'field'))
      .filter(Boolean),
  });
}
