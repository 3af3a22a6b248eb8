import type { ImageReference } from '@shipit/contracts';
import { formatImage } from '@shipit/images';
import { table } from '../output/table.js';
import type { CommandContext } from '../program.js';
import { findInFile, type PlaceReport } from './image-file.js';
import { readSources, tellRefusals } from './sources.js';

/** `shipit image find`. */
export async function findImage(
  context: CommandContext,
  image: ImageReference,
  paths: readonly string[],
): Promise<void> {
  const places: PlaceReport[] = [];
  for await (const { file, bytes, refused } of readSources(context, paths))
    places.push(...(refused ? [refused] : findInFile(file, bytes, image)));
  const rows = places
    .filter(({ outcome }) => outcome === 'found')
    .map(({ file, line, path, from }) => [`${file}:${line}`, path ?? '', from ?? '']);
  if (context.isJson()) context.printJson({ image: formatImage(image), places });
  else if (rows.length > 0) context.print(table(['where', 'path', 'tag'], rows, { width: context.width }));
  tellRefusals(context, places);
}
