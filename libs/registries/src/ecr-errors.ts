import { RegistryError } from './registry-error.js';

const absent = ['RepositoryNotFoundException', 'ImageNotFoundException'];

/** Names of AWS errors that stay the same however often one asks. Throttling, 5xx, time-outs and the network do not. */
const refused = [
  'AccessDeniedException',
  'InvalidParameterException',
  'ValidationException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'InvalidClientTokenId',
  'MissingAuthenticationToken',
];

export interface EcrQuestion {
  /** What was asked about. */
  readonly subject: string;
  /** Milliseconds, where the deadline passed. */
  readonly deadline?: number | undefined;
}

/** @returns undefined where ECR said that there is no such thing; throws RegistryError otherwise */
export function translateEcrError(error: unknown, { subject, deadline }: EcrQuestion): undefined {
  const name = error instanceof Error ? error.name : '';
  if (absent.includes(name)) return undefined;
  const isTerminal = refused.includes(name);
  const why =
    deadline === undefined
      ? `${name}: ${error instanceof Error ? error.message : String(error)}`
      : `no answer in ${deadline} ms`;
  const next = isTerminal
    ? 'Check the credentials and permissions (ecr:DescribeImages, ecr:DescribeRepositories).'
    : 'It will be asked again.';
  throw new RegistryError(`ECR could not be asked about ${subject}: ${why}. ${next}`, { cause: error, isTerminal });
}
