import { createHash } from 'node:crypto';
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { EcrRegistry } from '../src/ecr-registry.js';
import type { RegistryUnderTest } from '../src/registry.contract.js';

export interface EcrPart {
  readonly url: string;
  readonly account: string;
  readonly region: string;
  close(): Promise<void>;
}

const mediaType = 'application/vnd.oci.image.manifest.v1+json';

/** EcrRegistry on anything that speaks ECR's protocol; pushes go through an unmodified client. */
export function ecrUnderTest(part: EcrPart): RegistryUnderTest {
  const client = newClient(part.url, part.region);
  const registry = new EcrRegistry({ client: (region) => newClient(part.url, region), registries: [part] });
  return {
    registry,
    host: `${part.account}.dkr.ecr.${part.region}.amazonaws.com`,
    push: async (repositoryName, imageTag, content) => {
      await client.send(new CreateRepositoryCommand({ repositoryName })).catch(ignoreExisting);
      const imageManifest = manifest(content);
      const put = { repositoryName, imageTag, imageManifest, imageManifestMediaType: mediaType };
      const answer = await client.send(new PutImageCommand(put));
      return answer.image?.imageId?.imageDigest ?? '';
    },
    close: async () => {
      client.destroy();
      registry.close();
      await part.close();
    },
  };
}

export function newClient(endpoint: string, region: string): ECRClient {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new ECRClient({ endpoint, region, credentials, maxAttempts: 2 });
}

function manifest(content: string): string {
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: content.length };
  return JSON.stringify({ schemaVersion: 2, mediaType, config, layers: [] });
}

function ignoreExisting(error: Error): void {
  if (error.name !== 'RepositoryAlreadyExistsException') throw error;
}
