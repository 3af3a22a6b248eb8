import type { Change, ObjectStore } from '../store/object-store.js';
import type { Controller } from './controller.js';

const RETRY = 500;

/** Runs controllers one key at a time, after each write and when they asked to look again. */
export class ControllerLoop {
  private readonly queue = new Set<string>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly unsubscribe: () => void;
  private isClosed = false;
  private running: NodeJS.Immediate | undefined;

  constructor(
    store: ObjectStore,
    private readonly controllers: Controller[],
  ) {
    this.unsubscribe = store.subscribe((change) => this.look(change));
    const everything = store.snapshot().objects.map(({ storage, object }): Change => ({
      type: 'ADDED',
      version: store.version,
      storage,
      object,
      previous: undefined,
    }));
    for (const change of everything) this.look(change);
  }

  close(): void {
    this.isClosed = true;
    this.unsubscribe();
    clearImmediate(this.running);
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  private look(change: Change): void {
    this.controllers.forEach((controller, index) => {
      for (const key of controller.keysOf(change)) this.enqueue(`${index} ${key}`);
    });
  }

  private enqueue(entry: string): void {
    if (this.isClosed) return;
    this.queue.add(entry);
    this.running ??= setImmediate(() => this.drain());
  }

  /** One pass over what is waiting; what it causes waits for the next, so that requests are served in between. */
  private drain(): void {
    this.running = undefined;
    const entries = [...this.queue];
    this.queue.clear();
    for (const entry of entries) this.runOne(entry);
  }

  private runOne(entry: string): void {
    const space = entry.indexOf(' ');
    const controller = this.controllers[Number(entry.slice(0, space))];
    clearTimeout(this.timers.get(entry));
    this.timers.delete(entry);
    const again = controller ? attempt(controller, entry.slice(space + 1)) : undefined;
    if (again !== undefined)
      this.timers.set(
        entry,
        setTimeout(() => this.enqueue(entry), again),
      );
  }
}

/** A write that lost a race, or was refused, is tried again like any other wish to look again. */
function attempt(controller: Controller, key: string): number | undefined {
  try {
    return controller.reconcile(key);
  } catch {
    return RETRY;
  }
}
