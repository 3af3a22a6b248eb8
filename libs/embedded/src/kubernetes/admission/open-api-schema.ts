import { invalidValue, requiredValue, type Cause } from '../api-error.js';
import {
  at,
  isObject,
  listAt,
  numberAt,
  objectAt,
  sameJson,
  textAt,
  textsAt,
  type Json,
  type JsonObject,
} from '../json.js';

/** Checks a custom resource against the structural schema of its definition. */
export function checkSchema(schema: JsonObject, value: Json, field: string): Cause[] {
  if (value === undefined || (value === null && schema['nullable'] === true)) return [];
  const type = textAt(schema, 'type');
  if (type !== undefined && !isOfType(schema, type, value)) {
    const message = `Invalid value: ${JSON.stringify(typeOf(value))}: ${field} in body must be of type ${type}: ${JSON.stringify(typeOf(value))}`;
    return [{ reason: 'FieldValueTypeInvalid', message, field: field === '' ? '<nil>' : field }];
  }
  return [...checkValue(schema, value, field), ...checkBelow(schema, value, field)];
}

function checkBelow(schema: JsonObject, value: Json, field: string): Cause[] {
  if (Array.isArray(value)) {
    const items = objectAt(schema, 'items');
    return value.flatMap((item, index) => checkSchema(items, item, `${field}[${index}]`));
  }
  if (!isObject(value)) return [];
  const properties = objectAt(schema, 'properties');
  const missing = textsAt(schema, 'required').filter((name) => value[name] === undefined);
  const causes = missing.map((name) => requiredValue(join(field, name)));
  const extra = schema['additionalProperties'];
  const below = Object.entries(value).flatMap(([name, child]) => {
    const declared = Object.hasOwn(properties, name) ? properties[name] : extra;
    return isObject(declared) ? checkSchema(declared, child, join(field, name)) : [];
  });
  return [...causes, ...below];
}

function checkValue(schema: JsonObject, value: Json, field: string): Cause[] {
  const causes: Cause[] = [];
  const allowed = listAt(schema, 'enum');
  if (allowed.length > 0 && !allowed.some((item) => sameJson(item, value))) {
    const list = allowed.map((item) => JSON.stringify(item)).join(', ');
    causes.push({
      reason: 'FieldValueNotSupported',
      message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`,
      field,
    });
  }
  if (typeof value === 'string') causes.push(...checkText(schema, value, field));
  if (typeof value === 'number') causes.push(...checkNumber(schema, value, field));
  if (Array.isArray(value)) causes.push(...checkCount(schema, value, field));
  return causes;
}

function checkText(schema: JsonObject, value: string, field: string): Cause[] {
  const pattern = textAt(schema, 'pattern');
  const [least, most] = [numberAt(schema, 'minLength') ?? 0, numberAt(schema, 'maxLength') ?? Infinity];
  const causes: Cause[] = [];
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value))
    causes.push(invalidValue(field, value, `${field} in body should match '${pattern}'`));
  if (value.length < least)
    causes.push(invalidValue(field, value, `${field} in body should be at least ${least} chars long`));
  if (value.length > most)
    causes.push({ reason: 'FieldValueTooLong', message: `Too long: may not be more than ${most} bytes`, field });
  return causes;
}

function checkNumber(schema: JsonObject, value: number, field: string): Cause[] {
  const [least, most] = [numberAt(schema, 'minimum') ?? -Infinity, numberAt(schema, 'maximum') ?? Infinity];
  if (value < least)
    return [invalidValue(field, value, `${field} in body should be greater than or equal to ${least}`)];
  return value > most ? [invalidValue(field, value, `${field} in body should be less than or equal to ${most}`)] : [];
}

function checkCount(schema: JsonObject, value: Json[], field: string): Cause[] {
  const [least, most] = [numberAt(schema, 'minItems') ?? 0, numberAt(schema, 'maxItems') ?? Infinity];
  if (value.length < least)
    return [invalidValue(field, value.length, `${field} in body should have at least ${least} items`)];
  return value.length > most
    ? [{ reason: 'FieldValueTooMany', message: `Too many: ${value.length}: must have at most ${most} items`, field }]
    : [];
}

function isOfType(schema: JsonObject, type: string, value: Json): boolean {
  if (at(schema, 'x-kubernetes-int-or-string') === true) return typeof value === 'string' || Number.isInteger(value);
  const actual = typeOf(value);
  return actual === type || (type === 'number' && actual === 'integer');
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function join(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`;
}
