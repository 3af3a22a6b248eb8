export type Key = readonly string[];

const defaults = { firstMs: 100, everyMs: 600, echoMs: 1_500 };

interface Entry {
  key: Key;
  isWanted: boolean;
  isRunning: boolean;
  notBefore: number;
  timer?: ReturnType<typeof setTimeout> | undefined;
  echo?: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Asks anew for what events touch, however many come: for each key one request at a time, at most one in `everyMs`, and one after the last touch.
 *
 * And once more `echoMs` later, because events are announced before the state they tell of is recorded.
 */
export class Refresher {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly refetch: (key: Key) => Promise<unknown>,
    private readonly timing = defaults,
  ) {}

  touch(key: Key): void {
    const entry = this.entryOf(key);
    clearTimeout(entry.echo);
    entry.echo = setTimeout(() => {
      entry.echo = undefined;
      this.want(entry);
    }, this.timing.echoMs);
    this.want(entry);
  }

  stop(): void {
    for (const { timer, echo } of this.entries.values()) {
      clearTimeout(timer);
      clearTimeout(echo);
    }
    this.entries.clear();
  }

  private want(entry: Entry): void {
    entry.isWanted = true;
    if (entry.isRunning || entry.timer !== undefined) return;
    const waitMs = Math.max(this.timing.firstMs, entry.notBefore - Date.now());
    entry.timer = setTimeout(() => void this.run(entry), waitMs);
  }

  private async run(entry: Entry): Promise<void> {
    Object.assign(entry, { timer: undefined, isWanted: false, isRunning: true });
    entry.notBefore = Date.now() + this.timing.everyMs;
    await this.refetch(entry.key).catch(() => undefined);
    entry.isRunning = false;
    const name = nameOf(entry.key);
    if (this.entries.get(name) !== entry) return;
    if (entry.isWanted) this.want(entry);
    else if (entry.echo === undefined) this.entries.delete(name);
  }

  private entryOf(key: Key): Entry {
    const name = nameOf(key);
    const entry = this.entries.get(name) ?? { key, isWanted: false, isRunning: false, notBefore: 0 };
    this.entries.set(name, entry);
    return entry;
  }
}

function nameOf(key: Key): string {
  return JSON.stringify(key);
}
