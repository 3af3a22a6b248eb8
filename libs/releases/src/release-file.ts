import {
  annotationPrefix,
  HelmRelease,
  helmReleaseApiVersion,
  type HelmReleaseSpec,
  legacyAnnotationPrefix,
  legacyApiVersion,
  Name,
} from '@shipit/contracts';
import { type Position, readDocuments, type YamlDocument } from '@shipit/yaml-edit';

/** Something in a file that somebody must look at. */
export interface FileProblem extends Position {
  path: string;
  /** `namespace/name` where it is known whose problem it is. */
  release?: string;
  message: string;
}

/** One HelmRelease document of a file. */
export interface ReleaseDocument {
  path: string;
  document: number;
  line: number;
  namespace: string;
  name: string;
  /** `namespace/name`. */
  key: string;
  /** Annotations of the old group have their names of today. */
  annotations: Readonly<Record<string, string>>;
  labels: Readonly<Record<string, string>>;
  /** Absent where the schema refused it; `problems` says why. */
  spec: HelmReleaseSpec | undefined;
  /** The document for finding images: plain data with every scalar as the text that was written. */
  value: unknown;
  problems: readonly FileProblem[];
}

export interface ReleaseFile {
  path: string;
  /** False where it is not known which releases the file holds: it is no YAML, or one of its releases has no name. */
  isReadable: boolean;
  releases: readonly ReleaseDocument[];
  /** All problems, those of the releases included. */
  problems: readonly FileProblem[];
}

const maxProblems = 10;

/** Every HelmRelease of a file, with what is wrong with it. Other kinds of documents are passed over. Never throws. */
export function readReleaseDocuments(path: string, text: string): ReleaseFile {
  const read = readDocuments(text);
  if (!read.ok) {
    const problems = read.refusals.map(({ reason, line, column }) => ({ path, message: reason, line, column }));
    return { path, isReadable: false, releases: [], problems };
  }
  const results = read.documents.filter(isHelmRelease).map((document) => readRelease(path, document));
  return {
    path,
    isReadable: results.every(({ release }) => release !== undefined),
    releases: results.flatMap(({ release }) => release ?? []),
    problems: results.flatMap(({ problems }) => problems),
  };
}

/** Of our groups, whatever its version: a version that is not known must not look like an absent release. */
function isHelmRelease({ value }: YamlDocument): boolean {
  const { apiVersion, kind } = recordOf(value);
  return kind === 'HelmRelease' && typeof apiVersion === 'string' && groups.has(apiVersion.split('/')[0] ?? '');
}

const groups = new Set([helmReleaseApiVersion, legacyApiVersion].map((apiVersion) => apiVersion.split('/')[0]));

function readRelease(path: string, document: YamlDocument): { release?: ReleaseDocument; problems: FileProblem[] } {
  const metadata = recordOf(recordOf(document.value)['metadata']);
  const [name, namespace] = [Name.safeParse(metadata['name']), Name.safeParse(metadata['namespace'] ?? 'default')];
  const key = name.success && namespace.success ? `${namespace.data}/${name.data}` : undefined;
  const parsed = HelmRelease.safeParse(document.value);
  const problems = (parsed.success ? [] : parsed.error.issues).slice(0, maxProblems).map((issue): FileProblem => {
    const at = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
    const position = document.positionOf(at);
    return {
      path,
      ...(key && { release: key }),
      message: `${at.join('.') || 'HelmRelease'}: ${messageOf(issue)}`,
      ...position,
    };
  });
  if (!name.success || !namespace.success || !key) return { problems };
  const release: ReleaseDocument = {
    path,
    document: document.index,
    line: document.line,
    namespace: namespace.data,
    name: name.data,
    key,
    annotations: todaysNames(stringsOf(metadata['annotations'])),
    labels: stringsOf(metadata['labels']),
    spec: parsed.success ? parsed.data.spec : undefined,
    value: document.texts,
    problems,
  };
  return { release, problems };
}

/** For a key that is not there zod says which type `undefined` is not. */
function messageOf({ message }: { message: string }): string {
  return message.endsWith('received undefined') ? 'must be set' : message;
}

/** Where an annotation stands under both names, the one of today counts. */
function todaysNames(annotations: Record<string, string>): Record<string, string> {
  const entries = Object.entries(annotations);
  const renamed = entries
    .filter(([name]) => name.startsWith(legacyAnnotationPrefix))
    .map(([name, value]) => [annotationPrefix + name.slice(legacyAnnotationPrefix.length), value]);
  return Object.fromEntries([
    ...renamed,
    ...entries.filter(([name]) => !name.startsWith(legacyAnnotationPrefix)),
  ]) as Record<string, string>;
}

function stringsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(recordOf(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
