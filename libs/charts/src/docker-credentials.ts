import { z } from 'zod';
import { ChartError } from './chart-error.js';
import type { Credential } from './download.js';
import { dockerHub } from './docker-hub.js';
import { isLoopback } from './loopback.js';
import { parseJson } from './parse-json.js';

const DockerConfig = z.object({
  auths: z
    .record(
      z.string().max(1024),
      z.object({ auth: z.string().optional(), username: z.string().optional(), password: z.string().optional() }),
    )
    .optional(),
});
const MAX_BYTES = 1024 * 1024;

/**
 * Credentials from a file in Docker's form (`{"auths": {"host/path": {"auth": "…"}}}`), as `docker login`, `helm registry
 * login` and Secrets of the type kubernetes.io/dockerconfigjson have it; the longest address that fits is used. Those
 * for this machine are for what answers there with TLS and without, as with Helm. No program that keeps credentials is run.
 *
 * @throws ChartError that names an entry and never shows what is in it
 */
export function dockerCredentials(file: Uint8Array): Credential[] {
  const subject = 'Reading credentials for charts';
  if (file.length > MAX_BYTES) throw new ChartError('SHIPIT_CHART_SOURCE', `${subject}: the file is too large`);
  const { auths = {} } = parseConfig(subject, file);
  return Object.entries(auths)
    .flatMap(([address, { auth, username, password }]) => {
      const text = auth ? Buffer.from(auth, 'base64').toString('utf8') : `${username ?? ''}:${password ?? ''}`;
      if (!/^[^:]+:./s.test(text)) {
        throw new ChartError('SHIPIT_CHART_SOURCE', `${subject}: ${address} has no user name and password`);
      }
      const authorization = `Basic ${Buffer.from(text).toString('base64')}`;
      return prefixesOf(subject, address).map((prefix) => ({ prefix, authorization }));
    })
    .sort((a, b) => b.prefix.length - a.prefix.length);
}

function parseConfig(subject: string, file: Uint8Array): z.infer<typeof DockerConfig> {
  try {
    return parseJson(subject, file, DockerConfig);
  } catch {
    // Without its cause, which may quote the file.
    throw new ChartError('SHIPIT_CHART_SOURCE', `${subject}: the file is not in the form {"auths": {"host/path": …}}`);
  }
}

function prefixesOf(subject: string, address: string): string[] {
  const prefix = /^[a-z]+:\/\//.test(address) ? address : `https://${address}`;
  if (!URL.canParse(prefix)) throw new ChartError('SHIPIT_CHART_SOURCE', `${subject}: ${address} is no address`);
  const { host, hostname, pathname } = new URL(prefix);
  if (dockerHub.names.includes(host)) return [`${dockerHub.origin}${pathname.replace(/^\/v[12]\/?$/, '/')}`];
  return isLoopback(hostname) ? ['https', 'http'].map((scheme) => prefix.replace(/^https?/, scheme)) : [prefix];
}
