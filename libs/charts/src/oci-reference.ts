import { ChartError } from './chart-error.js';
import type { ChartReference } from './chart-source.js';
import { dockerHub } from './docker-hub.js';
import { isLoopback } from './loopback.js';

/** Where the chart of a version lies in a registry. */
export interface OciReference {
  /** `https://host[:port]`, without a path. */
  origin: string;
  host: string;
  repository: string;
  /** Or the digest of a manifest. */
  tag: string;
}

const REPOSITORY = /^[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;

/**
 * Repository and tag as Helm makes them of `oci://host/path`, a chart's name and its version: the name is the last part
 * of the repository, and `+` is written `_`.
 */
export function ociReference(subject: string, chart: ChartReference, allowPlainHttp = false): OciReference {
  const { host, hostname, path } = partsOf(subject, chart.repository);
  const repository = [path, chart.name].filter((part) => part !== '').join('/');
  const tag = tagOf(chart.version);
  if (repository.length > 255 || !REPOSITORY.test(repository) || tag.length > 128) {
    throw new ChartError(
      'SHIPIT_CHART_SOURCE',
      `${subject}: ${JSON.stringify(`${repository}:${tag}`)} cannot be a name in a registry; a path has lower-case letters, digits and single dots, dashes or underscores between them`,
    );
  }
  return { origin: `${allowPlainHttp && isLoopback(hostname) ? 'http' : 'https'}://${host}`, host, repository, tag };
}

/** No tag can have a `+`. */
export function tagOf(version: string): string {
  return version.replace('+', '_');
}

function partsOf(subject: string, address: string): { host: string; hostname: string; path: string } {
  const [, authority = '', path = ''] = /^oci:\/\/([^/]+)((?:\/[^/]+)*)\/?$/.exec(address) ?? [];
  const isPlain = /^(\[[0-9a-f:]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:\d{1,5})?$/i.test(authority);
  if (!isPlain || !URL.canParse(`https://${authority}`)) {
    throw new ChartError(
      'SHIPIT_CHART_SOURCE',
      `${subject}: a registry is written oci://host/path, without credentials, tag or digest`,
    );
  }
  const { host, hostname } = new URL(`https://${authority === 'docker.io' ? dockerHub.host : authority}`);
  return { host, hostname, path: path.slice(1) };
}
