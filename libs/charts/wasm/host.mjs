// Runs the Helm module. What it is given of the outside: a clock, random bytes, and stderr and its position, which are
// kept for crashes.
import { randomFillSync } from 'node:crypto';

const BAD_DESCRIPTOR = 8;
const NOT_SUPPORTED = 52;
const CHARACTER_DEVICE = 2;
// Go tells the reason first, and then what each goroutine was at.
const KEPT_STDERR = 64 * 1024;
const CRASH_REASON = /^(runtime: |fatal error: |panic: )/m;

/**
 * Starts one instance of the compiled module, which tells `onPosition` the depth, file and line it is at. An instance
 * that threw must not be used again.
 */
export async function startHelm(module, onPosition) {
  const system = new System();
  const instance = await WebAssembly.instantiate(module, {
    wasi_snapshot_preview1: system.imports(),
    shipit: { position: (depth, at, size, line) => onPosition(depth, system.bytes(at, size), line) },
  });
  const { memory, alloc, free, call, _initialize } = instance.exports;
  system.memory = memory;
  _initialize();

  function put(bytes) {
    const pointer = alloc(bytes.length);
    new Uint8Array(memory.buffer, pointer, bytes.length).set(bytes);
    return pointer;
  }

  return {
    get memoryBytes() {
      return memory.buffer.byteLength;
    },
    /** What the module wrote to stderr lately, from the reason on when it crashed. */
    get stderr() {
      return system.stderr.slice(Math.max(system.stderr.search(CRASH_REASON), 0));
    },
    call(body, blob) {
      const request = Buffer.from(body);
      const requestAt = put(request);
      const blobAt = put(blob);
      const packed = BigInt.asUintN(64, call(requestAt, request.length, blobAt, blob.length));
      const answerAt = Number(packed >> 32n);
      const text = Buffer.from(memory.buffer, answerAt, Number(packed & 0xffff_ffffn)).toString('utf8');
      free(requestAt);
      free(blobAt);
      free(answerAt);
      return text;
    },
  };
}

class System {
  memory;
  stderr = '';

  imports() {
    const known = {
      args_sizes_get: (count, size) => this.#words([count, 1], [size, 5]),
      // The logging library of Kubernetes reads the program's name at start.
      args_get: (list, buffer) => {
        this.bytes(buffer, 5).set(Buffer.from('helm\0'));
        return this.#words([list, buffer]);
      },
      environ_sizes_get: (count, size) => this.#words([count, 0], [size, 0]),
      environ_get: () => 0,
      clock_time_get: (id, _precision, at) => {
        this.#view().setBigUint64(at, id === 0 ? BigInt(Date.now()) * 1_000_000n : process.hrtime.bigint(), true);
        return 0;
      },
      random_get: (at, size) => {
        randomFillSync(this.bytes(at, size));
        return 0;
      },
      fd_write: (_descriptor, vectors, count, written) => this.#words([written, this.#write(vectors, count)]),
      fd_prestat_get: () => BAD_DESCRIPTOR,
      fd_fdstat_get: (descriptor, at) => {
        if (descriptor > 2) return BAD_DESCRIPTOR;
        const stat = this.bytes(at, 24).fill(0);
        stat[0] = CHARACTER_DEVICE;
        return 0;
      },
      fd_fdstat_set_flags: () => 0,
      sched_yield: () => 0,
      poll_oneoff: (_subscriptions, _events, count, ready) => this.#words([ready, count]),
      proc_exit: (code) => {
        throw new Error(`the Helm module ended with code ${code}: ${this.stderr.trim()}`);
      },
    };
    return new Proxy(known, { get: (imports, name) => imports[name] ?? (() => NOT_SUPPORTED) });
  }

  #view() {
    return new DataView(this.memory.buffer);
  }

  bytes(at, size) {
    return new Uint8Array(this.memory.buffer, at, size);
  }

  #words(...entries) {
    for (const [at, value] of entries) this.#view().setUint32(at, value, true);
    return 0;
  }

  #write(vectors, count) {
    let total = 0;
    for (let i = 0; i < count; i++) {
      const at = this.#view().getUint32(vectors + i * 8, true);
      const size = this.#view().getUint32(vectors + i * 8 + 4, true);
      this.stderr = (this.stderr + Buffer.from(this.memory.buffer, at, size).toString('utf8')).slice(-KEPT_STDERR);
      total += size;
    }
    return total;
  }
}
