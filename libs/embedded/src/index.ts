export {};
export { startGitServer, type GitServer, type GitServerOptions } from './git/git-server.js';
export type { GitServerToken } from './git/git-access.js';
export type { InitialRepository } from './git/bare-repository.js';
export { startSqs, type EmbeddedSqs, type SqsOptions } from './sqs/start-sqs.js';
export { startEcr, type EcrOptions, type EmbeddedEcr, type PushedSample } from './ecr/start-ecr.js';
export type { EcrPushEvent } from './ecr/push-event.js';
export {
  startChartRepository,
  type ChartRepositoryOptions,
  type EmbeddedChartRepository,
} from './charts/start-chart-repository.js';
export { startOciRegistry, type EmbeddedOciRegistry, type OciRegistryOptions } from './charts/start-oci-registry.js';
export { createCertificates } from './kubernetes/certificates.js';
export {
  startKubernetes,
  type KubernetesOptions,
  type KubernetesTimings,
  type RunningKubernetes,
} from './kubernetes/start-kubernetes.js';
