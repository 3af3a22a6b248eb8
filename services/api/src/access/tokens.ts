import { createHash, timingSafeEqual } from 'node:crypto';
import { Name, Role, roles } from '@shipit/contracts';
import { z } from 'zod';

/** Somebody who may use the API. */
export interface Caller {
  name: string;
  role: Role;
}

const Entry = z.tuple([Name, Role, z.string().min(16)]);

/** `ada:deployer:<token>,ci:viewer:<token>`: names, roles and bearer tokens of at least 16 characters. */
export const ApiTokens = z.string().transform((text, context) => {
  const parsed = z
    .array(Entry)
    .min(1)
    .safeParse(text.split(',').map((entry) => entry.trim().split(':')));
  if (parsed.success) return parsed.data.map(([name, role, token]) => ({ name, role, hash: digest(token) }));
  context.addIssue({
    code: 'custom',
    message: `must be name:role:token, separated by commas; roles are ${roles.join(', ')}; a token has at least 16 characters and no colon`,
  });
  return z.NEVER;
});
export type ApiTokens = z.infer<typeof ApiTokens>;

/** Whose bearer token stands in an Authorization header. All tokens are compared, each in constant time. */
export function callerOf(tokens: ApiTokens, authorization: string | undefined): Caller | undefined {
  const given = /^Bearer (\S{1,500})$/.exec(authorization ?? '')?.[1];
  if (given === undefined) return undefined;
  const hash = digest(given);
  const [found] = tokens.filter((token) => timingSafeEqual(token.hash, hash));
  return found && { name: found.name, role: found.role };
}

/** Each role may do what those before it may. */
export function mayAct(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
