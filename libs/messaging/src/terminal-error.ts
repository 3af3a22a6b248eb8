/** Trying again cannot help: the message goes to the dead letters at once, with this message as the reason. */
export class TerminalError extends Error {
  readonly code: string;

  constructor(message: string, options: ErrorOptions & { code?: string } = {}) {
    super(message, options);
    this.name = 'TerminalError';
    this.code = options.code ?? 'SHIPIT_MESSAGE_REFUSED';
  }
}
