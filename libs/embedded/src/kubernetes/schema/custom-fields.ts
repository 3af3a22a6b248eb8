import { isObject, objectAt, textAt, textsAt, type JsonObject } from '../json.js';
import { builtInFields } from './built-in-fields.js';
import { ANY, type FieldType, type ListType, type StructType } from './field-type.js';

/** The fields of a custom resource, from the structural schema of its definition. */
export function customFields(kind: string, schema: JsonObject): StructType {
  const root = toType(schema, kind);
  const struct: StructType =
    root.kind === 'struct' ? root : { kind: 'struct', name: kind, fields: new Map(), atomic: false, open: true };
  addIdentity(struct);
  return struct;
}

function addIdentity(struct: StructType): void {
  for (const name of ['apiVersion', 'kind'])
    struct.fields.set(name, { type: { kind: 'scalar', scalar: 'string' }, required: false });
  struct.fields.set('metadata', { type: builtInFields('ObjectMeta'), required: false });
}

function toType(schema: JsonObject, name: string): FieldType {
  if (schema['x-kubernetes-int-or-string'] === true) return { kind: 'scalar', scalar: 'intOrString' };
  switch (textAt(schema, 'type')) {
    case 'object':
      return toMap(schema, name);
    case 'array':
      return { kind: 'list', item: toType(objectAt(schema, 'items'), name), merge: toMerge(schema) };
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
      return { kind: 'scalar', scalar: textAt(schema, 'type') as 'string' };
    default:
      return ANY;
  }
}

function toMap(schema: JsonObject, name: string): FieldType {
  const atomic = schema['x-kubernetes-map-type'] === 'atomic';
  const extra = schema['additionalProperties'];
  if (isObject(extra)) return { kind: 'map', item: toType(extra, name), atomic };
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true || extra === true;
  const properties = Object.entries(objectAt(schema, 'properties'));
  if (properties.length === 0 && open) return atomic ? { kind: 'map', item: ANY, atomic } : ANY;
  const fields = properties.map(
    ([key, child]) => [key, { type: isObject(child) ? toType(child, key) : ANY, required: false }] as const,
  );
  const struct: StructType = { kind: 'struct', name, fields: new Map(fields), atomic, open };
  if (schema['x-kubernetes-embedded-resource'] === true) addIdentity(struct);
  return struct;
}

function toMerge(schema: JsonObject): ListType['merge'] {
  switch (textAt(schema, 'x-kubernetes-list-type')) {
    case 'map':
      return { by: 'keys', keys: textsAt(schema, 'x-kubernetes-list-map-keys') };
    case 'set':
      return { by: 'value' };
    default:
      return { by: 'whole' };
  }
}
