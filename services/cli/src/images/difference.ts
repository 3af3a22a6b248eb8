import { normalize } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { printable } from '../output/printable.js';

/** As `git apply` and `patch -p1` read it. A terminal gets no control characters. */
export function difference(file: string, edit: { before: string; after: string }, isTerminal: boolean): string {
  const name = normalize(file).replace(/^\/+/, '');
  const headerOptions = { includeIndex: false, includeUnderline: false, includeFileHeaders: true };
  const [from, to] = [`a/${name}`, `b/${name}`];
  const text: string = createTwoFilesPatch(from, to, edit.before, edit.after, undefined, undefined, { headerOptions });
  return isTerminal ? text.split('\n').map(printable).join('\n') : text;
}
