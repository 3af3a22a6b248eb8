import { homedir } from 'node:os';
import { join } from 'node:path';
import { type ChartRenderer, chartSources, type ChartSourceChooser, HelmEngine, HelmRenderer } from '@shipit/charts';
import { registryCredentials } from './registry-credentials.js';

/** Helm's engine and the chart sources, as a person at a terminal has them. */
export interface ChartTools {
  readonly engine: HelmEngine;
  readonly renderer: ChartRenderer;
  readonly chooseSource: ChartSourceChooser;
  readonly close: () => Promise<void>;
}

export interface ChartToolsOptions {
  environment: NodeJS.ProcessEnv;
  /** `http://` repositories and registries on this machine. */
  allowPlainHttp?: boolean;
}

/** Import this file only when a command needs it: it loads Helm. */
export async function openChartTools({ environment, allowPlainHttp = false }: ChartToolsOptions): Promise<ChartTools> {
  const engine = new HelmEngine({ workers: 1 });
  const chooseSource = chartSources(engine, {
    credentials: await registryCredentials(environment),
    allowPlainHttp,
    cacheFolder: join(
      environment['XDG_CACHE_HOME'] || join(environment['HOME'] ?? homedir(), '.cache'),
      'ship-it',
      'charts',
    ),
  });
  return { engine, renderer: new HelmRenderer(engine), chooseSource, close: () => engine.close() };
}
