import { z } from 'zod';

export const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hexadecimal digits');
export const Tag = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, 'must be an image tag');
export const RegistryHost = z
  .string()
  .regex(/^[a-zA-Z0-9.-]+(:\d{1,5})?$/, 'must be a registry host')
  .max(255);
export const RepositoryName = z
  .string()
  .regex(/^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/, 'must be a repository name')
  .max(256);

/** Parts of an image's name, as the OCI distribution specification names them. `registry` holds host and port. */
export const ImageReference = z.object({
  registry: RegistryHost,
  repository: RepositoryName,
  tag: Tag.optional(),
  digest: Digest.optional(),
});
export type ImageReference = z.infer<typeof ImageReference>;

/** An image as a push brought it: what the tag pointed to when the registry was asked. */
export const PushedImage = z.object({ registry: RegistryHost, repository: RepositoryName, tag: Tag, digest: Digest });
export type PushedImage = z.infer<typeof PushedImage>;
