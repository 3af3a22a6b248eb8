import { expect, it } from 'vitest';
import { personName } from './person-name.js';

it.each([
  ['Ship-it <ship-it@localhost>', 'Ship-it'],
  ['Ann Example', 'Ann Example'],
  ['<ann@example.com>', '<ann@example.com>'],
  ['Ann <b> <ann@example.com>', 'Ann <b>'],
])('calls %s by the name %s', (person, name) => {
  expect(personName(person)).toBe(name);
});
