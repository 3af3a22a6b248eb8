import { ChartError, type ChartRenderer, packChart, type RenderRequest, type ValuesLayer } from '@shipit/charts';
import type { ChartTools } from './chart-tools.js';
import { renderInHelmsWords } from './helm-words.js';
import type { TemplateFlags } from './template-flags.js';

/** How far `shipit template` came before something went wrong. */
export interface Progress {
  isLocated: boolean;
  /** Those that were read, in Helm's order. */
  layers: ValuesLayer[];
  /** What was to be rendered. */
  request?: RenderRequest;
}

/**
 * Where several things are wrong, Helm names the one that it looks at first: the version of Kubernetes, where the chart
 * lies, each layer of values in turn, the chart itself, the name of the release, and then what the templates make of it.
 * Undefined where what went wrong is the first.
 */
export async function earlierFailure(
  { renderer }: ChartTools,
  { kubeVersion }: TemplateFlags,
  { failure, isLocated, layers, request }: Progress & { failure: Error },
): Promise<ChartError | undefined> {
  if (wasStopped(failure)) return undefined;
  const ofVersion = await kubeVersionFailure(renderer, kubeVersion);
  if (ofVersion) return ofVersion;
  const ofValues = isLocated && (await failureOf(renderer, { chart: await emptyChart(), values: layers }));
  if (ofValues) return ofValues;
  if (!request || !failure.message.startsWith('release name check failed')) return undefined;
  const ofChart = await failureOf(renderer, { chart: request.chart });
  return ofChart && isBeforeName(ofChart) ? ofChart : undefined;
}

/** What Helm says of a version of Kubernetes that is none. */
export async function kubeVersionFailure(
  renderer: ChartRenderer,
  kubeVersion: string | undefined,
): Promise<ChartError | undefined> {
  if (kubeVersion === undefined) return undefined;
  return failureOf(renderer, { chart: await emptyChart(), cluster: { kubeVersion } });
}

async function failureOf(
  renderer: ChartRenderer,
  changed: Partial<RenderRequest> & Pick<RenderRequest, 'chart'>,
): Promise<ChartError | undefined> {
  const plain = { name: 'any', namespace: 'any', values: [], revision: 1, isUpgrade: false, isTextOnly: true };
  try {
    await renderInHelmsWords(renderer, { ...plain, ...changed });
    return undefined;
  } catch (error) {
    if (error instanceof ChartError) return error;
    throw error;
  }
}

/** What was too much once would be it twice. */
function wasStopped(failure: Error): boolean {
  return failure instanceof ChartError && ['SHIPIT_CHART_CRASH', 'SHIPIT_CHART_DEADLINE'].includes(failure.code);
}

function emptyChart(): Promise<RenderRequest['chart']> {
  return packChart(
    'any',
    '0.0.0',
    new Map([['Chart.yaml', Buffer.from('{apiVersion: v2, name: any, version: 0.0.0}')]]),
  );
}

function isBeforeName({ code, message }: ChartError): boolean {
  return (
    code === 'SHIPIT_CHART_INVALID' && !/^chart (requires kubeVersion|dependencies processing failed)/.test(message)
  );
}
