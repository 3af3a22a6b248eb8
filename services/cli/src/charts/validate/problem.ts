import type { Position } from '@shipit/yaml-edit';

/** Something that keeps a release from being deployed as its author means it, and where it stands. */
export interface Problem extends Position {
  file: string;
  /** A warning is likely a mistake, and nothing is refused for it. */
  severity: 'error' | 'warning';
  code: string;
  message: string;
}

/** Of one kind in one document; a file of nothing but problems is told in time. */
export const maxProblems = 20;

/** By file, then by place. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort(
    (a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.message, b.message),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
