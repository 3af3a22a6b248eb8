import { z } from 'zod';

/** A DNS label as Kubernetes uses it for names of namespaces and releases. */
export const Name = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'must be a DNS label: lower-case letters, digits and "-", at most 63');
export type Name = z.infer<typeof Name>;

/** `namespace/name` of a HelmRelease in the management cluster: how a release is named everywhere. */
export const ReleaseKey = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\/[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'must be namespace/name');
export type ReleaseKey = z.infer<typeof ReleaseKey>;

export function releaseKey(metadata: { namespace?: string | undefined; name: string }): ReleaseKey {
  return `${metadata.namespace ?? 'default'}/${metadata.name}`;
}

export function splitReleaseKey(key: ReleaseKey): { namespace: string; name: string } {
  const [namespace = '', name = ''] = key.split('/');
  return { namespace, name };
}

/** `5m`, `1h30m`, `200ms`: Go's notation, as in Helm and Kubernetes. */
export const Duration = z.string().regex(/^(\d+(ms|s|m|h))+$/, 'must be a duration such as 30s, 5m or 1h30m');
export type Duration = z.infer<typeof Duration>;

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Milliseconds of a {@link Duration}. */
export function durationMs(duration: Duration): number {
  let total = 0;
  for (const [, amount, unit] of duration.matchAll(/(\d+)(ms|s|m|h)/g))
    total += Number(amount) * unitMs[unit as keyof typeof unitMs];
  return total;
}
