import { objectsAt, type JsonObject } from '../json.js';
import { now, type KubeObject } from '../objects.js';

export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason?: string;
  message?: string;
}

export function conditionOf(object: KubeObject, type: string): JsonObject | undefined {
  return objectsAt(object, 'status', 'conditions').find((condition) => condition['type'] === type);
}

export function isTrue(object: KubeObject, type: string): boolean {
  return conditionOf(object, type)?.['status'] === 'True';
}

/** Lays conditions over those of an object; the time of transition moves only with the status. */
export function withConditions(object: KubeObject, conditions: Condition[], extra: JsonObject = {}): JsonObject[] {
  const live = objectsAt(object, 'status', 'conditions');
  const set = conditions.map((condition): JsonObject => {
    const before = live.find((item) => item['type'] === condition.type);
    const lastTransitionTime = before?.['status'] === condition.status ? before['lastTransitionTime'] : now();
    return { ...extra, ...condition, lastTransitionTime };
  });
  const result = live.map((item) => set.find((condition) => condition['type'] === item['type']) ?? item);
  return [...result, ...set.filter((condition) => !live.some((item) => item['type'] === condition['type']))];
}
