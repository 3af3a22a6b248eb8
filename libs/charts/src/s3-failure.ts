import { ChartError } from './chart-error.js';
import { tlsFailure } from './tls-failure.js';

interface S3Error {
  name?: string;
  message?: string;
  $metadata?: { httpStatusCode?: number };
}

/** Whether an object is not there, may not be seen, or is the one that is known already. */
export function isS3Absence(error: unknown): 'absent' | 'denied' | 'unchanged' | undefined {
  const { name, $metadata } = error as S3Error;
  if (name === 'NoSuchBucket') return undefined;
  if ($metadata?.httpStatusCode === 404) return 'absent';
  if ($metadata?.httpStatusCode === 304) return 'unchanged';
  return $metadata?.httpStatusCode === 403 ? 'denied' : undefined;
}

/** What a person can do about an error of S3; `deadline` in seconds where it passed. */
export function s3Failure(about: string, error: unknown, deadline: number | undefined): ChartError {
  if (deadline !== undefined) {
    const message = `${about}: no whole answer within ${deadline} s`;
    return new ChartError('SHIPIT_CHART_DOWNLOAD', message, { cause: error, isTransient: true });
  }
  if (error instanceof ChartError) return error;
  const { name = '', message = String(error), $metadata } = error as S3Error;
  const status = $metadata?.httpStatusCode ?? 0;
  if (status === 404) {
    const what = name === 'NoSuchBucket' ? 'the bucket does not exist' : 'it does not exist';
    return new ChartError('SHIPIT_CHART_NOT_FOUND', `${about}: ${what}`, { cause: error });
  }
  const { reason, isTransient } = tlsFailure(error) ?? reasonFor(status, name, message);
  return new ChartError('SHIPIT_CHART_DOWNLOAD', `${about}: ${reason}`, { cause: error, isTransient });
}

function reasonFor(status: number, name: string, message: string): { reason: string; isTransient: boolean } {
  const lasting = (reason: string): { reason: string; isTransient: boolean } => ({ reason, isTransient: false });
  if (message.includes('Region is missing')) return lasting('the region is not known; set AWS_REGION');
  if (name === 'CredentialsProviderError')
    return lasting('there are no AWS credentials; give the process a role or keys');
  if (status === 403 || status === 401)
    return lasting(
      `S3 refuses it (${name}); check the AWS credentials and the permissions s3:GetObject and s3:ListBucket`,
    );
  // What comes without a status is the network.
  return { reason: `${name}: ${message}`, isTransient: status === 0 || status === 429 || status >= 500 };
}
