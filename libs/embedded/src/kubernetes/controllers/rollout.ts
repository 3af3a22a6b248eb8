import { createHash } from 'node:crypto';

import { at, numberAt, objectAt, textAt, type Json, type JsonObject } from '../json.js';
import type { KubeObject } from '../objects.js';

export const HASH_LABEL = 'pod-template-hash';
export const REVISION = 'deployment.kubernetes.io/revision';

export interface ReplicaSetView {
  name: string;
  /** How many it should have. */
  wanted: number;
  /** How many there are. */
  present: number;
  available: number;
}

export interface RolloutLimits {
  replicas: number;
  maxSurge: number;
  maxUnavailable: number;
}

/** Rounds as Kubernetes does: surge up, unavailable down; both zero would never move. */
export function rolloutLimits(deployment: KubeObject): RolloutLimits {
  const replicas = numberAt(deployment, 'spec', 'replicas') ?? 1;
  const given = objectAt(deployment, 'spec', 'strategy', 'rollingUpdate');
  const maxSurge = share(given['maxSurge'] ?? '25%', replicas, Math.ceil);
  const maxUnavailable = share(given['maxUnavailable'] ?? '25%', replicas, Math.floor);
  return {
    replicas,
    maxSurge,
    maxUnavailable: maxSurge === 0 && maxUnavailable === 0 ? 1 : Math.min(maxUnavailable, replicas),
  };
}

export function share(value: Json, of: number, round: (value: number) => number): number {
  if (typeof value === 'number') return value;
  return round((of * Number.parseFloat(String(value))) / 100);
}

/** The next sizes of a rolling update: first the new set grows, then the old ones shrink by what that allows. */
export function planRollingUpdate(
  fresh: ReplicaSetView,
  old: ReplicaSetView[],
  limits: RolloutLimits,
): Map<string, number> {
  const grown = growNew(fresh, old, limits);
  if (grown !== fresh.wanted) return new Map([[fresh.name, grown]]);
  return shrinkOld(fresh, old, limits);
}

export function planRecreate(fresh: ReplicaSetView, old: ReplicaSetView[], replicas: number): Map<string, number> {
  const running = old.filter((set) => set.wanted > 0);
  if (running.length > 0) return new Map(running.map((set) => [set.name, 0]));
  const isClear = old.every((set) => set.present === 0);
  return new Map<string, number>(isClear ? [[fresh.name, replicas]] : []);
}

function growNew(fresh: ReplicaSetView, old: ReplicaSetView[], { replicas, maxSurge }: RolloutLimits): number {
  if (fresh.wanted >= replicas) return replicas;
  const all = total(old, 'wanted') + fresh.wanted;
  const room = replicas + maxSurge - all;
  return room <= 0 ? fresh.wanted : Math.min(replicas, fresh.wanted + room);
}

function shrinkOld(fresh: ReplicaSetView, old: ReplicaSetView[], limits: RolloutLimits): Map<string, number> {
  const sizes = new Map(old.map((set) => [set.name, set.wanted]));
  const least = limits.replicas - limits.maxUnavailable;
  const missing = fresh.wanted - fresh.available;
  let mayGo = total(old, 'wanted') + fresh.wanted - least - missing;
  for (const set of old) {
    const broken = Math.min(Math.max(0, mayGo), set.wanted - Math.min(set.available, set.wanted));
    sizes.set(set.name, set.wanted - broken);
    mayGo -= broken;
  }
  let spare = Math.min(Math.max(0, mayGo), total(old, 'available') + fresh.available - least);
  for (const set of old) {
    const size = sizes.get(set.name) ?? 0;
    const going = Math.min(Math.max(0, spare), size);
    sizes.set(set.name, size - going);
    spare -= going;
  }
  return new Map([...sizes].filter(([name, size]) => old.find((set) => set.name === name)?.wanted !== size));
}

function total(sets: ReplicaSetView[], field: 'wanted' | 'available'): number {
  return sets.reduce((sum, set) => sum + set[field], 0);
}

export function viewOf(set: KubeObject): ReplicaSetView {
  return {
    name: set.metadata.name,
    wanted: numberAt(set, 'spec', 'replicas') ?? 0,
    present: numberAt(set, 'status', 'replicas') ?? 0,
    available: numberAt(set, 'status', 'availableReplicas') ?? 0,
  };
}

/** Ten letters that stand for a template, whatever the order of its keys. */
export function templateHash(template: JsonObject): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(sorted(template)))
    .digest();
  return [...digest.subarray(0, 10)].map((byte) => 'bcdfghjklmnpqrstvwxz2456789'.charAt(byte % 27)).join('');
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}

/** The template of a replica set as its deployment wrote it. */
export function plainTemplate(set: KubeObject): JsonObject {
  const template = objectAt(set, 'spec', 'template');
  const { [HASH_LABEL]: _hash, ...labels } = objectAt(template, 'metadata', 'labels');
  return { ...template, metadata: { ...objectAt(template, 'metadata'), labels } };
}

export function revisionOf(object: KubeObject): number {
  return Number(textAt(object, 'metadata', 'annotations', REVISION) ?? 0);
}

export function isPaused(deployment: KubeObject): boolean {
  return at(deployment, 'spec', 'paused') === true;
}
