import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  type ChartRenderer,
  chartSources,
  type ChartSourceChooser,
  type ChartSourceOptions,
  HelmEngine,
  HelmRenderer,
} from '@shipit/charts';
import { registryCredentials } from './registry-credentials.js';

/** Helm's engine and the chart sources, as a person at a terminal has them. */
export interface ChartTools {
  readonly engine: HelmEngine;
  readonly renderer: ChartRenderer;
  readonly chooseSource: ChartSourceChooser;
  readonly sourceOptions: ChartSourceOptions;
  readonly close: () => Promise<void>;
}

export interface ChartToolsOptions {
  environment: NodeJS.ProcessEnv;
  warn: (text: string) => void;
  /** `http://` repositories and registries on this machine. */
  allowPlainHttp?: boolean;
  /** Threads that render. */
  workers?: number;
}

/** Import this file only when a command needs it: it loads Helm. */
export async function openChartTools({
  environment,
  warn,
  allowPlainHttp = false,
  workers = 1,
}: ChartToolsOptions): Promise<ChartTools> {
  const engine = new HelmEngine({ workers });
  const sourceOptions = {
    ...(await registryCredentials(environment, warn)),
    allowPlainHttp,
    cacheFolder: join(cacheHome(environment), 'ship-it', 'charts'),
  };
  return {
    engine,
    renderer: new HelmRenderer(engine),
    chooseSource: chartSources(engine, sourceOptions),
    sourceOptions,
    close: () => engine.close(),
  };
}

function cacheHome(environment: NodeJS.ProcessEnv): string {
  return environment['XDG_CACHE_HOME'] || join(environment['HOME'] ?? homedir(), '.cache');
}
