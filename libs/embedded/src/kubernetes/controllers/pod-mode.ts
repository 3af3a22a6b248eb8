import { objectsAt, textAt } from '../json.js';
import type { KubeObject } from '../objects.js';

export type PodMode = 'ok' | 'bad' | 'heals' | 'crash' | 'flaky' | 'notready' | 'slow';

const BY_TAG: readonly [RegExp, PodMode][] = [
  [/:[^/ ]*bad/, 'bad'],
  [/:[^/ ]*crash/, 'crash'],
  [/:[^/ ]*notready/, 'notready'],
  [/:[^/ ]*heals/, 'heals'],
  [/:[^/ ]*flaky/, 'flaky'],
  [/:[^/ ]*slow/, 'slow'],
];

/** How a pod fares: by its annotation `sim/mode`, else by the tag of any of its images. */
export function podMode(pod: KubeObject): PodMode {
  const asked = pod.metadata.annotations?.['sim/mode'];
  const known = ['ok', ...BY_TAG.map(([, mode]) => mode)].find((mode) => mode === asked);
  if (known) return known as PodMode;
  const containers = [...objectsAt(pod, 'spec', 'containers'), ...objectsAt(pod, 'spec', 'initContainers')];
  const images = containers.map((container) => textAt(container, 'image') ?? '').join(' ');
  return BY_TAG.find(([tag]) => tag.test(images))?.[1] ?? 'ok';
}

/** `sim/ready-delay: 5s` and the like, in milliseconds. */
export function delayOf(pod: KubeObject, annotation: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(pod.metadata.annotations?.[annotation] ?? '');
  if (!match) return undefined;
  const unit = { ms: 1, s: 1000, m: 60_000 }[match[2] ?? 's'] ?? 1000;
  return Number(match[1]) * unit;
}
