import { describe, expect, it } from 'vitest';
import { ApiTokens, callerOf, mayAct } from './tokens.js';

const token = 'ann-token-0123456789';
const tokens = ApiTokens.parse(`ann:deployer:${token}, ci:viewer:ci-token-0123456789`);

describe('bearer tokens', () => {
  it.each([
    [`Bearer ${token}`, { name: 'ann', role: 'deployer' }],
    ['Bearer ci-token-0123456789', { name: 'ci', role: 'viewer' }],
    [`bearer ${token}`, undefined],
    [`Bearer ${token}x`, undefined],
    [`Bearer ${token} x`, undefined],
    [`Basic ${token}`, undefined],
    ['Bearer ', undefined],
    [`Bearer ${'x'.repeat(501)}`, undefined],
    [undefined, undefined],
  ])('%s', (header, caller) => expect(callerOf(tokens, header)).toEqual(caller));

  it.each([
    '',
    'ann',
    'ann:deployer',
    'ann:owner:ann-token-0123456789',
    'ann:deployer:short',
    `ann:deployer:${token}:x`,
  ])('refuses the setting "%s" without telling it', (text) => {
    const { error } = ApiTokens.safeParse(text);
    expect(error?.issues[0]?.message).toContain('name:role:token');
    expect(error?.message).not.toContain(token);
  });

  it('lets each role do what those before it may', () => {
    expect(mayAct('admin', 'viewer')).toBe(true);
    expect(mayAct('deployer', 'deployer')).toBe(true);
    expect(mayAct('viewer', 'deployer')).toBe(false);
  });
});
