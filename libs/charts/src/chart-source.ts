import type { ChartArchive } from './chart-renderer.js';

export interface ChartReference {
  repository: string;
  name: string;
  /** Exact for `fetch`; for `resolveVersion` also a range, or empty for the newest. */
  version: string;
}

export interface ChartContext {
  /** The files below a folder of the GitOps repository at the commit in question, by path relative to that folder. */
  readRepository?: (folder: string) => Promise<ReadonlyMap<string, Uint8Array>>;
}

/**
 * Where charts come from.
 *
 * The same reference (and commit) gives the same content, identified by the digest. What is returned was checked:
 * its size, its names, its digest where the source tells one. Errors are a `ChartError`.
 */
export abstract class ChartSource {
  abstract fetch(chart: ChartReference, context: ChartContext): Promise<ChartArchive>;

  /**
   * The exact version that Helm takes for a range, or for none, which means the newest; an exact one stays as it is.
   * Only sources that can list versions know more than that.
   */
  async resolveVersion({ version }: ChartReference): Promise<string> {
    return version;
  }
}
