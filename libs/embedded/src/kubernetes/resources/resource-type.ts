import type { JsonObject } from '../json.js';
import type { KubeObject } from '../objects.js';
import type { StructType } from '../schema/field-type.js';
import type { Column } from '../tables/column.js';

export type Subresource = 'status' | 'scale' | 'log' | 'finalize';

/** One served version of one kind. */
export interface ResourceType {
  group: string;
  version: string;
  kind: string;
  plural: string;
  singular: string;
  namespaced: boolean;
  shortNames: string[];
  categories: string[];
  subresources: Subresource[];
  /** Answered at once and not stored; it can only be created. */
  isReview: boolean;
  /** Whether `metadata.generation` counts the changes of what is wanted. */
  hasGeneration: boolean;
  fields: StructType;
  columns: Column[];
  /** The definition it comes from, where it is a custom resource. */
  custom?: { schema: JsonObject };
}

/** Where objects of all versions of a kind are stored together. */
export function storageKey(type: { group: string; plural: string }): string {
  return `${type.group}/${type.plural}`;
}

export function apiVersionOf(type: { group: string; version: string }): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}

export function hasStatus(type: ResourceType): boolean {
  return type.subresources.includes('status');
}

/** Objects of all versions are stored together and shown in the one that is asked for. */
export function versioned(type: ResourceType, object: KubeObject): KubeObject {
  return object.apiVersion === apiVersionOf(type) ? object : { ...object, apiVersion: apiVersionOf(type) };
}
