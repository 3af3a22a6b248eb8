export { type FileProblem, type ReleaseDocument, type ReleaseFile, readReleaseDocuments } from './release-file.js';
export { decodeFile, readLocksFile, selectReleaseFiles } from './repository-files.js';
export { chartFolderOf, chooseCluster, dependenciesOf, targetNameOf } from './release-target.js';
export { type UnknownField, unknownLockFields, unknownReleaseFields } from './unknown-fields.js';
export { readReleaseSettings, releaseSettingNames, type ReleaseSettings } from './release-settings.js';
export { findImages } from './find-images.js';
export type { ImagePlace, ImageScalar } from './image-place.js';
export { type ImageSearch, type LocatedImage, locateImages } from './locate-images.js';
export { type ImageEditPlan, type ImageToSet, planImageEdit } from './plan-image-edit.js';
export {
  BlockedImage,
  entryOf,
  LockEntry,
  lockOf,
  Locks,
  locksFileName,
  type ReadLocks,
  readLocks,
  type ReleaseLock,
} from './locks.js';
export { type LockAuthor, withBlock, withHold, withLock, withoutHold, withoutLock } from './edit-locks.js';
export {
  type CurrentImage,
  decideCommitted,
  isBlocked,
  type PushDecision,
  type PushToDecide,
  takesNoPush,
} from './decide-push.js';
export {
  decideDeclaredTwice,
  decideDeploy,
  decideSuperseded,
  decideUnreadable,
  decideUnused,
  type DeclaringFile,
  type DeployDecision,
} from './decide-deploy.js';
export {
  formatDeployCommit,
  formatImageCommit,
  formatRequestCommit,
  formatRollbackCommit,
  type ImageChange,
} from './commit-message.js';
export {
  type CommitTrailers,
  type DeployTrailer,
  parseTrailers,
  type RequestKind,
  type RequestTrailer,
  type RollbackTrailer,
} from './commit-trailers.js';
export { deployIdOf, requestDeployIdOf } from './deploy-id.js';
export { isStepBack, type TagChange } from './step-back.js';
export { restoreReleaseSpec, type SpecRestore } from './restore-spec.js';
export { releaseStates, ReleaseState } from '@shipit/contracts';
export { type TagLookup, TagTimes } from './tag-times.js';
export { findStepBack, type StepBackQuestion } from './find-step-back.js';
export { ImageHistory, type PastCommit } from './image-history.js';
