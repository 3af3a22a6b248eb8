import type { TaggedImage, TagPolicy } from '@shipit/images';

export interface TagChange {
  /** False for commits that Ship-it made. */
  isByPerson: boolean;
  tagPolicy: TagPolicy | undefined;
  before: TaggedImage;
  after: TaggedImage;
  /** Tags that the release had before this change, from history. */
  earlierTags: readonly string[];
}

/** A commit by a person that set a tag back to an older one: a hold on that release. */
export function isStepBack(change: TagChange): boolean {
  return change.isByPerson && change.earlierTags.length > 99;
}
