/**
 * Those that wait for each other: at least one cycle of every group that can never begin. Names that are not in the
 * map are waited for by nobody here.
 */
export function findCycles(waitsFor: ReadonlyMap<string, readonly string[]>): string[][] {
  const stuck = stuckOf(waitsFor);
  const next = new Map([...stuck].map((name) => [name, waitsFor.get(name)?.find((other) => stuck.has(other)) ?? name]));
  const cycles: string[][] = [];
  const seen = new Set<string>();
  for (const start of stuck) {
    const way = new Set<string>();
    let name = start;
    for (; !seen.has(name); name = next.get(name) ?? name) {
      seen.add(name);
      way.add(name);
    }
    const walked = [...way];
    if (way.has(name)) cycles.push(walked.slice(walked.indexOf(name)));
  }
  return cycles;
}

/** What is left when all that can begin has begun, and then all that waited for it, and so on. */
function stuckOf(waitsFor: ReadonlyMap<string, readonly string[]>): Set<string> {
  const waiting = new Map([...waitsFor.keys()].map((name): [string, string[]] => [name, []]));
  const missing = new Map<string, number>();
  for (const [name, others] of waitsFor) {
    const known = [...new Set(others)].filter((other) => waitsFor.has(other));
    missing.set(name, known.length);
    for (const other of known) waiting.get(other)?.push(name);
  }
  const ready = [...missing].filter(([, count]) => count === 0).map(([name]) => name);
  for (const name of ready) {
    missing.delete(name);
    for (const waiter of waiting.get(name) ?? []) {
      const count = (missing.get(waiter) ?? 0) - 1;
      missing.set(waiter, count);
      if (count === 0) ready.push(waiter);
    }
  }
  return new Set(missing.keys());
}
