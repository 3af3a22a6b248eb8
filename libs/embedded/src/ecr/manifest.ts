import { createHash } from 'node:crypto';
import { z } from 'zod';
import { invalidParameter } from './ecr-error.js';

const Descriptor = z.object({
  mediaType: z.string().max(255).optional(),
  size: z.number().nonnegative().optional(),
});

const ManifestText = z.object({
  mediaType: z.string().max(255).optional(),
  artifactType: z.string().max(255).optional(),
  config: Descriptor.optional(),
  layers: z.array(Descriptor).default([]),
  manifests: z.array(Descriptor).optional(),
});

export interface Manifest {
  readonly text: string;
  readonly digest: string;
  readonly mediaType: string;
  readonly artifactMediaType?: string | undefined;
  readonly sizeBytes: number;
}

/** Reads what a push brought. The digest is that of the very bytes. */
export function readManifest(text: string, declaredMediaType?: string): Manifest {
  const { mediaType, artifactType, config, layers, manifests } = parse(text);
  return {
    text,
    digest: `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`,
    mediaType: declaredMediaType ?? mediaType ?? 'application/vnd.oci.image.manifest.v1+json',
    artifactMediaType: artifactType ?? config?.mediaType,
    sizeBytes: [config, ...layers, ...(manifests ?? [])].reduce((sum, part) => sum + (part?.size ?? 0), 0),
  };
}

function parse(text: string): z.output<typeof ManifestText> {
  try {
    return ManifestText.parse(JSON.parse(text));
  } catch {
    throw invalidParameter("Invalid parameter at 'imageManifest' failed to satisfy constraint: 'Invalid JSON syntax'");
  }
}

/** A manifest with a digest of its own for each `seed`, for pushes without a container build. */
export function sampleManifest(seed: string): string {
  const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: digestOf(`config ${seed}`),
      size: 1024,
    },
    layers: [
      {
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
        digest: digestOf(`layer ${seed}`),
        size: 1_048_576,
      },
    ],
  });
}
