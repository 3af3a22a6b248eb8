export { ChartError, type ChartErrorCode } from './chart-error.js';
export { isExactVersion } from './chart-identity.js';
export {
  type ChartArchive,
  type ChartHook,
  type ChartMetadata,
  ChartRenderer,
  type HookDeletePolicy,
  type HookEvent,
  type HookRun,
  type Lookup,
  type RenderedChart,
  type RenderRequest,
  setValue,
  valuesFile,
  type ValuesLayer,
} from './chart-renderer.js';
export { type LocalChart } from './chart-folder.js';
export { type ChartContext, type ChartReference, ChartSource } from './chart-source.js';
export { type ChartSourceChooser, type ChartSourceOptions, chartSources } from './chart-source-for.js';
export { dockerCredentials } from './docker-credentials.js';
export { dockerHub } from './docker-hub.js';
export { type Credential, download, type FindCredential } from './download.js';
export { downloadChart } from './download-chart.js';
export { GitChartSource, type GitChartSourceOptions } from './git-chart-source.js';
export { HelmEngine, type HelmEngineOptions } from './helm-engine.js';
export { HelmRenderer } from './helm-renderer.js';
export { deletePoliciesOf, hooksFor } from './hooks-for.js';
export { HttpsChartSource, type HttpsChartSourceOptions } from './https-chart-source.js';
export { readLocalChart } from './local-chart.js';
export { pathMatcher, PatternError } from './match-path.js';
export { OciChartSource, type OciChartSourceOptions } from './oci-chart-source.js';
export { packChart } from './pack-chart.js';
export { readArchive } from './read-archive.js';
export { type ReleaseContent, type ReleaseRecord, type ReleaseStatus, releaseStatuses } from './release-content.js';
export {
  encodeRelease,
  type EncodedRelease,
  type NewRelease,
  type ReleaseOutcome,
  ReleaseRecords,
} from './release-records.js';
export { RepositoryPathSource } from './repository-path-source.js';
export { S3ChartSource, type S3ChartSourceOptions } from './s3-chart-source.js';
