import { isObject, objectsAt, type JsonObject } from '../json.js';
import { now, type ManagedFieldsEntry } from '../objects.js';
import { decodeFields, encodeFields, isEmptySet, sameSet, type FieldSet } from './field-set.js';

/** What one manager owns through one kind of write. */
export interface Ownership {
  manager: string;
  operation: 'Apply' | 'Update';
  subresource: string;
  apiVersion: string;
  time: string | undefined;
  fields: FieldSet;
}

export interface Writer {
  manager: string;
  operation: 'Apply' | 'Update';
  subresource?: string;
  apiVersion: string;
}

export function readOwnerships(metadata: JsonObject): Ownership[] {
  return objectsAt(metadata, 'managedFields').map((entry) => ({
    manager: String(entry['manager'] ?? ''),
    operation: entry['operation'] === 'Apply' ? 'Apply' : 'Update',
    subresource: String(entry['subresource'] ?? ''),
    apiVersion: String(entry['apiVersion'] ?? ''),
    time: typeof entry['time'] === 'string' ? entry['time'] : undefined,
    fields: decodeFields(isObject(entry['fieldsV1']) ? entry['fieldsV1'] : {}),
  }));
}

export function writeOwnerships(ownerships: Ownership[]): ManagedFieldsEntry[] {
  const order = (entry: Ownership): string => `${entry.operation} ${entry.time ?? ''} ${entry.manager}`;
  return ownerships
    .filter((entry) => !isEmptySet(entry.fields))
    .sort((left, right) => (order(left) < order(right) ? -1 : 1))
    .map(({ manager, operation, apiVersion, time, fields, subresource }) => ({
      manager,
      operation,
      apiVersion,
      ...(time !== undefined && { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: encodeFields(fields),
      ...(subresource !== '' && { subresource }),
    }));
}

export function isSameWriter(entry: Ownership, writer: Writer): boolean {
  return (
    entry.manager === writer.manager &&
    entry.operation === writer.operation &&
    entry.subresource === (writer.subresource ?? '') &&
    (entry.operation === 'Apply' || entry.apiVersion === writer.apiVersion)
  );
}

/** Replaces what the writer owns. The time moves only when the fields do. */
export function setOwnership(ownerships: Ownership[], writer: Writer, fields: FieldSet): Ownership[] {
  const current = ownerships.find((entry) => isSameWriter(entry, writer));
  const others = ownerships.filter((entry) => entry !== current);
  if (current && current.apiVersion === writer.apiVersion && sameSet(current.fields, fields)) return ownerships;
  return [...others, { subresource: '', ...writer, time: now(), fields }];
}
