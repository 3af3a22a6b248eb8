import { randomBytes } from 'node:crypto';
import { chmod, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CliError } from '../output/cli-error.js';
import { whyNot } from './yaml-files.js';

/**
 * Puts the text in the place of what was read, in one step: whoever reads meanwhile sees the one or the other.
 * @throws CliError where the file is no longer what was read, or cannot be written
 */
export async function replaceFile(file: string, { before, after }: { before: string; after: string }): Promise<void> {
  const real = await realpath(file);
  const temporary = join(dirname(real), `.${basename(real)}.shipit-${randomBytes(4).toString('hex')}`);
  try {
    await writeFile(temporary, after, { flag: 'wx' });
    await chmod(temporary, (await stat(real)).mode);
    if (!(await readFile(real)).equals(Buffer.from(before)))
      throw new CliError(`${file} was changed by somebody else meanwhile: run it again`);
    await rename(temporary, real);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error instanceof CliError ? error : new CliError(`${file} cannot be written: ${whyNot(error)}`);
  }
}
