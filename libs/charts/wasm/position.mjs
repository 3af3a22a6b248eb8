// Where the templates of a thread are, in memory that the engine shares with it: who is stuck or dead cannot be asked.
// Two slots of a line, a size and a file's name: the file that is rendered, and the place in what it includes.

const SLOT = 1024;
const HEAD = 8;

export function createPosition() {
  return new SharedArrayBuffer(2 * SLOT);
}

/** Takes depth, file and line as the module tells them. */
export function positionWriter(shared) {
  const words = new Int32Array(shared);
  const bytes = new Uint8Array(shared);
  return (depth, file, line) => {
    const start = depth > 1 ? SLOT : 0;
    const name = file.subarray(0, SLOT - HEAD);
    bytes.set(name, start + HEAD);
    words[start / 4] = line;
    words[start / 4 + 1] = name.length;
    if (depth <= 1) words[SLOT / 4 + 1] = 0;
  };
}

/** `chart/templates/file.yaml:3`, and what it is included by; undefined where no file is looked at. */
export function readPosition(shared) {
  const inner = readSlot(shared, SLOT);
  const outer = readSlot(shared, 0);
  return inner && outer ? `${inner}, included by ${outer}` : outer;
}

function readSlot(shared, start) {
  const [line, size] = new Int32Array(shared, start, 2);
  if (size === 0) return undefined;
  const name = Buffer.from(shared, start + HEAD, size).toString('utf8');
  return line > 0 ? `${name}:${line}` : name;
}
