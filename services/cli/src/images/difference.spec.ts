import { applyPatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { difference } from './difference.js';

const line = fc.constantFrom('', 'a', 'b', 'image: x:v1', '\r', '# é');
const text = fc
  .tuple(fc.array(line, { maxLength: 20 }), fc.boolean())
  .map(([lines, isEnded]) => lines.join('\n') + (isEnded ? '\n' : ''));

describe('the difference of a file', () => {
  it('leads from the one to the other, whatever their ends', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(applyPatch(before, difference('a.yaml', { before, after }, false))).toBe(after);
      }),
      { numRuns: 500 },
    );
  });

  it('is one hunk with four lines around, at its line of the file', () => {
    const before = Array.from({ length: 1000 }, (_, n) => `line ${n + 1}`).join('\n');
    const patch = difference('./x/a.yaml', { before, after: before.replace('line 500\n', 'other\n') }, false);
    expect(patch).toContain('--- a/x/a.yaml\n+++ b/x/a.yaml\n@@ -496,9 +496,9 @@\n line 496\n');
    expect(patch).toContain(' line 499\n-line 500\n+other\n line 501\n');
  });
});
