/** p50 and p95 of times in milliseconds. */
export function percentiles(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return { p50: at(0.5), p95: at(0.95), runs: times.length };
}

/** One line a figure; a promise is of its p50. */
export function printTable(figures) {
  const rows = [
    ['', 'p50', 'p95', 'runs', 'commits', 'promise', ''],
    ...figures.map((figure) => [
      figure.what,
      inMs(figure.p50),
      inMs(figure.p95),
      `${figure.runs ?? 1}`,
      `${figure.commits ?? ''}`,
      promiseOf(figure),
      verdictOf(figure),
    ]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join('  ');
  console.log(rows.map(line).join('\n'));
}

function inMs(ms) {
  return ms === undefined ? '' : `${ms.toFixed(0)} ms`;
}

function promiseOf({ promise, commitsPromise }) {
  if (commitsPromise !== undefined) return `≤ ${commitsPromise} commits`;
  return promise === undefined ? '' : `≤ ${promise} ms`;
}

function verdictOf({ p50, promise, commits, commitsPromise }) {
  if (commitsPromise !== undefined) return commits <= commitsPromise ? 'kept' : 'missed';
  if (promise === undefined) return '';
  return p50 <= promise ? 'kept' : 'missed';
}
