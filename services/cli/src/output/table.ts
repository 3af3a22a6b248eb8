import Table from 'cli-table3';
import { printable } from './printable.js';

export interface TableOptions {
  /** Characters of a line; absent where nobody looks at a terminal: then nothing is wrapped. */
  width?: number | undefined;
  /** The column that is wrapped where a line would be too long; default: the last. */
  flexible?: number;
}

const gap = 3;
const narrowest = 20;
const noLines = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '' },
  ...{ 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '' },
  middle: ' '.repeat(gap),
};

/** A table without lines and colours, as kubectl prints them. An empty head is left out. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  options: TableOptions = {},
): string {
  const cells = rows.map((row) => row.map(printable));
  const titles = head.map((title) => title.toUpperCase());
  const built = new Table({
    chars: noLines,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    ...(titles.length > 0 && { head: titles }),
    ...wrapping([titles, ...cells], options),
  });
  built.push(...cells);
  return `${built
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}

function wrapping(lines: readonly (readonly string[])[], { width, flexible }: TableOptions): object {
  const columns = Math.max(...lines.map((line) => line.length));
  const chosen = flexible ?? columns - 1;
  const widths = Array.from({ length: columns }, (_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const others = widths.reduce((sum, one, at) => (at === chosen ? sum : sum + one), gap * (columns - 1));
  if (width === undefined || others + (widths[chosen] ?? 0) <= width) return {};
  const room = Math.max(width - others, narrowest);
  return { colWidths: widths.map((one, at) => (at === chosen ? room : one)), wordWrap: true };
}
