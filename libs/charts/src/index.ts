export { ChartError, type ChartErrorCode } from './chart-error.js';
export {
  ChartRenderer,
  setValue,
  type ChartArchive,
  type ChartHook,
  type ChartMetadata,
  type HookDeletePolicy,
  type HookEvent,
  type HookRun,
  type Lookup,
  type RenderedChart,
  type RenderRequest,
  type ValuesLayer,
} from './chart-renderer.js';
export { HelmEngine, type HelmEngineOptions } from './helm-engine.js';
export { HelmRenderer } from './helm-renderer.js';
export { packChart } from './pack-chart.js';
