// Tells ECR and its queue of an image that lies in the registry beside: node deploy/compose/push.mjs word-counts TAG
import { ecrCall, sqsCall } from './ecr.mjs';

const [repository, tag] = process.argv.slice(2);
if (!repository || !tag) {
  console.error('usage: node deploy/compose/push.mjs REPOSITORY TAG');
  process.exit(2);
}
const registry = process.env.REGISTRY ?? 'http://127.0.0.1:5001';
const ecr = { endpoint: process.env.AWS_ENDPOINT_URL_ECR ?? 'http://127.0.0.1:5555' };
const sqs = { endpoint: process.env.AWS_ENDPOINT_URL_SQS ?? 'http://127.0.0.1:9324' };

const accept = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');
const answer = await fetch(`${registry}/v2/${repository}/manifests/${tag}`, {
  headers: { accept },
  signal: AbortSignal.timeout(15_000),
});
if (!answer.ok)
  throw new Error(`${registry} holds no ${repository}:${tag} (HTTP ${answer.status}): docker push it there first`);
const imageManifest = await answer.text();
const mediaType = answer.headers.get('content-type');
const imageDigest = answer.headers.get('docker-content-digest');

await ecrCall(
  'CreateRepository',
  { repositoryName: repository },
  { ...ecr, ignore: 'RepositoryAlreadyExistsException' },
);
await ecrCall(
  'PutImage',
  { repositoryName: repository, imageTag: tag, imageManifest, imageManifestMediaType: mediaType, imageDigest },
  { ...ecr, ignore: 'ImageAlreadyExistsException' },
);
const { imageDetails } = await ecrCall(
  'DescribeImages',
  { repositoryName: repository, imageIds: [{ imageTag: tag }] },
  ecr,
);

const event = {
  version: '0',
  id: crypto.randomUUID(),
  'detail-type': 'ECR Image Action',
  source: 'aws.ecr',
  account: '123456789012',
  time: new Date().toISOString(),
  region: 'us-east-1',
  resources: [],
  detail: {
    result: 'SUCCESS',
    'repository-name': repository,
    'image-digest': imageDetails[0].imageDigest,
    'action-type': 'PUSH',
    'image-tag': tag,
    'manifest-media-type': mediaType,
  },
};
await sqsCall(
  'SendMessage',
  { QueueUrl: 'http://sqs:9324/000000000000/image-pushes', MessageBody: JSON.stringify(event) },
  sqs,
);
console.log(`told: ${repository}:${tag} ${imageDetails[0].imageDigest}`);
