import { badRequest } from '../api-error.js';
import type { Json, JsonObject } from '../json.js';
import { allBuiltInFields } from '../schema/built-in-fields.js';
import { fieldOf, type FieldType, type Scalar, type StructType } from '../schema/field-type.js';
import { OBJECT_PROTOBUF } from '../schema/object-protobuf.js';
import { POD_PROTOBUF } from '../schema/pod-protobuf.js';
import { readWire, type WireField } from './wire-reader.js';

const MAGIC = Buffer.from('k8s\0');
const MAX_DEPTH = 64;

interface NumberedField {
  name: string;
  isInline: boolean;
  isZeroMeant: boolean;
}

const lines = `${POD_PROTOBUF}${OBJECT_PROTOBUF}`.split('\n').filter((line) => line !== '');
const numbers = new Map(lines.map(parseLine));

/** Reads an object of a built-in kind that a client wrote in Kubernetes' protobuf form. */
export function decodeProtobuf(body: Buffer): JsonObject {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) throw badRequest('the protobuf body lacks its prefix');
  const envelope = readWire(body.subarray(MAGIC.length));
  const meta = readWire(bytesOf(envelope, 1));
  const [apiVersion, kind] = [bytesOf(meta, 1).toString('utf8'), bytesOf(meta, 2).toString('utf8')];
  const struct = allBuiltInFields().get(kind);
  if (!struct || !numbers.has(kind)) throw badRequest(`no kind "${kind}" is registered for version "${apiVersion}"`);
  return { apiVersion, kind, ...decodeMessage(kind, bytesOf(envelope, 2), struct, 0) };
}

function decodeMessage(name: string, message: Buffer, struct: StructType, depth: number): JsonObject {
  if (depth > MAX_DEPTH) throw badRequest('the protobuf body is nested too deeply');
  const known = numbers.get(name);
  const result: JsonObject = {};
  for (const wire of readWire(message)) {
    const field = known?.get(wire.number);
    if (!field) continue;
    if (field.isInline) Object.assign(result, decodeMessage(field.name, wire.bytes, struct, depth + 1));
    else put(result, field, decodeField(result[field.name], fieldOf(struct, field.name), wire, depth + 1));
  }
  return result;
}

/** Go writes zeros of plain fields too; they stand for nothing there. */
function put(result: JsonObject, field: NumberedField, value: Json): void {
  const isZero = value === '' || value === 0 || value === false;
  if (value !== undefined && (field.isZeroMeant || !isZero)) result[field.name] = value;
}

function decodeField(before: Json, type: FieldType, wire: WireField, depth: number): Json {
  if (type.kind === 'list') {
    const items = Array.isArray(before) ? before : [];
    return [...items, decodeValue(type.item, wire, depth) ?? null];
  }
  if (type.kind !== 'map') return decodeValue(type, wire, depth);
  const entry = readWire(wire.bytes);
  const value = entry.find((item) => item.number === 2);
  const key = bytesOf(entry, 1).toString('utf8');
  if (['__proto__', 'constructor', 'prototype'].includes(key)) throw badRequest(`the key ${key} is not allowed`);
  return { ...(before as JsonObject | undefined), [key]: value ? decodeValue(type.item, value, depth) : '' };
}

function decodeValue(type: FieldType, wire: WireField, depth: number): Json {
  if (type.kind === 'struct') return decodeMessage(type.name, wire.bytes, type, depth);
  if (type.kind === 'scalar') return SCALARS[type.scalar](wire);
  // Raw JSON inside: of extensions and of managed fields.
  const raw = bytesOf(readWire(wire.bytes), 1).toString('utf8');
  return raw === '' ? undefined : (JSON.parse(raw) as Json);
}

const SCALARS: Record<Scalar, (wire: WireField) => Json> = {
  string: ({ bytes }) => bytes.toString('utf8'),
  base64: ({ bytes }) => bytes.toString('base64'),
  integer: ({ varint }) => Number(varint),
  boolean: ({ varint }) => varint !== 0n,
  number: ({ bytes }) => (bytes.length === 8 ? bytes.readDoubleLE() : 0),
  quantity: ({ bytes }) => bytesOf(readWire(bytes), 1).toString('utf8'),
  intOrString: ({ bytes }) => {
    const fields = readWire(bytes);
    const isText = fields.some(({ number, varint }) => number === 1 && varint === 1n);
    return isText
      ? bytesOf(fields, 3).toString('utf8')
      : Number(fields.find(({ number }) => number === 2)?.varint ?? 0n);
  },
  time: ({ bytes }) => {
    const seconds = readWire(bytes).find(({ number }) => number === 1)?.varint;
    return seconds === undefined ? undefined : new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z');
  },
};

function bytesOf(fields: WireField[], number: number): Buffer {
  return fields.find((field) => field.number === number)?.bytes ?? Buffer.alloc(0);
}

function parseLine(line: string): [string, Map<number, NumberedField>] {
  const [name = '', ...fields] = line.split(' ');
  const parsed = fields.map((field): [number, NumberedField] => {
    const [, number, mark, own = ''] = /^(\d+)([*<]?)(.+)$/.exec(field) ?? [];
    return [Number(number), { name: own, isInline: mark === '<', isZeroMeant: mark === '*' }];
  });
  return [name, new Map(parsed)];
}
