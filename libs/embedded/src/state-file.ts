import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';

const writeDelayMilliseconds = 50;

/**
 * Keeps the state of an embedded part in one JSON file, so that the playground finds it again after a restart.
 * Changes are gathered for a moment and put in place by rename: a killed process leaves the last whole state.
 */
export class StateFile<Schema extends z.ZodType> {
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly path: string | undefined,
    private readonly schema: Schema,
    private readonly snapshot: () => z.input<Schema>,
  ) {}

  /** @throws when the file is there and cannot be used */
  async load(): Promise<z.output<Schema> | undefined> {
    if (!this.path) return undefined;
    const text = await readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    return text === undefined ? undefined : this.parse(text);
  }

  changed(): void {
    if (!this.path || this.timer) return;
    this.timer = setTimeout(() => void this.flush().catch(() => this.changed()), writeDelayMilliseconds);
    this.timer.unref();
  }

  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.path) return;
    const path = this.path;
    this.writing = this.writing.catch(() => undefined).then(() => replaceFile(path, JSON.stringify(this.snapshot())));
    await this.writing;
  }

  private parse(text: string): z.output<Schema> {
    try {
      return this.schema.parse(JSON.parse(text));
    } catch (cause) {
      throw new Error(`The saved state in ${this.path} cannot be read; remove the file to begin anew`, { cause });
    }
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
