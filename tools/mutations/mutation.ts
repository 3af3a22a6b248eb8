/** One rule broken in one place, as a tired colleague might do it. */
export interface Mutation {
  /** The rule in words of those who run Ship-it. */
  rule: string;
  /** From the root of the repository. */
  file: string;
  /** What stands there, exactly once. */
  from: string;
  to: string;
  /** The tests that must notice: files beside the broken one. */
  specs: readonly string[];
}

/** @throws Error where the text to replace does not stand there exactly once: the list is out of date */
export function applyMutation(source: string, { rule, file, from, to }: Mutation): string {
  const count = source.split(from).length - 1;
  if (count !== 1) throw new Error(`"${rule}": ${file} has the text to replace ${count} times: ${from}`);
  if (from === to) throw new Error(`"${rule}" changes nothing in ${file}`);
  return source.replace(from, () => to);
}

export function specPaths({ file, specs }: Mutation): string[] {
  return specs.map((spec) => `${file.slice(0, file.lastIndexOf('/'))}/${spec}.spec.ts`);
}
