import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { CliError } from '../output/cli-error.js';
import type { PlaygroundReady } from '../config.js';

export interface ImageToPut {
  repository: string;
  tag: string;
}

const Answer = z.object({ image: z.object({ imageId: z.object({ imageDigest: z.string() }) }) });
const Refusal = z.object({
  __type: z.string().default(''),
  message: z.string().optional(),
  Message: z.string().optional(),
});

/** PutImage of ECR's own protocol, with a manifest made up on the spot: the embedded registry asks for no layers. */
export async function putImage(
  aws: PlaygroundReady['aws'],
  { repository, tag }: ImageToPut,
): Promise<{ image: string; digest: string }> {
  const response = await fetch(aws.endpointEcr, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AmazonEC2ContainerRegistry_V20150921.PutImage',
      authorization: `AWS4-HMAC-SHA256 Credential=playground/20260101/${aws.region}/ecr/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify({ repositoryName: repository, imageTag: tag, imageManifest: newManifest() }),
    signal: AbortSignal.timeout(10_000),
  }).catch(() => {
    throw new CliError(
      `the playground's registry at ${aws.endpointEcr} does not answer: is \`npm start\` still running?`,
    );
  });
  const body: unknown = await response.json();
  if (!response.ok) {
    const refusal = Refusal.parse(body);
    throw new CliError(
      `the registry refused ${repository}:${tag}: ${refusal.message ?? refusal.Message ?? refusal.__type}`,
    );
  }
  const digest = Answer.parse(body).image.imageId.imageDigest;
  return { image: `${aws.account}.dkr.ecr.${aws.region}.amazonaws.com/${repository}:${tag}`, digest };
}

function newManifest(): string {
  const digest = `sha256:${createHash('sha256').update(randomBytes(32)).digest('hex')}`;
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: 1024 },
    layers: [],
  });
}
