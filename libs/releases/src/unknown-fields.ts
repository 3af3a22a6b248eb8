import { HelmRelease } from '@shipit/contracts';
import type { YamlPath } from '@shipit/yaml-edit';
import { z } from 'zod';
import { Locks } from './locks.js';

/** A key that nothing reads: what it is meant to say does not happen. */
export interface UnknownField {
  path: YamlPath;
  /** The keys that would be read in its place. */
  known: readonly string[];
}

interface Schema {
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
}

/** Keys of a HelmRelease document that the schema does not have. Keys of `values`, labels and annotations are free. */
export function unknownReleaseFields(document: unknown): UnknownField[] {
  return unknownFields(releaseSchema(), document, []);
}

/** The same of a `locks.yaml`. */
export function unknownLockFields(document: unknown): UnknownField[] {
  return unknownFields(schemaOf(Locks), document, []);
}

/** Kubernetes lets an object have more fields; none of them is read from git. */
function releaseSchema(): Schema {
  const { additionalProperties: _, ...release } = schemaOf(HelmRelease);
  const { additionalProperties: __, ...metadata } = release.properties?.['metadata'] ?? {};
  return { ...release, properties: { ...release.properties, metadata } };
}

const known = new Map<z.ZodType, Schema>();

function schemaOf(type: z.ZodType): Schema {
  const schema = known.get(type) ?? (z.toJSONSchema(type, { io: 'input', reused: 'inline' }) as Schema);
  known.set(type, schema);
  return schema;
}

function unknownFields(schema: Schema, value: unknown, path: YamlPath): UnknownField[] {
  const shapes = shapesOf(schema);
  if (Array.isArray(value)) {
    const items = shapes.find((shape) => shape.items)?.items ?? {};
    return value.flatMap((item, at) => unknownFields(items, item, [...path, at]));
  }
  if (typeof value !== 'object' || value === null) return [];
  const shape = shapes.find(({ properties, additionalProperties }) => properties ?? additionalProperties);
  if (!shape) return [];
  return Object.entries(value).flatMap(([key, field]) => unknownField(shape, key, field, path));
}

function unknownField(
  { properties = {}, additionalProperties }: Schema,
  ...[key, field, path]: [string, unknown, YamlPath]
): UnknownField[] {
  const own = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
  if (own === undefined || own === false) return [{ path: [...path, key], known: Object.keys(properties) }];
  return own === true ? [] : unknownFields(own, field, [...path, key]);
}

function shapesOf(schema: Schema): Schema[] {
  return schema.anyOf ? schema.anyOf.flatMap(shapesOf) : [schema];
}
