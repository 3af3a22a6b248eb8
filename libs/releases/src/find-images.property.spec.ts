import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { planImageEdit } from './plan-image-edit.js';

const name = 'registry.example.com/team/app';
const image = { registry: 'registry.example.com', repository: 'team/app', tag: 'v2' };

function nested(levels: number, inside: string): string {
  let text = inside;
  for (let level = 0; level < levels; level += 1) text = `image: x:1\na: |\n${text.replace(/^/gm, ' ')}\n`;
  return text;
}

function overlays(levels: number): string {
  let value: object = { image: `${name}:v1` };
  for (let level = 0; level < levels; level += 1)
    value = { helm: { parameters: [{ name: 'image.tag', value: 'x' }], valuesObject: value } };
  return JSON.stringify(value);
}

describe('looking for an image in a hostile file', () => {
  it.each([
    ['thousands of places', Array.from({ length: 8000 }, (_, at) => `k${at}Image: ${name}:v1`).join('\n')],
    [
      'thousands of places in texts',
      Array.from({ length: 3000 }, (_, at) => `k${at}: |\n  image: ${name}:v1`).join('\n'),
    ],
    ['texts within texts', nested(600, `image: ${name}:v1`)],
    ['values over values over values', overlays(20)],
    [
      'a parameter with a path without end',
      `helm: {parameters: [{name: "${'a.'.repeat(50_000)}b", value: x}]}\n# ${name}`,
    ],
    ['a parameter that reaches a prototype', `helm: {parameters: [{name: __proto__.image, value: "${name}:v1"}]}`],
    ['many prefixes', `{${Array.from({ length: 5000 }, (_, at) => `k${at}ImageTag: "1"`).join(', ')}} # ${name}`],
    ['many substitutions', `a: "${'${'.repeat(100_000)}"\n# ${name}\n`],
    ['many half templates', `a: "${'{{'.repeat(100_000)}"\n# ${name}\n`],
    ['a long line of a text', `a: |\n  {{ x }}\n  image: ${'a/'.repeat(100_000)}\n# ${name}\n`],
  ])(
    'ends soon and never fails: %s',
    (_what, text) => {
      const start = performance.now();
      expect(['changed', 'refused', 'unchanged']).toContain(planImageEdit(text, image).outcome);
      expect(performance.now() - start).toBeLessThan(20_000);
    },
    30_000,
  );

  it('changes nothing but tags and the image itself, in documents of any shape', () => {
    const key = fc.constantFrom(
      'image',
      'images',
      'repository',
      'registry',
      'name',
      'tag',
      'newTag',
      'helm',
      'set',
      'values',
      'a',
    );
    const text = fc.constantFrom(
      `${name}:v1`,
      name,
      'registry.example.com',
      'team',
      'app',
      'team/app',
      'v1',
      '',
      `image: ${name}:v1\n`,
    );
    const { document } = fc.letrec<{ document: unknown }>((tie) => ({
      document: fc.oneof(
        { maxDepth: 5 },
        text,
        fc.dictionary(key, tie('document'), { maxKeys: 5 }),
        fc.array(tie('document'), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(document, (value) => {
        const before = stringify(value);
        const plan = planImageEdit(before, image);
        if (plan.outcome !== 'changed') return;
        for (const { path, from } of plan.changes)
          expect(/^(?:tag|newTag)$/.test(String(path.at(-1))) || from.includes(`${name}:`)).toBe(true);
        expect(planImageEdit(plan.text, image).outcome).toBe('unchanged');
      }),
      { numRuns: 500 },
    );
  }, 30_000);
});
