import { randomInt } from 'node:crypto';

import { invalidValue, requiredValue, type Cause } from '../api-error.js';
import { objectAt, textAt, type JsonObject } from '../json.js';
import type { KubeObject, ObjectMeta } from '../objects.js';
import type { ResourceType } from '../resources/resource-type.js';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const QUALIFIED_NAME = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
/** Letters that spell no words, as the API server draws them. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const LABEL_VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const QUALIFIED_RULE =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

export function randomSuffix(length = 5): string {
  return Array.from({ length }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
}

/** Draws a name where only `generateName` is given. */
export function nameFromPrefix(body: JsonObject): JsonObject {
  const metadata = objectAt(body, 'metadata');
  const prefix = textAt(metadata, 'generateName');
  if (textAt(metadata, 'name') || !prefix) return body;
  return { ...body, metadata: { ...metadata, name: prefix.slice(0, 58) + randomSuffix() } };
}

export function checkMetadata(type: ResourceType, object: KubeObject, live: KubeObject | undefined): Cause[] {
  const { name, labels, annotations } = object.metadata;
  return [
    ...checkName(type, name),
    ...checkFinalizers(object, live),
    ...checkLabels(labels ?? {}, 'metadata.labels'),
    ...checkKeys(annotations ?? {}, 'metadata.annotations'),
  ];
}

export function checkLabels(labels: Record<string, unknown>, field: string): Cause[] {
  const values = Object.values(labels).flatMap((value): Cause[] => {
    const text = String(value);
    if (text.length > 63) return [invalidValue(field, text, 'must be no more than 63 bytes')];
    return LABEL_VALUE.test(text) ? [] : [invalidValue(field, text, LABEL_VALUE_RULE)];
  });
  return [...checkKeys(labels, field), ...values];
}

function checkKeys(map: Record<string, unknown>, field: string): Cause[] {
  return Object.keys(map).flatMap((key) =>
    QUALIFIED_NAME.test(key) ? [] : [invalidValue(field, key, QUALIFIED_RULE)],
  );
}

function checkFinalizers({ metadata }: KubeObject, live: KubeObject | undefined): Cause[] {
  if (!live?.metadata.deletionTimestamp) return [];
  const added = (metadata.finalizers ?? []).filter((item) => !live.metadata.finalizers?.includes(item));
  if (added.length === 0) return [];
  const found = `[]string{${added.map((item) => JSON.stringify(item)).join(', ')}}`;
  const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers ${found}`;
  return [{ reason: 'FieldValueForbidden', message, field: 'metadata.finalizers' }];
}

/** Empty lists and maps of metadata are not stored. */
export function compactMetadata(metadata: ObjectMeta): ObjectMeta {
  const entries = Object.entries(metadata).filter(
    ([, value]) => typeof value !== 'object' || value === null || Object.keys(value).length > 0,
  );
  return Object.fromEntries(entries) as ObjectMeta;
}

function checkName(type: ResourceType, name: string): Cause[] {
  const field = 'metadata.name';
  if (name === '') return [requiredValue(field, 'name or generateName is required')];
  if (type.group === 'rbac.authorization.k8s.io') return [];
  const isLabel = type.kind === 'Namespace' || type.kind === 'Service';
  const limit = isLabel ? 63 : 253;
  if (name.length > limit) return [invalidValue(field, name, `must be no more than ${limit} bytes`)];
  if ((isLabel ? LABEL : SUBDOMAIN).test(name)) return [];
  return [invalidValue(field, name, isLabel ? LABEL_RULE : SUBDOMAIN_RULE)];
}
