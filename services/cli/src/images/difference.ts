import { normalize } from 'node:path';
import { formatPatch, structuredPatch } from 'diff';
import { printable } from '../output/printable.js';

const context = 3;

/** As `git apply` and `patch -p1` read it. A terminal gets no control characters. */
export function difference(file: string, edit: { before: string; after: string }, isTerminal: boolean): string {
  const name = normalize(file).replace(/^\/+/, '');
  const { before, after, linesAbove } = changedPart(edit);
  const patch = structuredPatch(`a/${name}`, `b/${name}`, before, after, undefined, undefined, { context });
  for (const hunk of patch.hunks) {
    hunk.oldStart += linesAbove;
    hunk.newStart += linesAbove;
  }
  const text = formatPatch(patch, { includeIndex: false, includeUnderline: false, includeFileHeaders: true });
  return isTerminal ? text.split('\n').map(printable).join('\n') : text;
}

/** The lines from the first difference to the last with some around them: comparing whole files takes longer than editing them. */
function changedPart({ before, after }: { before: string; after: string }) {
  const shorter = Math.min(before.length, after.length);
  let same = 0;
  while (same < shorter && before[same] === after[same]) same += 1;
  let sameEnd = 0;
  while (sameEnd < shorter - same && before.at(-1 - sameEnd) === after.at(-1 - sameEnd)) sameEnd += 1;
  const start = linesBack(before, same);
  const rest = linesOn(before, before.length - sameEnd);
  return {
    before: before.slice(start, rest),
    after: after.slice(start, after.length - (before.length - rest)),
    linesAbove: before.slice(0, start).split('\n').length - 1,
  };
}

/** The start of the line some lines above an offset. */
function linesBack(text: string, offset: number): number {
  let start = offset;
  for (let line = 0; line <= context && start > 0; line += 1)
    start = text.lastIndexOf('\n', start - (line > 0 ? 2 : 1)) + 1;
  return start;
}

/** The end of the line some lines below an offset. */
function linesOn(text: string, offset: number): number {
  let end = offset;
  for (let line = 0; line <= context && end < text.length; line += 1) end = text.indexOf('\n', end) + 1 || text.length;
  return end;
}
