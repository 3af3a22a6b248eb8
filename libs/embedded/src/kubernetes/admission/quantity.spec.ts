import { expect, it } from 'vitest';

import { canonicalQuantity } from './quantity.js';

it.each([
  ['0.5', '500m'],
  ['1000m', '1'],
  ['1024Mi', '1Gi'],
  ['1500Mi', '1500Mi'],
  ['1e3', '1k'],
  ['128974848', '128974848'],
  ['0', '0'],
  [2, '2'],
  ['100000k', '100M'],
  ['250m', '250m'],
  ['not one', 'not one'],
])('writes %j as %j', (given, stored) => {
  expect(canonicalQuantity(given)).toBe(stored);
});
