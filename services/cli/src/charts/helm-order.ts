import { ChartError, packChart, type RenderRequest, type ValuesLayer } from '@shipit/charts';
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
  { isLocated, layers, request }: Progress,
): Promise<ChartError | undefined> {
  const failureOf = async (changed: Partial<RenderRequest> & Pick<RenderRequest, 'chart'>) => {
    const plain = { name: 'any', namespace: 'any', values: [], revision: 1, isUpgrade: false, isTextOnly: true };
    try {
      await renderInHelmsWords(renderer, { ...plain, ...changed });
      return undefined;
    } catch (error) {
      if (error instanceof ChartError) return error;
      throw error;
    }
  };
  const chart = await emptyChart();
  const ofVersion = kubeVersion === undefined ? undefined : await failureOf({ chart, cluster: { kubeVersion } });
  const ofValues = isLocated ? await failureOf({ chart, values: layers }) : undefined;
  if (ofVersion || ofValues) return ofVersion ?? ofValues;
  const ofChart = request && (await failureOf({ chart: request.chart }));
  return ofChart && isBeforeName(ofChart) ? ofChart : undefined;
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
