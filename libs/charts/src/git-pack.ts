import { createHash } from 'node:crypto';
import { setImmediate as pause } from 'node:timers/promises';
import { inflateSync } from 'node:zlib';
import { applyGitDelta } from './git-delta.js';

export interface GitPackLimits {
  objects: number;
  /** All objects together, unpacked. */
  bytes: number;
}

export type GitObjectType = 'commit' | 'tree' | 'blob' | 'tag';

export interface GitPackObject {
  type: GitObjectType;
  bytes: Buffer;
}

const TYPES: Partial<Record<number, GitObjectType>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' };
const OFFSET_DELTA = 6;
const ID_DELTA = 7;
/** Other work gets a turn after so many objects. */
const OBJECTS_PER_TURN = 200;

/**
 * The objects of a pack (git's format, version 2) by id.
 *
 * Nothing is unpacked beyond the size that it tells, and all of it together not beyond the limits.
 * @throws Error where it is no such pack
 */
export async function readGitPack(pack: Uint8Array, limits: GitPackLimits): Promise<Map<string, GitPackObject>> {
  const bytes = Buffer.from(pack.buffer, pack.byteOffset, pack.byteLength);
  const end = bytes.length - 20;
  if (end < 12 || bytes.toString('latin1', 0, 4) !== 'PACK' || bytes.readUInt32BE(4) !== 2) throw new Error('no pack');
  const sum = createHash('sha1').update(bytes.subarray(0, end)).digest();
  if (!sum.equals(bytes.subarray(end))) throw new Error('its checksum is wrong');
  const count = bytes.readUInt32BE(8);
  if (count > limits.objects) throw new Error(`it has ${count} objects; at most ${limits.objects} are allowed`);
  const reader = new PackReader(bytes.subarray(0, end), limits);
  for (let read = 0; read < count; read++) {
    reader.next();
    if (read % OBJECTS_PER_TURN === 0) await pause();
  }
  return reader.byId;
}

class PackReader {
  readonly byId = new Map<string, GitPackObject>();
  readonly #byOffset = new Map<number, GitPackObject>();
  #at = 12;
  #total = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly limits: GitPackLimits,
  ) {}

  next(): void {
    const start = this.#at;
    const { kind, size } = this.#head();
    const base = this.#base(kind, start);
    const content = this.#inflate(size);
    const object = base ? { type: base.type, bytes: this.#changed(base, content) } : plain(kind, content);
    this.#byOffset.set(start, object);
    this.byId.set(gitObjectId(object), object);
  }

  #head(): { kind: number; size: number } {
    let byte = this.#byte();
    const kind = (byte >> 4) & 7;
    let size = byte & 15;
    for (let scale = 16; byte & 128; scale *= 128) {
      byte = this.#byte();
      size += (byte & 127) * scale;
      if (size > this.limits.bytes) throw new Error('an object is too large');
    }
    return { kind, size };
  }

  /** What an object is told as a change of; servers that follow the protocol send it before. */
  #base(kind: number, start: number): GitPackObject | undefined {
    if (kind !== OFFSET_DELTA && kind !== ID_DELTA) return undefined;
    const base = kind === OFFSET_DELTA ? this.#byOffset.get(start - this.#distance()) : this.byId.get(this.#id());
    if (!base) throw new Error('an object is a change of one that is not there');
    return base;
  }

  #distance(): number {
    let byte = this.#byte();
    let distance = byte & 127;
    while (byte & 128) {
      byte = this.#byte();
      distance = (distance + 1) * 128 + (byte & 127);
      if (distance > this.bytes.length) throw new Error('an object is a change of one that is not there');
    }
    return distance;
  }

  #id(): string {
    this.#at += 20;
    return this.bytes.toString('hex', this.#at - 20, this.#at);
  }

  #inflate(size: number): Buffer {
    this.#count(size);
    const options = {
      maxOutputLength: Math.max(size, 1),
      info: true,
      chunkSize: Math.min(Math.max(size, 64), 1 << 16),
    };
    const answer = inflateSync(this.bytes.subarray(this.#at), options) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    if (answer.buffer.length !== size) throw new Error('an object has not the size that it tells');
    this.#at += answer.engine.bytesWritten;
    return answer.buffer;
  }

  #changed(base: GitPackObject, delta: Buffer): Buffer {
    const changed = applyGitDelta(base.bytes, delta, (size) => this.#count(size));
    return changed;
  }

  #count(size: number): void {
    this.#total += size;
    if (this.#total > this.limits.bytes) throw new Error(`it unpacks to more than ${this.limits.bytes} bytes`);
  }

  #byte(): number {
    const byte = this.bytes[this.#at++];
    if (byte === undefined) throw new Error('it ends too early');
    return byte;
  }
}

function plain(kind: number, bytes: Buffer): GitPackObject {
  const type = TYPES[kind];
  if (!type) throw new Error('an object is of no known kind');
  return { type, bytes };
}

function gitObjectId({ type, bytes }: GitPackObject): string {
  return createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
}
