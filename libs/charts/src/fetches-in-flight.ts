/**
 * Many ask for one thing at once, as releases do when the chart of them all changes: it is fetched once for all of them.
 *
 * Nothing is kept, neither what came nor why it failed: who asks later asks anew. `fetch` belongs to none of those who
 * wait, so its deadline must be its own.
 */
export class FetchesInFlight<T> {
  readonly #running = new Map<string, Promise<T>>();

  share(key: string, fetch: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key);
    if (running) return running;
    const started = fetch().finally(() => this.#running.delete(key));
    this.#running.set(key, started);
    return started;
  }
}
