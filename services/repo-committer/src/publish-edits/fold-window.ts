import type { Clock, Timer } from '@shipit/platform';

export interface FoldWindowOptions {
  /** Work starts so long after the last item … */
  debounceMs: number;
  /** … and at most so long after the first. */
  debounceMaxMs: number;
  clock: Clock;
}

const MAX_ITEMS = 500;

interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/** Gathers items that come close together and works on them as one. Each caller waits for the result of its own item. */
export class FoldWindow<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private opened = 0;
  private timer: Timer | undefined;

  /** `work` returns one result for each item, in the same order. */
  constructor(
    private readonly options: FoldWindowOptions,
    private readonly work: (items: readonly Item[]) => Promise<readonly Result[]>,
  ) {}

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.schedule();
    });
  }

  private schedule(): void {
    const { clock, debounceMs, debounceMaxMs } = this.options;
    const now = clock.now().getTime();
    if (this.waiting.length === 1) this.opened = now;
    this.timer?.cancel();
    const delay = Math.min(debounceMs, this.opened + debounceMaxMs - now);
    this.timer = clock.setTimer(this.waiting.length >= MAX_ITEMS ? 0 : Math.max(delay, 0), () => void this.run());
  }

  private async run(): Promise<void> {
    const batch = this.waiting.splice(0, MAX_ITEMS);
    if (this.waiting.length > 0) this.schedule();
    try {
      const results = await this.work(batch.map(({ item }) => item));
      batch.forEach(({ resolve, reject }, at) => {
        const result = results[at];
        if (result === undefined) reject(new Error('The batch has no result for this item'));
        else resolve(result);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
