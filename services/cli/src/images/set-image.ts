import { normalize } from 'node:path';
import type { ImageReference } from '@shipit/contracts';
import { formatImage } from '@shipit/images';
import type { ImageToSet } from '@shipit/releases';
import { createTwoFilesPatch } from 'diff';
import { CliError } from '../output/cli-error.js';
import { printable } from '../output/printable.js';
import type { CommandContext } from '../program.js';
import { decode, type FileReport, type PlaceReport, setInFile } from './image-file.js';
import { isInput, readSources, tellRefusals } from './sources.js';
import { replaceFile } from './write-file.js';

interface SetRequest {
  image: ImageReference;
  paths: readonly string[];
  isWriting: boolean;
}

/** `shipit image set`: a refused file stops no other. */
export async function setImage(context: CommandContext, { image, paths, isWriting }: SetRequest): Promise<void> {
  const { tag } = image;
  if (tag === undefined) throw new CliError(`${formatImage(image)} has no tag: say which one to set`);
  if (!isInput(paths)) return setInFiles(context, { image: { ...image, tag }, paths, isWriting });
  if (isWriting) throw new CliError('standard input cannot be written to: leave out --write');
  await setInInput(context, { ...image, tag });
}

async function setInInput(context: CommandContext, image: ImageToSet): Promise<void> {
  for await (const { file, bytes } of readSources(context, ['-'])) {
    const before = decode(bytes);
    if (before === undefined) throw new CliError('standard input is no UTF-8');
    const { places, edit, note } = setInFile(file, bytes, image);
    const text = edit?.after ?? before;
    if (context.isJson()) context.printJson({ image: formatImage(image), isWritten: false, places, text });
    else context.write(text);
    if (note !== undefined) context.warn(note);
    tellRefusals(context, places);
  }
}

async function setInFiles(context: CommandContext, request: SetRequest & { image: ImageToSet }): Promise<void> {
  const { image, paths, isWriting } = request;
  const places: PlaceReport[] = [];
  for await (const { file, bytes, refused } of readSources(context, paths)) {
    const report: FileReport = refused ? { places: [refused] } : setInFile(file, bytes, image);
    if (report.edit && isWriting) await replaceFile(file, report.edit);
    if (report.edit && !context.isJson()) context.write(patch(file, report.edit, context.width !== undefined));
    if (report.note !== undefined) context.warn(report.note);
    places.push(...report.places);
  }
  if (context.isJson()) context.printJson({ image: formatImage(image), isWritten: isWriting, places });
  tellRefusals(context, places);
}

/** As `git apply` and `patch -p1` read it. A terminal gets no control characters. */
function patch(file: string, { before, after }: { before: string; after: string }, isTerminal: boolean): string {
  const name = normalize(file).replace(/^\/+/, '');
  const options = { headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true } };
  const text: string = createTwoFilesPatch(`a/${name}`, `b/${name}`, before, after, undefined, undefined, options);
  return isTerminal ? text.split('\n').map(printable).join('\n') : text;
}
