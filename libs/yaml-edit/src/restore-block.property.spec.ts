import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { restoreBlock } from './restore-block.js';

const leaf = fc.oneof(
  fc.constantFrom('old', 'yes', '1.10', 'a b', '# no', 'x: y', 'two\nlines\n'),
  fc.integer(),
  fc.boolean(),
);
const value = fc.oneof(leaf, fc.array(leaf, { maxLength: 2 }), fc.dictionary(fc.constantFrom('a', 'b'), leaf));
const spec = fc.record(
  { tag: leaf, values: value, suspend: fc.boolean(), rollback: value, drift: leaf },
  { requiredKeys: ['tag'] },
);
const written = fc.record({
  spec: fc.tuple(spec, fc.array(fc.nat(), { minLength: 5, maxLength: 5 })).map(([map, order]) => shuffled(map, order)),
  style: fc.constantFrom<'flow' | 'block'>('flow', 'block'),
  indent: fc.constantFrom(2, 4),
});
const keep = ['suspend', 'rollback', 'drift'];
const around = fc.record({
  before: fc.constantFrom('', '# ä\n', 'a: {b: 1} # c\n', '--- # one\nx: 1\n---\n'),
  after: fc.constantFrom('', '# end\n', '\n\nz: |\n  text\n', '---\n# other\nspec: {tag: x}\n'),
});

describe('restoring a block of any shape', () => {
  it('brings back all but what is kept, leaves every byte around it, and changes nothing the second time', () => {
    fc.assert(
      fc.property(around, written, written, ({ before, after }, now, then) => {
        const document = before.startsWith('---') ? 1 : 0;
        const [current, earlier] = [textOf(now), textOf(then)];
        const from = { source: `y: 0\n${earlier}`, document: 0 };
        const restored = restoreBlock(before + current + after, { document, key: 'spec', from, keep });
        if (!restored.ok) return expect(restored.refusals[0].kind).toBe('layout');
        expect(restored.text.startsWith(before)).toBe(true);
        expect(restored.text.endsWith(after)).toBe(true);
        const block = restored.text.slice(before.length, restored.text.length - after.length);
        expect(parse(block)).toEqual({ spec: expected(now.spec, then.spec) });
        expect(restoreBlock(restored.text, { document, key: 'spec', from, keep })).toMatchObject({ isChanged: false });
      }),
      { numRuns: 400 },
    );
  });
});

type Spec = Record<string, unknown>;

function textOf({ spec: map, style, indent }: { spec: Spec; style: 'flow' | 'block'; indent: number }): string {
  return style === 'block' ? stringify({ spec: map }, { indent }) : `spec: ${JSON.stringify(map)}\n`;
}

function expected(now: Spec, then: Spec): Spec {
  const kept = Object.fromEntries(Object.entries(now).filter(([key]) => keep.includes(key)));
  return { ...Object.fromEntries(Object.entries(then).filter(([key]) => !keep.includes(key))), ...kept };
}

function shuffled(map: Spec, order: readonly number[]): Spec {
  const entries = Object.entries(map).map((entry, at) => ({ entry, at: order[at] ?? 0 }));
  return Object.fromEntries(entries.sort((a, b) => a.at - b.at).map(({ entry }) => entry));
}
