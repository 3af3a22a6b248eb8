import { ReleaseKey } from '@shipit/contracts';
import { CliError } from '../output/cli-error.js';

/** The API's path of a release; a name alone stands for `default/<name>`. */
export function releasePath(name: string): string {
  const key = name.includes('/') ? name : `default/${name}`;
  if (!ReleaseKey.safeParse(key).success)
    throw new CliError(`"${name}" is no release: it is NAME or NAMESPACE/NAME`, 2);
  return `/releases/${key}`;
}
