import { describe, expect, it } from 'vitest';
import { dockerCredentials } from './docker-credentials.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const read = (content: unknown): ReturnType<typeof dockerCredentials> =>
  dockerCredentials(Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)));

describe('credentials in the form of Docker', () => {
  it('are for an address and what is below it, the longest first', () => {
    const auths = {
      'ghcr.io': { auth: base64('ann:one') },
      'ghcr.io/team': { username: 'ben', password: 'two:2' },
      'https://charts.example.com/stable': { auth: base64('cy:three') },
    };
    expect(read({ auths, credsStore: 'ignored' })).toEqual([
      { prefix: 'https://charts.example.com/stable', authorization: `Basic ${base64('cy:three')}` },
      { prefix: 'https://ghcr.io/team', authorization: `Basic ${base64('ben:two:2')}` },
      { prefix: 'https://ghcr.io', authorization: `Basic ${base64('ann:one')}` },
    ]);
    expect(read({})).toEqual([]);
  });

  it.each(['https://index.docker.io/v1/', 'docker.io', 'registry-1.docker.io'])(
    'for %s are for Docker Hub',
    (address) => {
      const authorization = `Basic ${base64('ann:one')}`;
      expect(read({ auths: { [address]: { auth: base64('ann:one') } } })).toEqual([
        { prefix: 'https://registry-1.docker.io/', authorization },
      ]);
    },
  );

  it.each(['localhost:5000', 'http://localhost:5000', 'https://localhost:5000', '127.0.0.1:80/team', '[::1]:5000'])(
    'for %s are for what answers there, with TLS or without',
    (address) => {
      const place = address.replace(/^https?:\/\//, '');
      const prefixes = read({ auths: { [address]: { auth: base64('ann:one') } } }).map(({ prefix }) => prefix);
      expect(prefixes).toEqual([`https://${place}`, `http://${place}`]);
    },
  );

  it.each([
    ['no JSON', 'secret', 'is not in the form'],
    ['a prototype', '{"auths": {"__proto__": {"auth": "secret"}}}', 'is not in the form'],
    [
      'an entry without a password',
      { auths: { 'ghcr.io': { username: 'secret' } } },
      'ghcr.io has no user name and password',
    ],
    ['an address that is none', { auths: { 'https://': { auth: base64('a:secret') } } }, 'is no address'],
    ['too much', ' '.repeat(2 ** 20 + 1), 'too large'],
  ])('are refused with %s, without showing them', (_what, content, reason) => {
    const failure = (() => {
      try {
        return read(content);
      } catch (error) {
        return error as Error;
      }
    })();
    expect(failure).toMatchObject({ code: 'SHIPIT_CHART_SOURCE', message: expect.stringContaining(reason) as string });
    expect(JSON.stringify([String(failure), String((failure as Error).cause)])).not.toContain('secret');
  });
});
