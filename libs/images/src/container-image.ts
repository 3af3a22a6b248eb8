/** What registries tell of a manifest; each may be absent. */
export interface ManifestKind {
  readonly tag: string;
  readonly mediaType?: string | undefined;
  readonly artifactMediaType?: string | undefined;
}

const manifests = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

const images = ['application/vnd.oci.image.config.v1+json', 'application/vnd.docker.container.image.v1+json'];

/** Tags that signing tools give to what belongs to an image of that digest. */
const attachment = /^sha256-[0-9a-f]{64}(\.[a-z]+)?$/;

/** @returns what it is where it cannot run: a signature, an SBOM, a build cache, a chart; undefined for an image or an index */
export function findForeignKind({ tag, mediaType, artifactMediaType }: ManifestKind): string | undefined {
  if (attachment.test(tag)) return 'something attached to an image';
  if (artifactMediaType && !images.includes(artifactMediaType)) return artifactMediaType;
  if (mediaType && !manifests.includes(mediaType)) return mediaType;
  return undefined;
}
