import { ReleaseKey } from '@shipit/contracts';
import { decodeFile, readLocks, unknownLockFields } from '@shipit/releases';
import { readDocuments, type YamlPath } from '@shipit/yaml-edit';
import { readBounded } from '../../images/yaml-files.js';
import { unknownField } from './check-release.js';
import { didYouMean } from './closest-word.js';
import type { Problem } from './problem.js';

type Found = Pick<Problem, 'severity' | 'message'> & { code?: string };

/** What is wrong with a locks.yaml. An unreadable one stops all automatic commits. */
export function checkLocks(file: string, releases: ReadonlySet<string> | undefined): Problem[] {
  const bytes = readBounded(file);
  const decoded = typeof bytes === 'string' ? { problem: bytes } : decodeFile(bytes);
  const unreadable = (reason: string, place = { line: 1, column: 1 }): Problem[] => [
    {
      file,
      ...place,
      severity: 'error',
      code,
      message: `${reason}; nothing is deployed by itself while this file cannot be read`,
    },
  ];
  if ('problem' in decoded) return unreadable(`The file ${decoded.problem}`);
  const read = readLocks(decoded.text);
  if (!read.ok) return unreadable(read.reason, { line: read.line, column: read.column });
  const yaml = readDocuments(decoded.text);
  const document = yaml.ok ? yaml.documents[0] : undefined;
  if (!document) return [];
  const at = (path: YamlPath, found: Found): Problem => ({ file, ...document.keyPositionOf(path), code, ...found });
  return [
    ...unknownLockFields(document.value).map(({ path, known }) => at(path, unknownField(path, known))),
    ...Object.entries(read.locks.resource_locks).flatMap(([key, entry]) => [
      ...nameProblems(key, releases).map((found) => at(['resource_locks', key], found)),
      ...untilProblems(key, entry.until).map((found) => at(['resource_locks', key, 'until'], found)),
    ]),
  ];
}

const code = 'SHIPIT_LOCKS';

/** @param releases Absent where not all of them are known. */
function nameProblems(key: string, releases: ReadonlySet<string> | undefined): Found[] {
  if (!ReleaseKey.safeParse(key).success)
    return [
      {
        severity: 'error',
        message: `${JSON.stringify(key)} is no namespace/name of a release: nothing is locked by it`,
      },
    ];
  if (!releases || releases.has(key)) return [];
  const meant = didYouMean(key, [...releases]);
  return [{ severity: 'warning', message: `No file declares ${key}: nothing is locked by this entry${meant}` }];
}

function untilProblems(key: string, until: string | undefined): Found[] {
  if (until === undefined || !Number.isNaN(Date.parse(until))) return [];
  const message = `${JSON.stringify(until)} is no time such as 2030-01-31T12:00:00Z: the lock of ${key} never ends`;
  return [{ severity: 'warning', message }];
}
