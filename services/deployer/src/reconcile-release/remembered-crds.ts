import type { RenderedChart } from '@shipit/charts';

type Crds = RenderedChart['crds'];

/** Definitions are large; that a chart has none costs nothing to know. */
const limits = { withCrds: 5, revisions: 100 };

/** Definitions of revisions that were begun and are not applied yet, by their records: a record does not hold them. */
export class RememberedCrds {
  private readonly byRecord = new Map<string, Crds>();

  of(uid: string): Crds | undefined {
    return this.byRecord.get(uid);
  }

  remember(uid: string, crds: Crds): void {
    this.byRecord.set(uid, crds);
    const uids = [...this.byRecord.keys()];
    const withCrds = uids.filter((known) => this.byRecord.get(known)?.length);
    for (const old of [...withCrds.slice(0, -limits.withCrds), ...uids.slice(0, -limits.revisions)]) this.forget(old);
  }

  forget(uid: string): void {
    this.byRecord.delete(uid);
  }
}
