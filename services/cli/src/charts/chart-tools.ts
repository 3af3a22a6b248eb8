import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  type ChartRenderer,
  chartSources,
  type ChartSourceChooser,
  type ChartSourceOptions,
  HelmEngine,
  HelmRenderer,
  OciChartSource,
} from '@shipit/charts';
import { registryCredentials } from './registry-credentials.js';

/** Helm's engine and the chart sources, as a person at a terminal has them. */
export interface ChartTools {
  readonly engine: HelmEngine;
  readonly renderer: ChartRenderer;
  readonly chooseSource: ChartSourceChooser;
  readonly registries: OciChartSource;
  readonly sourceOptions: ChartSourceOptions;
  readonly close: () => Promise<void>;
}

export interface ChartToolsOptions {
  environment: NodeJS.ProcessEnv;
  warn: (text: string) => void;
  /** `http://` repositories. */
  allowPlainHttp?: boolean;
  /** Registries on this machine are spoken to without TLS. */
  isRegistryPlain?: boolean;
  /** Threads that render. */
  workers?: number;
}

/** Import this file only when a command needs it: it loads Helm. */
export async function openChartTools({
  environment,
  warn,
  allowPlainHttp = false,
  isRegistryPlain = allowPlainHttp,
  workers = 1,
}: ChartToolsOptions): Promise<ChartTools> {
  const engine = new HelmEngine({ workers });
  const sourceOptions = {
    ...(await registryCredentials(environment, warn)),
    allowPlainHttp,
    cacheFolder: join(cacheHome(environment), 'ship-it', 'charts'),
  };
  const chooseSource = chartSources(engine, sourceOptions);
  const registries = new OciChartSource(engine, { ...sourceOptions, allowPlainHttp: isRegistryPlain });
  return {
    engine,
    renderer: new HelmRenderer(engine),
    chooseSource: (repository) => (repository.startsWith('oci://') ? registries : chooseSource(repository)),
    registries,
    sourceOptions,
    close: () => engine.close(),
  };
}

function cacheHome(environment: NodeJS.ProcessEnv): string {
  return environment['XDG_CACHE_HOME'] || join(environment['HOME'] ?? homedir(), '.cache');
}
