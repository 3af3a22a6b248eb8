import type { S3Client } from '@aws-sdk/client-s3';
import { ChartError } from './chart-error.js';
import { isExactVersion } from './chart-identity.js';
import { type S3Folder, s3KeyOf } from './s3-folder.js';

/** Of 1,000 names each. */
const MAX_PAGES = 20;

export interface ListRequest {
  /** For messages. */
  about: string;
  folder: S3Folder;
  name: string;
  signal: AbortSignal;
}

/** The versions of a chart that lie in a folder as `<name>-<version>.tgz`. */
export async function listVersions(client: S3Client, { about, folder, name, signal }: ListRequest): Promise<string[]> {
  const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
  const prefix = s3KeyOf(folder, `${name}-`);
  const versions: string[] = [];
  let next: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const place = { Bucket: folder.bucket, Prefix: prefix, Delimiter: '/', ContinuationToken: next };
    const { Contents = [], NextContinuationToken } = await client.send(new ListObjectsV2Command(place), {
      abortSignal: signal,
    });
    const files = Contents.map(({ Key = '' }) => Key.slice(prefix.length)).filter((file) => file.endsWith('.tgz'));
    versions.push(...files.map((file) => file.slice(0, -'.tgz'.length)).filter(isExactVersion));
    if (NextContinuationToken === undefined) return versions;
    next = NextContinuationToken;
  }
  throw new ChartError('SHIPIT_CHART_DOWNLOAD', `${about} has more than ${MAX_PAGES} pages of names like ${name}-`);
}
