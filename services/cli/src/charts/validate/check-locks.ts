import { ReleaseKey } from '@shipit/contracts';
import { decodeFile, readLocks, unknownLockFields } from '@shipit/releases';
import { readDocuments, type YamlDocument, type YamlPath } from '@shipit/yaml-edit';
import { readBounded } from '../../images/yaml-files.js';
import { unknownField } from './check-release.js';
import { didYouMean } from './closest-word.js';
import type { LocksFile } from './find-files.js';
import { maxProblems, type Problem } from './problem.js';
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
  const entries = Object.entries(read.locks.resource_locks);
  const idle = entries.filter(([key]) => !isLockable(key, releases)).slice(0, maxProblems);
  const endless = entries.filter(([, { until }]) => !isTime(until)).slice(0, maxProblems);
  const unknown = unknownLockFields(document.value).slice(0, maxProblems);
  return [
    ...unknown.map(({ path, known }) => at(path, unknownField(path, known))),
    ...idle.map(([key]) => at(['resource_locks', key], idleEntry(key, releases))),
    ...endless.map(([key, { until }]) => at(['resource_locks', key, 'until'], endlessLock(key, until))),
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
function isLockable(key: string, releases: ReadonlySet<string> | undefined): boolean {
  return releases?.has(key) ?? ReleaseKey.safeParse(key).success;
}

function idleEntry(key: string, releases: ReadonlySet<string> | undefined): Found {
  if (!ReleaseKey.safeParse(key).success)
    return {
      severity: 'error',
      message: `${JSON.stringify(key)} is no namespace/name of a release: nothing is locked by it`,
    };
  const meant = didYouMean(key, [...(releases ?? [])]);
  return { severity: 'warning', message: `No file declares ${key}: nothing is locked by this entry${meant}` };
}

function isTime(until: string | undefined): boolean {
  return until === undefined || !Number.isNaN(Date.parse(until));
}

function endlessLock(key: string, until = ''): Found {
  const message = `${JSON.stringify(until)} is no time such as 2030-01-31T12:00:00Z: the lock of ${key} never ends`;
  return { severity: 'warning', message };
}
