import { applyPatch, createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { difference } from './difference.js';

const line = fc.constantFrom('', 'a', 'b', 'image: x:v1', '\r', '# é');
const text = fc
  .tuple(fc.array(line, { maxLength: 20 }), fc.boolean())
  .map(([lines, isEnded]) => lines.join('\n') + (isEnded ? '\n' : ''));

describe('the difference of a file', () => {
  it('leads from the one to the other, and is as short as that of the whole files', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const patch = difference('a.yaml', { before, after }, false);
        expect(applyPatch(before, patch)).toBe(after);
        expect(patch.split('\n').length).toBeLessThanOrEqual(
          createTwoFilesPatch('a/a.yaml', 'b/a.yaml', before, after, '', '', {
            context: 3,
            headerOptions: FILE_HEADERS_ONLY,
          }).split('\n').length,
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('is one hunk with three lines around, at its line of the file', () => {
    const lines = Array.from({ length: 1000 }, (_, n) => `line ${n + 1}`);
    const before = lines.join('\n');
    const patch = difference('./x/a.yaml', { before, after: before.replace('line 500\n', 'other\n') }, false);
    expect(patch).toBe(
      '--- a/x/a.yaml\n+++ b/x/a.yaml\n@@ -497,7 +497,7 @@\n line 497\n line 498\n line 499\n-line 500\n+other\n line 501\n line 502\n line 503\n',
    );
  });
});
