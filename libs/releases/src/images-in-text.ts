import { splitReference, tryParseImage } from '@shipit/images';
import { readDocuments, type YamlPath } from '@shipit/yaml-edit';
import type { ImagePlace, Obstacle } from './image-place.js';

/**
 * Images in a text that is a file by itself: `values: |`, a patch, a file of a ConfigMap. They are told and not set.
 * Annotations are passed over: tools keep copies of whole objects there.
 */
export function findInText(
  text: string,
  path: YamlPath,
  find: ((document: unknown) => ImagePlace[]) | undefined,
): ImagePlace[] {
  if (!/^\s*[[{]|\n/.test(text) || !/image|repository/i.test(text)) return [];
  if (path.includes('annotations') && path.includes('metadata')) return [];
  const read = readDocuments(text);
  if (!find || !read.ok) return placesByLine(text, path);
  const lines = text.split('\n');
  return read.documents.flatMap((document) =>
    find(document.texts).map(({ image, ...place }) => {
      const at = document.positionOf(place.scalars[0]?.path ?? place.path);
      return { image, path, scalars: [], obstacle: inText({ ...at, seen: lines[at.line - 1] ?? '' }) };
    }),
  );
}

/** For a text that a template or a shell makes YAML of only later. */
function placesByLine(text: string, path: YamlPath): ImagePlace[] {
  return text.split('\n').flatMap((line, index) => {
    const [, before = '', written = ''] = imageLine.exec(line) ?? [];
    const image = written.includes('/') ? tryParseImage(splitReference(written).name) : undefined;
    const at = { line: index + 1, column: before.length + 1, seen: line };
    return image ? [{ image, path, scalars: [], obstacle: inText(at) }] : [];
  });
}

const imageLine = /^([ \t]*(?:- +)?["']?\w*(?:image|repository|newName)["']?: *["']?)([^\s"']+)/i;

function inText(at: Obstacle['inText'] & object): Obstacle {
  return {
    kind: 'block scalar',
    reason: 'The image stands in a block of text, which is not edited',
    inText: at,
  };
}
