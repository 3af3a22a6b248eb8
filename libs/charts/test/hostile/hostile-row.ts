import type { ChartErrorCode } from '../../src/chart-error.js';
import type { RenderedChart, RenderRequest } from '../../src/chart-renderer.js';
import type { HelmEngine } from '../../src/helm-engine.js';

/** One hostile input: what it is, how it is refused or that it does no harm, and how it gets in. */
export interface HostileRow {
  what: string;
  expected: ChartErrorCode | 'harmless';
  /** Part of the message. */
  says?: string;
  run: (bench: HostileBench) => Promise<unknown>;
}

/** What the rows put their input into: all of them the same engine. */
export interface HostileBench {
  engine: HelmEngine;
  /** In a name that must not appear on any disk. */
  token: string;
  /** Where sources may keep what they downloaded. */
  cacheFolder: string;
  /** What a source may wait. */
  timeoutSeconds: number;
  /** As a source does it, and then rendered. */
  takeArchive: (archive: Uint8Array) => Promise<RenderedChart>;
  render: (files: Record<string, string>, request?: Partial<RenderRequest>) => Promise<RenderedChart>;
  /** Called after the row. */
  onEnd: (close: () => Promise<void>) => void;
}
