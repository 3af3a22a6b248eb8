import { describe, expect, it } from 'vitest';
import { lexWithinLimits, limits } from './check-limits.js';
import { readDocuments } from './read-documents.js';

function nested(depth: number): string {
  return Array.from({ length: depth }, (_, level) => `${' '.repeat(level)}k:`).join('\n');
}

/** Maps one inside the other, each key behind an anchor that is shorter than the one before. */
function anchored(depth: number): string {
  return Array.from({ length: depth }, (_, level) => `${' '.repeat(level)}&${'a'.repeat(2 * (depth - level))} k:`).join(
    '\n',
  );
}

describe('the limits', () => {
  it.each([
    ['a file of 1 MiB', `a: ${'x'.repeat(limits.bytes - 4)}\n`.slice(0, limits.bytes)],
    ['64 maps one inside the other', nested(64)],
    ['64 brackets one inside the other', '['.repeat(64) + ']'.repeat(64)],
    ['many brackets one behind the other', 'a: [[1], [2], [3]]\n'.repeat(2000).replaceAll('a:', '- a:')],
    [
      'brackets in texts and comments',
      `a: "${'['.repeat(200)}" # ${'{'.repeat(200)}\nb: '${'['.repeat(200)}'\nc: x${'['.repeat(200)}\nd: |\n  ${'['.repeat(200)}\n`,
    ],
    ['50 aliases', `a: &a 1\nb: [${Array(50).fill('*a').join(', ')}]\n`],
    ['1000 documents', '---\na: 1\n'.repeat(1000)],
    ['a deep file beside another', `${nested(40)}\n---\n${nested(40)}`],
    ['lists that are not indented', 'a:\n- b:\n  - c:\n    - d: 1\n'],
  ])('let pass: %s', (_what, source) => {
    expect(lexWithinLimits(source)).toMatchObject({ ok: true });
  });

  it.each([
    ['a file over 1 MiB', `a: ${'x'.repeat(limits.bytes)}`, 1],
    ['a file over 1 MiB in bytes only', `a: ${'日'.repeat(limits.bytes / 3 + 1)}`, 1],
    ['65 maps one inside the other', nested(65), 65],
    ['65 maps one inside the other behind anchors', anchored(65), 65],
    ['65 brackets', '['.repeat(65), 1],
    ['brackets that only seem to be closed', '["]", '.repeat(65), 1],
    ['brackets that only seem to be closed in comments', '[ # ]\n'.repeat(65), 65],
    ['65 lists on one line', '- '.repeat(65), 1],
    ['65 questions on one line', '? '.repeat(65), 1],
    ['braces in brackets', '[{a: '.repeat(33), 1],
    ['51 aliases', `a: &a 1\nb:\n${'- *a\n'.repeat(51)}`, 53],
    ['51 aliases in keys', `a: &a 1\n${'*a : 1\n'.repeat(51)}`, 52],
    ['1001 documents', '--- 1\n'.repeat(1001), 1001],
    ['1001 documents by their ends', '1\n...\n'.repeat(1001), 2002],
  ])('refuse with the line: %s', (_what, source, line) => {
    const result = readDocuments(source);
    expect(result).toMatchObject({ ok: false, refusals: [{ kind: 'limits', line }] });
  });

  it.each([
    ['deep brackets', '['.repeat(500_000)],
    ['deep braces', '{a: '.repeat(200_000)],
    ['deep lists', '- '.repeat(500_000)],
    ['deep questions', '? '.repeat(500_000)],
    ['a map with 100,000 keys', Array.from({ length: 100_000 }, (_, key) => `k${key}: 1`).join('\n')],
    ['a list with 200,000 items', '- 1\n'.repeat(200_000)],
    ['a document with 250,000 ends', '...\n'.repeat(250_000)],
    ['one long word', 'x'.repeat(1_000_000)],
    ['one long quoted text', `"${'\\x41'.repeat(250_000)}"`],
    ['many line breaks', '\n'.repeat(1_000_000)],
    ['many comments', '#\n'.repeat(500_000)],
    ['many anchors', '- &a 1\n'.repeat(140_000)],
    ['as many anchors as are read', '- &a 1\n'.repeat(49_000)],
    ['as many keys as are read', Array.from({ length: 58_000 }, (_, key) => `k${key}: 1`).join('\n')],
    ['a long text over many lines', `a: ${'x\n '.repeat(300_000)}`],
    ['an unclosed text', `a: "${'x\n'.repeat(300_000)}`],
    ['spaces', ' '.repeat(1_000_000)],
    ['tabs', '\t'.repeat(1_000_000)],
    ['merge keys', `a: &a {b: 1}\n${Array.from({ length: 50 }, (_, key) => `k${key}: {<<: *a}`).join('\n')}`],
    ['colons', ': '.repeat(500_000)],
    ['tags', '!a '.repeat(300_000)],
  ])('end within seconds, one way or another: %s', (_what, source) => {
    const startedAt = performance.now();
    readDocuments(source);
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  });

  it('keep the process alive where the parser alone would end it', () => {
    const source = `${'['.repeat(1000)}1${']'.repeat(1000)}`;
    for (let run = 0; run < 5; run += 1) expect(readDocuments(source).ok).toBe(false);
  });
});
