import { decodeFile, readReleaseDocuments, type ReleaseDocument } from '@shipit/releases';
import { readDocuments, type YamlDocument } from '@shipit/yaml-edit';
import { readBounded } from '../../images/yaml-files.js';
import { type ChartUse, chartUseOf } from './chart-use.js';
import { annotationProblems, isRelease, unreadProblems } from './check-release.js';
import type { FoundFiles } from './find-files.js';
import type { Problem } from './problem.js';

/** A release with the file and the places that its author knows. */
export interface DeclaredRelease extends ReleaseDocument {
  file: string;
  yaml: YamlDocument;
  /** False where it only stands beside what is to be checked. */
  isChecked: boolean;
}

export interface ReadReleases {
  releases: DeclaredRelease[];
  /** Of what is to be checked. */
  charts: ChartUse[];
  problems: Problem[];
  /** False where a file cannot be read: there may be more releases than are known. */
  isComplete: boolean;
}

/** Reads the files as the deployer does, and checks each by itself. */
export function readReleases({ files, others }: Pick<FoundFiles, 'files' | 'others'>): ReadReleases {
  const read: ReadReleases = { releases: [], charts: [], problems: [], isComplete: true };
  for (const file of files) add(read, readFile(file, true));
  for (const file of others) add(read, { ...readFile(file, false), charts: [], problems: [] });
  return read;
}

function add(all: ReadReleases, { releases, charts, problems, isComplete }: ReadReleases): void {
  all.releases.push(...releases);
  all.charts.push(...charts);
  all.problems.push(...problems);
  all.isComplete &&= isComplete;
}

function readFile(file: string, isChecked: boolean): ReadReleases {
  const bytes = readBounded(file);
  const decoded = typeof bytes === 'string' ? { problem: bytes } : decodeFile(bytes);
  if ('problem' in decoded)
    return { releases: [], charts: [], problems: [unreadable(file, decoded.problem)], isComplete: false };
  const { releases, problems, isReadable } = readReleaseDocuments(file, decoded.text);
  const yaml = readDocuments(decoded.text);
  const documents = yaml.ok ? yaml.documents : [];
  const declared = releases.flatMap((release): DeclaredRelease[] => {
    const document = documents[release.document];
    return document ? [{ ...release, file, yaml: document, isChecked }] : [];
  });
  return {
    releases: declared,
    charts: documents.filter(isRelease).flatMap((document) => chartUseOf(file, document) ?? []),
    problems: [
      ...problems.map(({ message, line, column }) => ({ ...fileProblem(file, message), line, column })),
      ...declared.flatMap(annotationProblems),
      ...documents.flatMap((document) => unreadProblems(file, document)),
    ],
    isComplete: isReadable,
  };
}

/** What cannot be had of a file, in a sentence about it. */
export function unreadable(file: string, reason: string): Problem {
  return fileProblem(file, sentenceOf(reason));
}

export function sentenceOf(reason: string): string {
  return /^[A-Z]/.test(reason) ? reason : `The file ${reason}`;
}

function fileProblem(file: string, message: string): Problem {
  return { file, line: 1, column: 1, severity: 'error', code: 'SHIPIT_RELEASE_FILE', message };
}
