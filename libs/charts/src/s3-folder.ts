import { ChartError } from './chart-error.js';
import { unescapePath } from './unescape-path.js';

export interface S3Folder {
  bucket: string;
  /** Without a slash at its ends; empty for the whole bucket. */
  prefix: string;
}

/** `s3://bucket/prefix`. @throws ChartError */
export function parseS3Folder(subject: string, address: string): S3Folder {
  const [, bucket = '', path = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:\/[^/]+)*)\/?$/.exec(address) ?? [];
  if (bucket === '' || bucket.includes('..') || !isPlain(path)) {
    throw new ChartError('SHIPIT_CHART_SOURCE', `${subject}: a bucket is written s3://bucket/prefix`);
  }
  return { bucket, prefix: path.slice(1) };
}

/**
 * The key of a file in the folder. An index may give it as `s3://` address too; what lies elsewhere is refused, as
 * whoever writes the index would else say what is read with our credentials.
 */
export function s3KeyOf({ bucket, prefix }: S3Folder, file: string, subject = ''): string {
  const root = prefix === '' ? '' : `${prefix}/`;
  const whole = `s3://${bucket}/${root}`;
  const isAbsolute = file.startsWith(whole);
  const path = unescapePath(isAbsolute ? file.slice(whole.length) : file);
  if (path === undefined || path === '' || path.startsWith('/') || path.includes('://') || !isPlain(path)) {
    throw new ChartError(
      'SHIPIT_CHART_DOWNLOAD',
      `${subject}: the index gives ${JSON.stringify(file.slice(0, 200))}, which is not in ${whole}`,
    );
  }
  return `${root}${path}`;
}

function isPlain(path: string): boolean {
  return !/[\0-\x1f\x7f\\?#]/.test(path) && !path.split('/').some((part) => part === '..' || part === '.');
}
