/** One fetch: what it is called in messages, and when it must have ended. */
export interface Round {
  subject: string;
  signal: AbortSignal;
  timeoutSeconds: number;
}

/** It ends so long after now. */
export function startRound(subject: string, timeoutSeconds: number): Round {
  return { subject, timeoutSeconds, signal: AbortSignal.timeout(timeoutSeconds * 1000) };
}
