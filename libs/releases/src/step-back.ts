import { compareImages, type TaggedImage, type TagPolicy } from '@shipit/images';

export interface TagChange {
  /** False for commits that Ship-it made. */
  isByPerson: boolean;
  tagPolicy: TagPolicy | undefined;
  before: TaggedImage;
  after: TaggedImage;
  /** Tags that the release had before this change, from history. */
  earlierTags: readonly string[];
}

/**
 * A commit by a person that set a tag back to an older one: a hold on that release.
 * Where push times or versions do not tell, a tag that the release had before counts as older.
 */
export function isStepBack({ isByPerson, tagPolicy, before, after, earlierTags }: TagChange): boolean {
  if (!isByPerson || after.tag === undefined || after.tag === before.tag) return false;
  const order = compareImages(tagPolicy ?? { kind: 'git-sha' }, before, after);
  if (order === 'newer' || order === 'older') return order === 'older';
  return earlierTags.includes(after.tag);
}
