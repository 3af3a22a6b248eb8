/** A registry could not be asked. `isTerminal` where asking again cannot help: what is refused stays refused. */
export class RegistryError extends Error {
  readonly code = 'SHIPIT_REGISTRY_UNAVAILABLE';
  readonly isTerminal: boolean;

  constructor(message: string, options: { cause?: unknown; isTerminal: boolean }) {
    super(message, { cause: options.cause });
    this.name = 'RegistryError';
    this.isTerminal = options.isTerminal;
  }
}
