import { formatImage } from '@shipit/images';
import type { ImageToSet } from '@shipit/releases';
import { CliError } from '../output/cli-error.js';
import type { CommandContext } from '../program.js';
import { difference } from './difference.js';
import { decode, type FileReport, type PlaceReport, setInFile } from './image-file.js';
import { isInput, readSources, tellRefusals } from './sources.js';
import { replaceFile } from './write-file.js';

interface SetRequest {
  image: ImageToSet;
  paths: readonly string[];
  isWriting: boolean;
}

/** `shipit image set`: a refused file stops no other. */
export async function setImage(context: CommandContext, { image, paths, isWriting }: SetRequest): Promise<void> {
  if (!isInput(paths)) return setInFiles(context, { image, paths, isWriting });
  if (isWriting) throw new CliError('standard input cannot be written to: leave out --write');
  await setInInput(context, image);
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

async function setInFiles(context: CommandContext, request: SetRequest): Promise<void> {
  const { image, paths, isWriting } = request;
  const places: PlaceReport[] = [];
  for await (const { file, bytes, refused } of readSources(context, paths)) {
    const report: FileReport = refused ? { places: [refused] } : setInFile(file, bytes, image);
    if (report.edit && isWriting) await replaceFile(file, report.edit);
    if (report.edit && !context.isJson()) context.write(difference(file, report.edit, context.width !== undefined));
    if (report.note !== undefined) context.warn(report.note);
    places.push(...report.places);
  }
  if (context.isJson()) context.printJson({ image: formatImage(image), isWritten: isWriting, places });
  tellRefusals(context, places);
}
