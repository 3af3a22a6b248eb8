import { lookup } from 'node:dns/promises';
import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { TerminalError } from '@shipit/messaging';
import { isPrivateAddress } from './private-addresses.js';

export interface Post {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** Whether the address may be a private, loopback or link-local one. */
  allowPrivate: boolean;
  timeoutMs: number;
}

/**
 * Posts a body and answers the status. Resolves the name once and connects to that very address; follows no redirect; reads no answer.
 * @throws TerminalError where the address is private and must not be; any other error where no answer came in time.
 */
export async function postOnce(post: Post, signal: AbortSignal): Promise<number> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(post.timeoutMs)]);
  const url = new URL(post.url);
  const { address, family } = await within(deadline, resolveOnce(url.hostname, post.allowPrivate));
  const options: RequestOptions = {
    method: 'POST',
    headers: { ...post.headers, 'content-length': Buffer.byteLength(post.body) },
    agent: false,
    signal: deadline,
    // Certificate and Host header stay those of the name; only the connection goes to the address that was looked at.
    lookup: (_, { all }, found) => (all ? found(null, [{ address, family }]) : found(null, address, family)),
  };
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const outgoing = send(url, options, (response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
    outgoing.once('error', reject);
    outgoing.end(post.body);
  });
}

async function resolveOnce(hostname: string, allowPrivate: boolean): Promise<{ address: string; family: number }> {
  const literal = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(literal);
  const addresses = family === 0 ? await lookup(literal, { all: true }) : [{ address: literal, family }];
  const [first] = addresses;
  if (!first) throw new Error(`${hostname} has no address`);
  if (!allowPrivate && addresses.some(({ address }) => isPrivateAddress(address)))
    throw new TerminalError(
      `Not delivered: ${hostname} is at a private address. If that is meant, set allowPrivate: true for this target`,
      { code: 'SHIPIT_TARGET_PRIVATE' },
    );
  return first;
}

async function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const late = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  );
  return Promise.race([work, late]);
}
