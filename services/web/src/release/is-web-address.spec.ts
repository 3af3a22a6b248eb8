import { expect, it } from 'vitest';
import { isWebAddress } from './is-web-address.js';

it.each(['https://github.com/example/word-counts', 'http://localhost:3000/?q=1', 'HTTPS://EXAMPLE.COM'])(
  'makes a link of %s',
  (href) => expect(isWebAddress(href)).toBe(true),
);

it.each([
  'javascript:alert(1)',
  ' javascript:alert(1)',
  'data:text/html,x',
  '//example.com',
  '/activity',
  'example',
  '',
])('makes no link of %j', (href) => expect(isWebAddress(href)).toBe(false));
