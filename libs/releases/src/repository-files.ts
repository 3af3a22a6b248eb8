import { locksFileName, type ReadLocks, readLocks } from './locks.js';

const maxFileBytes = 1024 * 1024;

/**
 * Of the files of a repository, those that may declare releases: all YAML below the folder but its locks.yaml and what
 * belongs to a chart below it. Templates of charts look like YAML and are not. Of a chart around the folder only the templates
 * are left out: whoever adds one would else seem to have removed every release.
 */
export function selectReleaseFiles<F extends { path: string }>(all: readonly F[], folder: string): F[] {
  const trimmed = folder.replace(/^(\.?\/)+|\/+$/g, '');
  const root = trimmed === '' || trimmed === '.' ? '' : `${trimmed}/`;
  const isBelow = (path: string) => path.startsWith(root) && path !== root;
  const charts = all
    .filter(({ path }) => /(^|\/)Chart\.yaml$/.test(path))
    .map(({ path }) => path.slice(0, -'Chart.yaml'.length))
    .map((chart) => (isBelow(chart) ? chart : `${chart}templates/`))
    .filter(isBelow);
  return all.filter(
    ({ path }) =>
      path.startsWith(root) &&
      /\.ya?ml$/.test(path) &&
      path !== `${root}${locksFileName}` &&
      !charts.some((chart) => path.startsWith(chart)),
  );
}

/** The text of a file of the repository, its byte order mark kept, or why there is none. */
export function decodeFile(bytes: Uint8Array): { text: string } | { problem: string } {
  if (bytes.byteLength > maxFileBytes) return { problem: 'is larger than 1 MiB' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { problem: 'is not UTF-8' };
  }
}

/** Of locks.yaml as the repository has it; undefined where it has none: what is no text says as little of locks as what is no YAML. */
export function readLocksFile(bytes: Uint8Array | undefined): ReadLocks {
  if (bytes === undefined) return readLocks(undefined);
  const decoded = decodeFile(bytes);
  if ('text' in decoded) return readLocks(decoded.text);
  const reason = `The file ${decoded.problem}`;
  return { ok: false, problem: `${locksFileName} ${decoded.problem}`, reason, line: 1, column: 1 };
}
