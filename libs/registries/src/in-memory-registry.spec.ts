import { createHash } from 'node:crypto';
import { InMemoryRegistry } from './in-memory-registry.js';
import { describeRegistry } from './registry.contract.js';

describeRegistry('InMemoryRegistry', async () => {
  const registry = new InMemoryRegistry();
  const host = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
  return Promise.resolve({
    registry,
    host,
    push: (repository, tag, content) => {
      const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
      const mediaType = 'application/vnd.oci.image.manifest.v1+json';
      registry.push({ registry: host, repository, tag }, { digest, pushedAt: new Date(), mediaType });
      return Promise.resolve(digest);
    },
    close: () => Promise.resolve(),
  });
});
