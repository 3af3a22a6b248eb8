import { ANY, type FieldType, type ListType, type Scalar, type StructType } from './field-type.js';
import { OBJECT_FIELDS } from './object-fields.js';
import { POD_FIELDS } from './pod-fields.js';

const SCALARS = new Set<string>([
  'string',
  'integer',
  'number',
  'boolean',
  'quantity',
  'intOrString',
  'base64',
  'time',
]);
const structs = new Map<string, StructType>();
const lines = `${POD_FIELDS}${OBJECT_FIELDS}`.split('\n').filter((line) => line !== '');

for (const line of lines) declare(line);
for (const line of lines) fill(line);

/** The fields of a built-in kind (`Deployment`) or of a part of one (`ObjectMeta`). */
export function builtInFields(name: string): StructType {
  const found = structs.get(name);
  if (!found) throw new Error(`No fields are declared for ${name}`);
  return found;
}

export function allBuiltInFields(): ReadonlyMap<string, StructType> {
  return structs;
}

function declare(line: string): void {
  const head = line.split(' ', 1)[0] ?? '';
  const name = head.replace('!', '');
  structs.set(name, { kind: 'struct', name, fields: new Map(), atomic: head.endsWith('!'), open: false });
}

function fill(line: string): void {
  const [head = '', ...fields] = line.split(' ');
  const struct = builtInFields(head.replace('!', ''));
  for (const field of fields) {
    const colon = field.indexOf(':');
    const name = field.slice(0, colon);
    struct.fields.set(name.replace('*', ''), { type: parseType(field.slice(colon + 1)), required: name.endsWith('*') });
  }
}

function parseType(text: string): FieldType {
  if (text === 'any') return ANY;
  if (SCALARS.has(text)) return { kind: 'scalar', scalar: text as Scalar };
  const map = /^\{(.+)\}(!?)$/.exec(text);
  if (map) return { kind: 'map', item: parseType(map[1] ?? ''), atomic: map[2] === '!' };
  const list = /^\[(.+)\](?:@(.+))?$/.exec(text);
  if (list) return { kind: 'list', item: parseType(list[1] ?? ''), merge: parseMerge(list[2]) };
  return builtInFields(text);
}

function parseMerge(keys: string | undefined): ListType['merge'] {
  if (keys === undefined) return { by: 'whole' };
  return keys === '=' ? { by: 'value' } : { by: 'keys', keys: keys.split('+') };
}
