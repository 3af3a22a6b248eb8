export { Duration, durationMs, Name, ReleaseKey, releaseKey, splitReleaseKey } from './name.js';
export { isPlainData } from './plain-json.js';
export { Digest, ImageReference, PushedImage, RegistryHost, RepositoryName, Tag } from './image.js';
export {
  annotationPrefix,
  ChartInUse,
  ChartReference,
  Condition,
  GoodRevision,
  HelmRelease,
  helmReleaseApiVersion,
  HelmReleaseSpec,
  HelmReleaseStatus,
  HistoryEntry,
  legacyAnnotationPrefix,
  legacyApiVersion,
  releaseFinalizer,
  ReleaseState,
  releaseStates,
  repositoryLabel,
  RollbackCause,
  syncAnnotations,
  ValuesReference,
} from './helm-release.js';
export { Envelope, eventSchema, idOf, traceparentOf } from './events/envelope.js';
export { DecisionReason, decisionReasons, ImageIgnored, ImagePushed, ReleaseCandidate } from './events/image-events.js';
export {
  ReleaseCommitted,
  ReleaseDeleted,
  ReleaseDeleting,
  ReleaseDeployed,
  ReleaseDeploying,
  ReleaseFailed,
  ReleaseProblem,
  ReleaseProgress,
  ReleaseRolledBack,
  ReleaseRollingBack,
  ReleaseVerified,
} from './events/release-events.js';
export {
  LockRequested,
  ResumeRequested,
  RollbackRefused,
  RollbackRequested,
  UnlockRequested,
} from './events/request-events.js';
export { type EventType, type QueueName, queues, routes, ShipitEvent } from './events/routing.js';
export { ShipitConfig } from './config.js';
export {
  Accepted,
  ExplainStep,
  Explanation,
  listOf,
  Problem,
  ReasonBody,
  ReleaseDetail,
  ReleaseHistory,
  ReleaseLinks,
  ReleaseResource,
  ReleaseSummary,
  Role,
  roles,
  RollbackBody,
} from './api.js';
export { helmReleaseCrd } from './crd.js';
