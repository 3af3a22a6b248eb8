import type { ReleaseContent } from '@shipit/charts';

const defaultLimits = { revisions: 200, bytes: 16 * 1024 * 1024 };

/** What was read last from records, by their uid: manifest and hooks of a revision never change. */
export class RememberedContents {
  private readonly byRecord = new Map<string, { content: Promise<ReleaseContent>; bytes: number }>();

  /** Bytes are those of the texts: as objects they take a few times as much. */
  constructor(private readonly limits = defaultLimits) {}

  of(uid: string, read: () => Promise<ReleaseContent>): Promise<ReleaseContent> {
    const known = this.byRecord.get(uid);
    if (known) return known.content;
    const entry = { content: read(), bytes: 0 };
    this.byRecord.set(uid, entry);
    entry.content.then(
      (content) => {
        entry.bytes = bytesOf(content);
        this.forgetOldest(uid);
      },
      () => this.byRecord.delete(uid),
    );
    return entry.content;
  }

  private forgetOldest(newest: string): void {
    let total = [...this.byRecord.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const [uid, { bytes }] of this.byRecord) {
      if (total <= this.limits.bytes && this.byRecord.size <= this.limits.revisions) return;
      if (uid === newest) continue;
      this.byRecord.delete(uid);
      total -= bytes;
    }
  }
}

function bytesOf({ manifestText, hooks, values, notes }: ReleaseContent): number {
  const texts = [manifestText, ...hooks.map(({ manifest }) => manifest), JSON.stringify(values), notes];
  return texts.reduce((sum, { length }) => sum + length, 0);
}
