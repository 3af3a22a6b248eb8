export type GitErrorCode =
  | 'SHIPIT_GIT_UNREACHABLE'
  | 'SHIPIT_GIT_DENIED'
  | 'SHIPIT_GIT_NOT_FOUND'
  | 'SHIPIT_GIT_TOO_LARGE'
  | 'SHIPIT_GIT_BAD_PATH'
  | 'SHIPIT_GIT_NOTHING_TO_COMMIT'
  | 'SHIPIT_GIT_REFUSED'
  | 'SHIPIT_GIT_BROKEN';

/** What went wrong between us and a repository; the message never contains a credential. */
export class GitError extends Error {
  override readonly name = 'GitError';

  constructor(
    readonly code: GitErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
