import { ChartError } from './chart-error.js';
import { unescapePath } from './unescape-path.js';

/** Where in which repository. */
export interface GitAddress {
  /** Without `git+`, path and ref. */
  url: URL;
  /** Folder within the repository, without slashes at its ends; empty for its root. */
  folder: string;
  /** A whole commit id, or else the name of a tag. */
  ref: { commit: string } | { tag: string };
}

const TAG = /^[A-Za-z0-9][A-Za-z0-9._+-]*(\/[A-Za-z0-9][A-Za-z0-9._+-]*)*$/;

/**
 * `git+https://host/repository.git//folder?ref=<tag or commit>`.
 *
 * Dots are looked for in the text itself: parsed as a URL, `repository.git//../x` would silently be another repository.
 * @throws ChartError
 */
export function parseGitAddress(subject: string, address: string): GitAddress {
  const parts = partsOf(address);
  if (!parts) {
    const form = 'a chart in git is written git+https://host/repository.git//folder?ref=<tag or commit>';
    throw new ChartError('SHIPIT_CHART_SOURCE', `${subject}: ${form}, without credentials`);
  }
  return { url: parts.url, folder: parts.folder, ref: parseRef(subject, new URLSearchParams(parts.query)) };
}

const FORM = /^git\+(https?):\/\/([^/?#@][^?#@]*?)(?:\/\/([^?#@]*))?(?:\?([^#]*))?$/;

function partsOf(address: string): { url: URL; folder: string; query: string } | undefined {
  const [, scheme = '', repository = '', folder = '', query = ''] = FORM.exec(address) ?? [];
  const path = unescapePath(folder);
  if (path === undefined || folder.includes('//') || isStray(`${repository}/${folder}`, path)) return undefined;
  if (!URL.canParse(`${scheme}://${repository}`)) return undefined;
  return { url: new URL(`${scheme}://${repository}`), folder: path.replace(/\/$/, ''), query };
}

function parseRef(subject: string, query: URLSearchParams): GitAddress['ref'] {
  const refuse = (reason: string): never => {
    throw new ChartError('SHIPIT_CHART_SOURCE', `${subject}: ${reason}; name a tag or a whole commit id`);
  };
  const ref = (query.get('ref') ?? '').replace(/^refs\/tags\//, '');
  if (query.size !== 1 || ref === '') refuse('?ref= has to say what is meant, and nothing else');
  if (/^[0-9a-f]{40}$/i.test(ref)) return { commit: ref.toLowerCase() };
  const shown = JSON.stringify(ref.slice(0, 100));
  if (ref === 'HEAD' || ref.startsWith('refs/')) refuse(`${shown} is not exact`);
  if (ref.length > 200 || ref.includes('..') || !TAG.test(ref)) refuse(`${shown} cannot be the name of a tag`);
  return { tag: ref };
}

function isStray(place: string, path: string): boolean {
  const parts = [...place.split('/'), ...path.split('/')].map((part) => part.replaceAll(/%2e/gi, '.'));
  return parts.some((part) => part === '..' || part === '.') || /[\\\0-\x1f\x7f]/.test(place + path);
}
