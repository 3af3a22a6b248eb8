import type { KubernetesObject } from '@shipit/health';
import { z } from 'zod';
import { readHooks } from './hooks-for.js';
import type { ChartHook, ChartMetadata } from './chart-renderer.js';

export const releaseStatuses = [
  'unknown',
  'deployed',
  'uninstalled',
  'superseded',
  'failed',
  'uninstalling',
  'pending-install',
  'pending-upgrade',
  'pending-rollback',
] as const;
/** In Helm's words. */
export type ReleaseStatus = (typeof releaseStatuses)[number];

/** One revision as it is stored, still packed. */
export interface ReleaseRecord {
  namespace: string;
  name: string;
  revision: number;
  status: ReleaseStatus;
  /** Of the Secret: Helm's own and what Helm carries on. */
  labels: Record<string, string>;
  /** Of the Secret; ours to use. Helm does not carry them to the revisions it makes. */
  annotations: Record<string, string>;
  uid: string;
  resourceVersion: string;
  /** When its status was last changed, by whoever did. */
  changedAt: Date | undefined;
  /** As Helm packs it. */
  release: string;
}

/** What a record says. */
export interface ReleaseContent {
  name: string;
  namespace: string;
  revision: number;
  status: ReleaseStatus;
  description: string;
  firstDeployed: Date | undefined;
  lastDeployed: Date | undefined;
  notes: string;
  rollbackRevision: number;
  chart: ChartMetadata | undefined;
  /** The values given to the chart, without its defaults. */
  values: Record<string, unknown>;
  manifestText: string;
  /** The objects of the manifest in install order, with Helm's ownership marks. */
  manifests: KubernetesObject[];
  hooks: ChartHook[];
  applyMethod: 'ssa' | 'csa';
}

const Decoded = z.object({
  name: z.string(),
  namespace: z.string(),
  revision: z.number(),
  info: z.object({
    status: z.string(),
    description: z.string(),
    firstDeployed: z.string(),
    lastDeployed: z.string(),
    notes: z.string(),
    rollbackRevision: z.number(),
  }),
  chart: z.custom<ChartMetadata>().nullish(),
  config: z.record(z.string(), z.unknown()).nullish(),
  manifest: z.string(),
  objects: z.array(z.object({ object: z.custom<KubernetesObject>() })).nullish(),
  hooks: z.array(z.custom<ChartHook>()).nullish(),
  applyMethod: z.string(),
});

/** Reads the module's answer. */
export function toReleaseContent(answer: unknown): ReleaseContent {
  const { info, chart, config, manifest, objects, hooks, applyMethod, ...identity } = Decoded.parse(answer);
  return {
    ...identity,
    ...info,
    status: toReleaseStatus(info.status),
    firstDeployed: toDate(info.firstDeployed),
    lastDeployed: toDate(info.lastDeployed),
    chart: chart ?? undefined,
    values: config ?? {},
    manifestText: manifest,
    manifests: (objects ?? []).map(({ object }) => object),
    hooks: readHooks(hooks),
    applyMethod: applyMethod === 'ssa' ? 'ssa' : 'csa',
  };
}

export function toReleaseStatus(text: string): ReleaseStatus {
  return releaseStatuses.find((status) => status === text) ?? 'unknown';
}

/** Helm writes the year 1 where there is no time. */
function toDate(text: string): Date | undefined {
  const date = new Date(text);
  return date.getTime() > 0 ? date : undefined;
}
