import { ReleaseKey } from '@shipit/contracts';
import { decodeFile, readLocks, unknownLockFields } from '@shipit/releases';
import { readDocuments, type YamlDocument, type YamlPath } from '@shipit/yaml-edit';
import { readBounded } from '../../images/yaml-files.js';
import { unknownField } from './check-release.js';
import { didYouMean } from './closest-word.js';
import type { LocksFile } from './find-files.js';
import type { Problem } from './problem.js';
import { sentenceOf } from './read-releases.js';

type Found = Pick<Problem, 'severity' | 'message'> & { code?: string };

/** What is wrong with a locks.yaml. An unreadable one stops all automatic commits. */
export function checkLocks({ file, isCertain }: LocksFile, releases: ReadonlySet<string> | undefined): Problem[] {
  const bytes = readBounded(file);
  const decoded = typeof bytes === 'string' ? { problem: bytes } : decodeFile(bytes);
  if ('problem' in decoded) return [unreadable(file, sentenceOf(decoded.problem))];
  const yaml = readDocuments(decoded.text);
  if (!isCertain && yaml.ok && !yaml.documents.some(looksLikeLocks)) return [];
  const read = readLocks(decoded.text);
  if (!read.ok) return [{ ...unreadable(file, read.reason), line: read.line, column: read.column }];
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

function unreadable(file: string, reason: string): Problem {
  const message = `${reason}; nothing is deployed by itself while this file cannot be read`;
  return { file, line: 1, column: 1, severity: 'error', code, message };
}

function looksLikeLocks({ value }: YamlDocument): boolean {
  return typeof value === 'object' && value !== null && ('env_lock' in value || 'resource_locks' in value);
}

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
