import { badRequest } from '../api-error.js';

/** One field of a protobuf message as it stands on the wire. */
export interface WireField {
  number: number;
  varint: bigint;
  bytes: Buffer;
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** The fields of a protobuf message in their order. */
export function readWire(message: Buffer): WireField[] {
  const fields: WireField[] = [];
  let position = 0;

  function readVarint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[position];
      if (byte === undefined) throw broken();
      position += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw broken();
  }

  function readBytes(length: number): Buffer {
    const end = position + length;
    if (length < 0 || end > message.length) throw broken();
    const bytes = message.subarray(position, end);
    position = end;
    return bytes;
  }

  function readValue(wireType: number): Omit<WireField, 'number'> {
    const none = Buffer.alloc(0);
    if (wireType === VARINT) return { varint: readVarint(), bytes: none };
    if (wireType === BYTES) return { varint: 0n, bytes: readBytes(Number(readVarint())) };
    if (wireType === FIXED64) return { varint: 0n, bytes: readBytes(8) };
    if (wireType === FIXED32) return { varint: 0n, bytes: readBytes(4) };
    throw broken();
  }

  while (position < message.length) {
    const tag = Number(readVarint());
    fields.push({ number: tag >>> 3, ...readValue(tag & 7) });
  }
  return fields;
}

function broken(): Error {
  return badRequest('the protobuf body is not well formed');
}
