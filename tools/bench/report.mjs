/** p50 and p95 of times in milliseconds. */
export function percentiles(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return { p50: at(0.5), p95: at(0.95), runs: times.length };
}

/**
 * A figure is `{ what, p50, p95?, runs?, unit?, atMost?, atLeast?, note? }`: the unit is milliseconds unless it says otherwise,
 * a promise is of its p50, and one without a p50 could not be measured, which its note explains.
 */
export function withVerdict(figure) {
  const { p50, atMost, atLeast } = figure;
  if (p50 === undefined || (atMost === undefined && atLeast === undefined)) return figure;
  const isKept = p50 <= (atMost ?? Infinity) && p50 >= (atLeast ?? -Infinity);
  return { ...figure, verdict: isKept ? 'kept' : 'missed' };
}

/** One line a figure. */
export function printTable(title, figures) {
  const rows = [
    [title, 'p50', 'p95', 'runs', 'promise', '', ''],
    ...figures.map((figure) => [
      figure.what,
      inUnit(figure.p50, figure.unit),
      inUnit(figure.p95, figure.unit),
      figure.p50 === undefined ? '' : `${figure.runs ?? 1}`,
      promiseOf(figure),
      figure.verdict ?? '',
      figure.note ?? '',
    ]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const isText = (at) => at === 0 || at === widths.length - 1;
  const line = (row) =>
    row.map((cell, at) => (isText(at) ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join('  ');
  console.log(`${rows.map((row) => line(row).trimEnd()).join('\n')}\n`);
}

function inUnit(value, unit = 'ms') {
  if (value === undefined) return '';
  const digits = Math.abs(value) < 10 && !Number.isInteger(value) ? 2 : 0;
  return `${value.toFixed(digits)} ${unit}`;
}

function promiseOf({ atMost, atLeast, unit }) {
  if (atMost !== undefined) return `≤ ${inUnit(atMost, unit)}`;
  return atLeast === undefined ? '' : `≥ ${inUnit(atLeast, unit)}`;
}
