/** ` (did you mean "x"?)` for the known word that is nearest; empty where none is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const closest = closestWord(word, known);
  return closest === undefined ? '' : `; did you mean ${JSON.stringify(closest)}?`;
}

/** The known word that a few slips of the finger turn into this one; what stands before a slash is not counted. */
export function closestWord(word: string, known: readonly string[]): string | undefined {
  if (word.length > 100) return undefined;
  const { length } = word.slice(word.lastIndexOf('/') + 1);
  const slips = Math.min(Math.ceil(length / 3), length - 1);
  const near = known
    .map((candidate) => ({ candidate, distance: distanceOf(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= slips)
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.candidate;
}

/** Letters to put in, take out, replace or swap with their neighbour. */
function distanceOf(a: string, b: string): number {
  const costs: number[][] = [];
  const cost = (i: number, j: number): number => costs[i]?.[j] ?? Infinity;
  for (let i = 0; i <= a.length; i += 1) {
    costs[i] = i === 0 ? [0] : [];
    for (let j = i === 0 ? 1 : 0; j <= b.length; j += 1) {
      const replaced = cost(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = cost(i - 2, j - 2) + (isSwap ? 1 : Infinity);
      costs[i]?.push(Math.min(replaced, swapped, cost(i - 1, j) + 1, cost(i, j - 1) + 1));
    }
  }
  return cost(a.length, b.length);
}
