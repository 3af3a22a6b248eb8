import { CliError } from '../output/cli-error.js';
import type { CommandContext } from '../program.js';
import type { PlaceReport } from './image-file.js';
import { caps, findYamlFiles, readBounded } from './yaml-files.js';

/** The path that stands for standard input. */
const input = '-';

export interface Source {
  file: string;
  bytes: Uint8Array;
  /** Present where the bytes cannot be had. */
  refused?: PlaceReport;
}

/** One file after the other; the folder one stands in where none is named. */
export async function* readSources({ readInput }: CommandContext, paths: readonly string[]): AsyncGenerator<Source> {
  if (isInput(paths)) {
    const bytes = await readInput();
    if (bytes.byteLength > caps.fileBytes) throw new CliError('standard input is over 16 MiB');
    yield { file: input, bytes };
    return;
  }
  const { files, unreadable } = await findYamlFiles(paths.length > 0 ? paths : ['.']);
  for (const { file, reason } of unreadable) yield refuse(file, reason);
  for (const file of files) {
    const bytes = readBounded(file);
    yield typeof bytes === 'string' ? refuse(file, bytes) : { file, bytes };
  }
}

function refuse(file: string, reason: string): Source {
  return { file, bytes: new Uint8Array(), refused: { file, outcome: 'refused', reason } };
}

export function isInput(paths: readonly string[]): boolean {
  if (!paths.includes(input)) return false;
  if (paths.length > 1) throw new CliError('- stands for standard input and goes with no other path');
  return true;
}

/** Says what was refused, and where. @throws CliError with the exit code 2 where anything was */
export function tellRefusals({ isJson, warn }: CommandContext, places: readonly PlaceReport[]): void {
  const refused = places.filter(({ outcome }) => outcome === 'refused');
  if (refused.length === 0) return;
  if (!isJson())
    for (const { file, line, column, reason } of refused)
      warn(`${file}${line === undefined ? '' : `:${line}:${column}`}: ${reason}`);
  throw new CliError(`${refused.length === 1 ? '1 place was' : `${refused.length} places were`} refused`, 2);
}
