import { describe, expect, it } from 'vitest';
import { readDocuments } from './read-documents.js';

describe('places in a document', () => {
  const text = 'spec:\n  values:\n    image: {tag: v1}\n    list:\n      - name: a\n      - name: b\n  # end\n';
  const read = readDocuments(text);
  const [document] = read.ok ? read.documents : [];

  it.each([
    ['spec.values', 2, 3],
    ['spec.values.image.tag', 3, 13],
    ['spec.values.list.1', 6, 9],
    ['spec.values.list.1.name', 6, 9],
    ['spec.values.missing.deeper', 2, 3],
    ['missing', 1, 1],
  ])('the key of %s stands in line %i, column %i', (path, line, column) => {
    const steps = path.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
    expect(document?.keyPositionOf(steps)).toEqual({ line, column });
  });

  it('a value stands where it begins', () => {
    expect(document?.positionOf(['spec', 'values'])).toEqual({ line: 3, column: 5 });
  });
});
