import type { JsonObject } from '../json.js';
import type { FieldType } from '../schema/field-type.js';
import { ApiError, type Cause } from '../api-error.js';
import {
  difference,
  emptySet,
  fieldPaths,
  intersection,
  isEmptySet,
  union,
  withoutBranch,
  withParents,
  type FieldSet,
} from './field-set.js';
import { isSameWriter, setOwnership, type Ownership, type Writer } from './managed-fields.js';
import { compareFields, fieldsOf, mergeApplied, removeFields } from './typed-fields.js';

/** Fields that identify an object or belong to the server: nobody owns them. */
const UNOWNED = [
  ['f:apiVersion'],
  ['f:kind'],
  ...['name', 'namespace', 'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'deletionTimestamp'].map(
    (name) => ['f:metadata', `f:${name}`],
  ),
  ...['deletionGracePeriodSeconds', 'selfLink', 'managedFields'].map((name) => ['f:metadata', `f:${name}`]),
];

export interface Tracked {
  object: JsonObject;
  ownerships: Ownership[];
}

/** Who owns what after a write which is not an apply: the writer gains what it changed, everybody loses what changed or went. */
export function trackUpdate(live: Tracked, next: JsonObject, type: FieldType, writer: Writer): Ownership[] {
  const { changed, removed } = compareFields(live.object, next, type);
  const touched = owned(union(changed, removed));
  const mine = live.ownerships.find((entry) => isSameWriter(entry, writer))?.fields ?? emptySet();
  const others = live.ownerships.map((entry) =>
    isSameWriter(entry, writer) ? entry : { ...entry, fields: difference(entry.fields, touched) },
  );
  const fields = difference(union(mine, owned(changed)), owned(removed));
  return isEmptySet(fields) && isEmptySet(mine) ? others : setOwnership(others, writer, fields);
}

export interface ApplyRequest {
  applied: JsonObject;
  writer: Writer;
  force: boolean;
}

/**
 * Server-side apply: lays the applied document over the live one, takes away what this manager applied before and no longer
 * does (unless somebody else owns it too), and refuses to change what others own unless forced.
 */
export function applyDocument(live: Tracked, request: ApplyRequest, type: FieldType): Tracked {
  const { applied, writer, force } = request;
  const wanted = owned(fieldsOf(applied, type));
  const before = live.ownerships.find((entry) => isSameWriter(entry, writer))?.fields ?? emptySet();
  const others = live.ownerships.filter((entry) => !isSameWriter(entry, writer));
  const merged = mergeApplied(live.object, applied, type) as JsonObject;

  const changed = owned(compareFields(live.object, merged, type).changed);
  const conflicts = others
    .map((entry) => ({ entry, fields: intersection(entry.fields, changed) }))
    .filter(({ fields }) => fieldPaths(fields).length > 0);
  if (conflicts.length > 0 && !force) throw conflictError(conflicts);

  const dropped = difference(withParents(before), withParents(wanted));
  const held = others.map((entry) => entry.fields).reduce(union, emptySet());
  const object = removeFields(merged, type, dropped, held) as JsonObject;
  const yielded = others.map((entry) => {
    const lost = conflicts.find((found) => found.entry === entry)?.fields;
    return lost ? { ...entry, fields: difference(entry.fields, lost) } : entry;
  });
  const mine = live.ownerships.filter((entry) => isSameWriter(entry, writer));
  return { object, ownerships: setOwnership([...yielded, ...mine], writer, wanted) };
}

function owned(set: FieldSet): FieldSet {
  return UNOWNED.reduce((result, path) => withoutBranch(result, ...path), set);
}

function conflictError(conflicts: { entry: Ownership; fields: FieldSet }[]): ApiError {
  const causes: Cause[] = [];
  const told = conflicts.map(({ entry, fields }) => {
    const who = describeOwner(entry);
    const paths = fieldPaths(fields);
    causes.push(...paths.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${who}`, field })));
    return [`conflicts with ${who}:`, ...paths.map((path) => `- ${path}`)].join('\n');
  });
  const [only] = causes;
  const summary =
    only && causes.length === 1
      ? `1 conflict: ${only.message}: ${only.field ?? ''}`
      : `${causes.length} conflicts: ${told.join('\n')}`;
  return new ApiError(409, 'Conflict', `Apply failed with ${summary}`, { causes });
}

function describeOwner({ manager, operation, subresource, apiVersion }: Ownership): string {
  const through = subresource && ` with subresource "${subresource}"`;
  return `"${manager}"${through}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}
