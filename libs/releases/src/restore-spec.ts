import { restoreBlock, type TextResult } from '@shipit/yaml-edit';
import { readReleaseDocuments } from './release-file.js';

export interface SpecRestore {
  /** `namespace/name`. */
  release: string;
  /** The file at the tip. */
  current: string;
  /** The file that declared the release at the commit to return to; its path may have been another. */
  earlier: string;
}

/** These belong to how the release is run, not to what runs: a rollback leaves them as they are now. */
const kept = ['suspend', 'rollback', 'drift'] as const;

/** Gives a release the spec of an earlier commit, except `suspend`, `rollback` and `drift`. Everybody's other lines stay. */
export function restoreReleaseSpec({ release, current, earlier }: SpecRestore): TextResult {
  const now = documentOf(release, current);
  const then = documentOf(release, earlier);
  if (now === undefined || then === undefined)
    return refuse(`${release} is not in the ${now === undefined ? 'file at the tip' : 'file of the earlier commit'}`);
  return restoreBlock(current, { document: now, key: 'spec', from: { source: earlier, document: then }, keep: kept });
}

function documentOf(release: string, text: string): number | undefined {
  return readReleaseDocuments('', text).releases.find((found) => found.key === release)?.document;
}

function refuse(reason: string): TextResult {
  return { ok: false, refusals: [{ kind: 'not found', reason, line: 1, column: 1 }] };
}
