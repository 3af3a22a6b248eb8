/**
 * An object as a change of another: pieces of that one, and new bytes between them.
 *
 * `reserve` is told the size of the result before anything is written. @throws Error where the change does not fit
 */
export function applyGitDelta(base: Buffer, delta: Buffer, reserve: (size: number) => void): Buffer {
  const reader = { at: 0 };
  if (readSize(delta, reader) !== base.length) throw new Error('a change is of another object');
  const size = readSize(delta, reader);
  reserve(size);
  const result = Buffer.alloc(size);
  let written = 0;
  while (reader.at < delta.length) {
    const piece = readPiece(base, delta, reader);
    if (written + piece.length > size) throw new Error('a change is larger than it tells');
    written += piece.copy(result, written);
  }
  if (written !== size) throw new Error('a change is smaller than it tells');
  return result;
}

function readPiece(base: Buffer, delta: Buffer, reader: { at: number }): Buffer {
  const command = delta[reader.at++] ?? 0;
  const isCopy = (command & 128) !== 0;
  const start = isCopy ? readBytes(delta, reader, command & 15) : reader.at;
  const length = isCopy ? readBytes(delta, reader, (command >> 4) & 7) || 0x10000 : command;
  const source = isCopy ? base : delta;
  if (length === 0 || start + length > source.length) throw new Error('a change reaches beyond its object');
  if (!isCopy) reader.at += length;
  return source.subarray(start, start + length);
}

/** Little-endian; each bit of the mask says whether its byte is there. */
function readBytes(delta: Buffer, reader: { at: number }, mask: number): number {
  let value = 0;
  for (let bit = 0; bit < 4; bit++) if (mask & (1 << bit)) value += (delta[reader.at++] ?? 0) * 256 ** bit;
  return value;
}

function readSize(delta: Buffer, reader: { at: number }): number {
  let size = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = delta[reader.at++];
    if (byte === undefined || scale > 2 ** 42) throw new Error('a change has no size');
    size += (byte & 127) * scale;
    if (!(byte & 128)) return size;
  }
}
