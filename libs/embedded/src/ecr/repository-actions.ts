import { z } from 'zod';
import { AwsError } from '../aws-json/aws-error.js';
import { awsAction, type AwsAction } from '../aws-json/aws-json-server.js';
import { pageOf, pageShape } from './page.js';
import type { Repositories, Repository } from './repositories.js';

const One = z.object({ repositoryName: z.string(), registryId: z.string().optional() });
const tokenHours = 12;

export function repositoryUri({ name, owner }: Repository): string {
  return `${owner.account}.dkr.ecr.${owner.region}.amazonaws.com/${name}`;
}

/** The actions that concern repositories and the registry itself. */
export function repositoryActions(repositories: Repositories, changed: () => void): Record<string, AwsAction> {
  return {
    CreateRepository: awsAction(
      One.extend({ imageTagMutability: z.enum(['MUTABLE', 'IMMUTABLE']).default('MUTABLE') }),
      (input) => {
        const repository = repositories.create(input.repositoryName, {
          isImmutable: input.imageTagMutability === 'IMMUTABLE',
        });
        changed();
        return { repository: describeRepository(repository) };
      },
    ),
    DescribeRepositories: awsAction(
      z.object({ registryId: z.string().optional(), repositoryNames: z.array(z.string()).optional(), ...pageShape }),
      (input) => {
        const { repositoryNames, registryId } = input;
        const found = repositoryNames
          ? repositoryNames.map((repositoryName) => repositories.find({ repositoryName, registryId }))
          : repositories.all();
        return pageOf(found.map(describeRepository), input, 'repositories');
      },
    ),
    DeleteRepository: awsAction(One.extend({ force: z.boolean().default(false) }), (input) => {
      const repository = repositories.find(input);
      if (repository.images.size > 0 && !input.force) {
        throw new AwsError(
          'RepositoryNotEmptyException',
          `The ${repository.where} cannot be deleted because it still contains images`,
        );
      }
      repositories.delete(repository);
      changed();
      return { repository: describeRepository(repository) };
    }),
    GetAuthorizationToken: awsAction(z.object({}), () => ({
      authorizationData: [
        {
          authorizationToken: Buffer.from('AWS:embedded').toString('base64'),
          expiresAt: Date.now() / 1000 + tokenHours * 3600,
          proxyEndpoint: `https://${repositories.owner.account}.dkr.ecr.${repositories.owner.region}.amazonaws.com`,
        },
      ],
    })),
  };
}

function describeRepository(repository: Repository): object {
  const { account, region } = repository.owner;
  return {
    repositoryArn: `arn:aws:ecr:${region}:${account}:repository/${repository.name}`,
    registryId: account,
    repositoryName: repository.name,
    repositoryUri: repositoryUri(repository),
    createdAt: repository.createdAt / 1000,
    imageTagMutability: repository.isImmutable ? 'IMMUTABLE' : 'MUTABLE',
    imageScanningConfiguration: { scanOnPush: false },
    encryptionConfiguration: { encryptionType: 'AES256' },
  };
}
