import { readDocuments } from '@shipit/yaml-edit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { findImages } from './find-images.js';
import { locateImages, mayName } from './locate-images.js';

const image = { registry: 'registry.example.com', repository: 'team/app' };

describe('looking for an image', () => {
  it.each([
    ['an escape', 'image: "registry.example.com/team/\\x61pp:v1"\n'],
    ['a long escape', 'image: "registry.example.com/team/\\U00000061pp:v1"\n'],
    ['a break within the word', 'image: "registry.example.com/team/a\\\n  pp:v1"\n'],
    ['an escape in a text that is a file', `values: |\n  image: "registry.example.com/team/\\u0061pp:v1"\n`],
    ['JSON in a text', `values: '{"image": "registry.example.com/team/\\u0061pp:v1"}'\n`],
  ])('finds it behind %s', (_what, text) => {
    expect(locateImages(text, image)).toMatchObject({ outcome: 'found', places: [{ place: { image } }] });
  });

  it('refuses a file that cannot be read and names it, and none that names another', () => {
    const broken = (image: string) => `image: ${image}:v1\nb: [\n`;
    expect(locateImages(broken('registry.example.com/team/app'), image)).toMatchObject({ outcome: 'refused' });
    for (const other of ['web-app', 'registry.example.com/team/app2', 'registry.example.com/team/app/web', 'app.web'])
      expect(locateImages(broken(other), image)).toMatchObject({ outcome: 'found', places: [] });
  });

  it('finds nothing in a file that does not name it, and need not read it', () => {
    for (const text of ['image: registry.example.com/team/other:v1\n', 'no: [yaml\n', 'a: "\\x62"\n'])
      expect(locateImages(text, image)).toMatchObject({ outcome: 'found', places: [] });
    expect(mayName('image: registry.example.com/team/other:v1 # "\n', image)).toBe(false);
  });
});

const word = fc.stringMatching(/^[a-z0-9]{1,6}([._-][a-z0-9]{1,4})?$/);
const name = fc
  .tuple(fc.constantFrom('', 'registry.example.com/', 'localhost:5000/a/'), word)
  .map(([path, last]) => path + last);
const parts = fc.oneof(
  name.map((text) => ({ image: `${text}:v1` })),
  name.map((text) => ({ image: { repository: text, tag: 'v1' } })),
  fc.tuple(name, word).map(([path, last]) => ({ image: { registry: path, repository: last, tag: 'v1' } })),
  fc.tuple(name, word).map(([path, last]) => ({ image: { repository: `${path}/x`, name: last, tag: 'v1' } })),
  name.map((text) => ({ images: [{ name: 'x', newName: text, newTag: 'v1' }, `y=${text}:v1`] })),
  name.map((text) => ({
    metadata: { annotations: { 'shipit.dev/image.a': 'b', 'shipit.dev/image-name.a': text } },
    b: 'v1',
  })),
  name.map((text) => ({ helm: { parameters: [{ name: 'image', value: `${text}:v1` }] } })),
  name.map((text) => ({ data: { 'values.yaml': `image:\n  repository: "${text}"\n  tag: v1\n` } })),
  name.map((text) => ({ config: JSON.stringify({ image: `${text}:v1` }) })),
);
const style = fc.record({
  defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'),
  blockQuote: fc.constantFrom(true, false, 'folded', 'literal'),
  collectionStyle: fc.constantFrom('any', 'block', 'flow'),
  lineWidth: fc.constantFrom(0, 5, 20, 80),
  doubleQuotedMinMultiLineLength: fc.constantFrom(1, 40),
});

/** Writes letters of double-quoted texts as escapes, here and there. */
function escaped(text: string, seeds: readonly number[]): string {
  let at = 0;
  return text.replace(/"(?:\\[^]|[^"\\])*"/g, (quoted) =>
    quoted.replace(/\\(?:x..|u....|U.{8}|\r?\n|[^])|[a-z]/g, (letter) => {
      const seed = seeds[at++ % seeds.length] ?? 0;
      return letter.length === 1 && seed === 0 ? `\\x${letter.charCodeAt(0).toString(16)}` : letter;
    }),
  );
}

it('no file is passed over in which an image stands, however it is written', () => {
  let found = 0;
  fc.assert(
    fc.property(parts, style, fc.array(fc.nat({ max: 3 }), { minLength: 1 }), (value, options, seeds) => {
      const text = escaped(stringify(value, options as object), seeds);
      const read = readDocuments(text);
      for (const place of read.ok ? read.documents.flatMap(({ texts }) => findImages(texts)) : []) {
        found += 1;
        expect(mayName(text, place.image)).toBe(true);
      }
    }),
    { numRuns: 3000 },
  );
  expect(found).toBeGreaterThan(2000);
});
