import { createHash, timingSafeEqual } from 'node:crypto';

/** A token and what it may do; a plain string may do both. */
export interface GitServerToken {
  token: string;
  write: boolean;
}

export interface GitAccess {
  authorization: string | undefined;
  tokens: readonly (string | GitServerToken)[] | undefined;
  openRead: boolean | undefined;
}

export function canRead(access: GitAccess): boolean {
  if (!access.tokens || access.openRead === true) return true;
  return find(access) !== undefined;
}

export function canWrite(access: GitAccess): boolean {
  if (!access.tokens) return true;
  const token = find(access);
  return token !== undefined && (typeof token === 'string' || token.write);
}

function find({ authorization, tokens = [] }: GitAccess): string | GitServerToken | undefined {
  const given = presented(authorization);
  if (given === undefined) return undefined;
  return tokens.find((token) => isSame(given, typeof token === 'string' ? token : token.token));
}

function presented(authorization = ''): string | undefined {
  const [scheme = '', credentials = ''] = authorization.split(' ', 2);
  if (scheme.toLowerCase() === 'bearer') return credentials;
  if (scheme.toLowerCase() !== 'basic') return undefined;
  const decoded = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon < 0 ? undefined : decoded.slice(colon + 1);
}

function isSame(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}
