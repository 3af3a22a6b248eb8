import type { ImageReference } from '@shipit/contracts';

export type ImageName = Pick<ImageReference, 'registry' | 'repository'>;

/** The text is no image reference. The message says which part is wrong. */
export class ImageReferenceError extends Error {
  override readonly name = 'ImageReferenceError';
  readonly code = 'SHIPIT_IMAGE_INVALID';
}

const host =
  /^(?:\[[0-9a-fA-F:]{2,45}\]|(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*)(?::\d{1,5})?$/;
const pathPart = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const tagText = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const digestText = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const bareId = /^[0-9a-f]{64}$/;

/** Longest text that can be a reference: name, tag and a sha512 digest. */
const maxLength = 255 + 1 + 128 + 1 + 7 + 128;

/**
 * Reads `[registry[:port]/]repository[:tag][@digest]`, the grammar of distribution/reference.
 * `docker.io` and `library/` are filled in where absent; the registry is in lower case, one without a dot or port in capitals.
 */
export function parseImage(text: string): ImageReference {
  const image = readImage(text);
  if (typeof image !== 'string') return image;
  throw new ImageReferenceError(
    `${JSON.stringify(text.slice(0, maxLength))} is no image reference: look at its ${image}`,
  );
}

/** The reference, or undefined where the text is none. */
export function tryParseImage(text: string): ImageReference | undefined {
  const image = readImage(text);
  return typeof image === 'string' ? undefined : image;
}

/** The reference, or the name of the part that is wrong. */
function readImage(text: string): ImageReference | string {
  if (text.length > maxLength) return `length, which is over ${maxLength} characters`;
  const { name, tag, digest } = splitReference(text);
  const { registry, repository } = splitName(name);
  if (digest !== undefined && !isDigest(digest)) return 'digest';
  if (tag !== undefined && !tagText.test(tag)) return 'tag';
  return (
    nameProblem(name, { registry, repository }) ?? {
      registry,
      repository,
      ...(tag !== undefined && { tag }),
      ...(digest !== undefined && { digest }),
    }
  );
}

function nameProblem(name: string, { registry, repository }: ImageName): string | undefined {
  if (bareId.test(name)) return 'name, which looks like an image id';
  if (!host.test(registry)) return 'registry';
  if (!repository.split('/').every((part) => pathPart.test(part))) return 'repository';
  return registry.length + repository.length + 1 > 255 ? 'name, which is over 255 characters' : undefined;
}

/** The full text, `docker.io/library/` included. */
export function formatImage({ registry, repository, tag, digest }: ImageReference): string {
  const name = `${registry}/${repository}`;
  const tagged = tag === undefined ? name : `${name}:${tag}`;
  return digest === undefined ? tagged : `${tagged}@${digest}`;
}

/** Cuts a reference at its `@` and its last `:` behind the last `/`. Checks nothing. */
export function splitReference(text: string): { name: string; tag: string | undefined; digest: string | undefined } {
  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const tagged = at < 0 ? text : text.slice(0, at);
  const colon = tagged.indexOf(':', tagged.lastIndexOf('/') + 1);
  if (colon < 0) return { name: tagged, tag: undefined, digest };
  return { name: tagged.slice(0, colon), tag: tagged.slice(colon + 1), digest };
}

function splitName(name: string): ImageName {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isRegistry = slash > 0 && (/[.:A-Z]/.test(first) || first === 'localhost');
  const registry = isRegistry ? dockerHub(hostOf(first)) : 'docker.io';
  const rest = isRegistry ? name.slice(slash + 1) : name;
  const isOfficial = registry === 'docker.io' && !rest.includes('/') && rest !== '';
  return { registry, repository: isOfficial ? `library/${rest}` : rest };
}

/** In lower case, except where only its capitals tell a host from a user of Docker Hub. */
function hostOf(text: string): string {
  const host = text.toLowerCase();
  return /[.:]/.test(host) || host === 'localhost' ? host : text.toUpperCase();
}

function dockerHub(registry: string): string {
  return registry === 'index.docker.io' ? 'docker.io' : registry;
}

/** A known algorithm has its exact length, in lower case. */
function isDigest(digest: string): boolean {
  if (digest.startsWith('sha256:')) return /^sha256:[0-9a-f]{64}$/.test(digest);
  if (digest.startsWith('sha512:')) return /^sha512:[0-9a-f]{128}$/.test(digest);
  return digestText.test(digest);
}
