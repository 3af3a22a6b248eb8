import { AwsError } from '../aws-json/aws-error.js';
import type { EcrOwner } from './repositories.js';

export function repositoryNotFound(name: string, { account }: EcrOwner): AwsError {
  const message = `The repository with name '${name}' does not exist in the registry with id '${account}'`;
  return new AwsError('RepositoryNotFoundException', message);
}

export function repositoryAlreadyExists(name: string, { account }: EcrOwner): AwsError {
  const message = `The repository with name '${name}' already exists in the registry with id '${account}'`;
  return new AwsError('RepositoryAlreadyExistsException', message);
}

export function imageNotFound(
  id: { imageDigest?: string | undefined; imageTag?: string | undefined },
  where: string,
): AwsError {
  const wanted = `{imageDigest:'${id.imageDigest ?? 'null'}', imageTag:'${id.imageTag ?? 'null'}'}`;
  return new AwsError('ImageNotFoundException', `The image with imageId ${wanted} does not exist within the ${where}`);
}

export function imageAlreadyExists(digest: string, tag: string, where: string): AwsError {
  const message = `Image with digest '${digest}' and tag '${tag}' already exists in the ${where}`;
  return new AwsError('ImageAlreadyExistsException', message);
}

export function tagIsImmutable(tag: string, where: string): AwsError {
  const message = `The image tag '${tag}' already exists in the ${where} and cannot be overwritten because the tag is immutable.`;
  return new AwsError('ImageTagAlreadyExistsException', message);
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}
