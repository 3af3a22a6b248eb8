import type { KubeObject } from '../objects.js';
import type { ResourceType } from '../resources/resource-type.js';
import { workloadDefaults } from './workload-defaults.js';
import { objectDefaults } from './object-defaults.js';

/** Fills in what the API server fills in for a kind. Never overwrites what is there. */
export function withDefaults(type: ResourceType, object: KubeObject, live: KubeObject | undefined): KubeObject {
  if (type.custom) return object;
  const fill = workloadDefaults[type.kind] ?? objectDefaults[type.kind];
  return fill ? fill(object, live) : object;
}
