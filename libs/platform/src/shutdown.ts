/** The end of this process. `signal` is aborted as soon as the end begins: work in hand lets go, nothing new is begun. */
export class Shutdown {
  private readonly controller = new AbortController();

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  begin(reason: string): void {
    this.controller.abort(new Error(`The service stops: ${reason}`));
  }
}
