/**
 * Asks again and again until the answer is neither undefined, null nor false, and returns it. An error counts as "not yet".
 * @throws Error after `limitMs` (5 s), with the last error as its cause.
 */
export async function waitUntil<T>(
  check: () => T | Promise<T>,
  { limitMs = 5_000, everyMs = 20 }: { limitMs?: number; everyMs?: number } = {},
): Promise<Exclude<T, undefined | null | false>> {
  const until = Date.now() + limitMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await check();
      if (answer !== undefined && answer !== null && answer !== false)
        return answer as Exclude<T, undefined | null | false>;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() >= until)
      throw new Error(`Not so within ${limitMs} ms: ${check.toString().slice(0, 200)}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
