import { canonicalRepository, type ImageName } from '@shipit/images';
import { decidePush, decideRefused, type PushDecision, type PushToDecide } from './decide-push.js';
import { planImageEdit } from './plan-image-edit.js';

/** The file in which a release stands, as it is before the edit. */
export interface DeclaringFile {
  path: string;
  text: string;
  document: number;
}

/** With `text` what is to be committed. */
export type DeployDecision = PushDecision & ({ action: 'commit'; text: string } | { action: 'none' });

/** Decides on a push as it ends up in a file: for the committer, and for whoever tells what the committer would do. */
export function decideDeploy(push: PushToDecide, { path, text, document }: DeclaringFile): DeployDecision {
  const { action, reason, message } = decidePush(push);
  if (action === 'none') return { action, reason, message };
  const edit = planImageEdit(text, push.pushed, [document]);
  if (edit.outcome === 'changed') return { action, reason, message, text: edit.text };
  if (edit.outcome === 'refused') return { ...decideRefused(path, edit.refusals), action: 'none' };
  const left = edit.reason === 'not used here' ? edit.reason : 'same';
  return { action: 'none', reason: left, message: `${path} is left as it is: ${edit.reason}` };
}

/** Another push of the same moment took this one's place. */
export function decideSuperseded(winner: { tag: string }): PushDecision {
  return { action: 'none', reason: 'older', message: `${winner.tag} came in the same moment and is deployed instead` };
}

export function decideDeclaredTwice(release: string): PushDecision {
  return { action: 'none', reason: 'cannot be edited', message: `${release} is declared by more than one file` };
}

/** Of a file in which nobody can tell whether a release uses the image. */
export function decideUnreadable(path: string): PushDecision {
  const message = `${path} names the image and cannot be read: the push waits until it is mended`;
  return { action: 'none', reason: 'cannot be edited', message };
}

export function decideUnused(image: ImageName, folder: string): PushDecision {
  const message = `No release in ${folder || 'the repository'} uses ${canonicalRepository(image)}`;
  return { action: 'none', reason: 'not used here', message };
}
