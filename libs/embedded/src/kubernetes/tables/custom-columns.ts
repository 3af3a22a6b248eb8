import { numberAt, textAt, type Json, type JsonObject } from '../json.js';
import type { KubeObject } from '../objects.js';
import { NAME, column } from './built-in-columns.js';
import type { Column } from './column.js';
import { age } from './duration.js';
import { readPath } from './json-path.js';

/** The `additionalPrinterColumns` of a definition; without any, the age. */
export function customColumns(declared: JsonObject[]): Column[] {
  if (declared.length === 0)
    return [NAME, column('Age', (object) => age(object.metadata.creationTimestamp), 0, 'date')];
  return [NAME, ...declared.map(toColumn)];
}

function toColumn(declared: JsonObject): Column {
  const type = textAt(declared, 'type') ?? 'string';
  const path = textAt(declared, 'jsonPath') ?? '';
  return {
    name: textAt(declared, 'name') ?? '',
    type,
    format: textAt(declared, 'format') ?? '',
    priority: numberAt(declared, 'priority') ?? 0,
    description: textAt(declared, 'description') ?? `Custom resource definition column (in JSONPath format): ${path}`,
    cell: (object) => cell(object, path, type),
  };
}

function cell(object: KubeObject, path: string, type: string): Json {
  const value = readPath(object, path)[0];
  if (value === undefined || value === null) return null;
  if (type === 'date') return typeof value === 'string' ? age(value) : null;
  if (type !== 'string') return typeof value === 'object' ? null : value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
