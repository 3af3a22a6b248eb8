import { expect, it } from 'vitest';
import { Secrets } from './secrets.js';

it('takes known secrets out of a text in plain, escaped, URL and base64 form', () => {
  const secrets = new Secrets();
  secrets.add('pass"word/1');
  expect(secrets.redact('a pass"word/1 b')).toBe('a [secret] b');
  expect(secrets.redact(JSON.stringify({ a: 'pass"word/1' }))).toBe('{"a":"[secret]"}');
  expect(secrets.redact(encodeURIComponent('pass"word/1'))).toBe('[secret]');
  expect(secrets.redact(Buffer.from('pass"word/1').toString('base64'))).toBe('[secret]');
});

it('knows the secrets of an environment by name, and passwords in addresses', () => {
  const secrets = new Secrets();
  secrets.addEnvironment({
    GIT_TOKEN: 'token-abcdef',
    REDIS_URL: 'rediss://user:hunter%2222@redis:6379',
    HOME: '/home/ann',
  });
  expect(secrets.redact('token-abcdef hunter%2222 hunter"22 /home/ann')).toBe('[secret] [secret] [secret] /home/ann');
});

it('leaves short values alone, for they would tear holes into every line', () => {
  const secrets = new Secrets();
  secrets.add('main');
  expect(secrets.redact('branch main')).toBe('branch main');
});
