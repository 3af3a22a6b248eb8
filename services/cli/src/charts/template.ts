import {
  ChartError,
  type ChartArchive,
  type RenderedChart,
  type RenderRequest,
  type ValuesLayer,
} from '@shipit/charts';
import { CliError } from '../output/cli-error.js';
import { printable } from '../output/printable.js';
import type { CommandContext } from '../program.js';
import { type ChartTools, openChartTools } from './chart-tools.js';
import { earlierFailure, type Progress } from './helm-order.js';
import { renderInHelmsWords } from './helm-words.js';
import { locateChart } from './locate-chart.js';
import type { TemplateFlags } from './template-flags.js';
import { describeRendered, printRendered, showOnly } from './template-output.js';
import { isReleaseFile, readReleases } from './template-releases.js';
import { readValues } from './template-values.js';

/** What Helm calls a release that was given no name. */
const unnamed = 'release-name';

export interface TemplateRequest {
  /** `RELEASE.yaml`, `CHART`, or `NAME` and `CHART`. */
  words: readonly string[];
  flags: TemplateFlags;
}

/** `shipit template`. */
export async function template(context: CommandContext, request: TemplateRequest): Promise<void> {
  const [first, second] = request.words;
  if (first === undefined)
    throw new CliError('name a file of HelmReleases, or a chart (--help shows what there is)', 2);
  const isOfReleases = second === undefined && (await isReleaseFile(first));
  const { environment, warn } = context;
  // Helm takes http:// addresses, and speaks without TLS to a registry where it is told so; the deployer is told both at once.
  const isTold = request.flags.plainHttp === true || environment['CHARTS_ALLOW_HTTP'] === 'true';
  const allowPlainHttp = !isOfReleases || isTold;
  const tools = await openChartTools({ environment, warn, allowPlainHttp, isRegistryPlain: isTold });
  try {
    await (isOfReleases
      ? templateReleases(tools, context, first, request.flags)
      : templateChart(tools, context, second === undefined ? [unnamed, first] : request.words, request.flags));
  } catch (error) {
    throw error instanceof ChartError ? new CliError(error.message) : error;
  } finally {
    await tools.close();
  }
}

async function templateChart(
  tools: ChartTools,
  context: CommandContext,
  words: readonly string[],
  flags: TemplateFlags,
): Promise<void> {
  const progress: Progress = { isLocated: false, layers: [] };
  try {
    const rendered = await renderChart(tools, context, { words, flags, progress });
    if (context.isJson()) context.printJson(describeRendered(rendered, flags));
    else print(context, showOnly(printRendered(rendered, flags), flags.showOnly));
  } catch (error) {
    if (!(error instanceof ChartError) && !(error instanceof CliError)) throw error;
    const first = (await earlierFailure(tools, flags, { failure: error, ...progress })) ?? error;
    if (!(first instanceof ChartError)) throw first;
    throw new CliError(nameFlag(first.message, flags) + (words[0] === unnamed ? hintFor(first) : ''));
  }
}

async function renderChart(
  tools: ChartTools,
  context: CommandContext,
  { words, flags, progress }: TemplateRequest & { progress: Progress },
): Promise<RenderedChart> {
  const [name = '', chart = '', ...others] = words;
  if (others.length > 0)
    throw new CliError(`expected at most two arguments, unexpected arguments: ${others.join(', ')}`);
  const wanted = { chart: chart.trim(), repo: flags.repo, version: flags.version.trim() };
  const read = await locateChart(tools, context, wanted);
  progress.isLocated = true;
  await readValues(context, flags, progress.layers);
  const namespace = flags.namespace || context.environment['HELM_NAMESPACE'] || 'default';
  const values = progress.layers;
  progress.request = requestOf(context, { chart: await read(), name, namespace, values, flags });
  return render(tools, context, progress.request);
}

async function templateReleases(
  tools: ChartTools,
  context: CommandContext,
  file: string,
  flags: TemplateFlags,
): Promise<void> {
  refuseFlagsOfCharts(flags);
  const { releases, refused } = await readReleases(tools, context, { file, root: flags.root });
  const below: ValuesLayer[] = [];
  await readValues(context, flags, below);
  const rendered: { release: string; chart: RenderedChart }[] = [];
  for (const { key, name, namespace, values, fetchChart } of releases) {
    try {
      const chart = await fetchChart();
      const layers = [...below, ...values];
      rendered.push({
        release: key,
        chart: await render(tools, context, requestOf(context, { chart, name, namespace, values: layers, flags })),
      });
    } catch (error) {
      if (!(error instanceof ChartError) && !(error instanceof CliError)) throw error;
      context.warn(`${key}: ${error.message}`);
    }
  }
  if (context.isJson()) {
    context.printJson({
      releases: rendered.map(({ release, chart }) => ({ release, ...describeRendered(chart, flags) })),
    });
  } else {
    const text = rendered.map(({ chart }) => printRendered(chart, flags)).join('');
    print(context, rendered.length === 0 ? '' : showOnly(text, flags.showOnly));
  }
  const all = releases.length + refused;
  const failed = all - rendered.length;
  if (failed > 0) throw new CliError(`${failed} of ${all} releases could not be rendered`);
}

/** To the byte, but for what would steer a terminal. */
function print(context: CommandContext, text: string): void {
  context.write(context.width === undefined ? text : text.replace(/[^\t\n]+/g, printable));
}

interface Rendering {
  chart: ChartArchive;
  name: string;
  namespace: string;
  values: ValuesLayer[];
  flags: TemplateFlags;
}

function requestOf(context: CommandContext, { chart, name, namespace, values, flags }: Rendering): RenderRequest {
  return {
    ...{ chart, name, namespace, values, revision: 1, isUpgrade: flags.isUpgrade ?? false },
    ...(flags.kubeVersion !== undefined && { cluster: { kubeVersion: flags.kubeVersion } }),
    extraApiVersions: flags.apiVersions,
    isTextOnly: !context.isJson(),
  };
}

async function render(tools: ChartTools, context: CommandContext, request: RenderRequest): Promise<RenderedChart> {
  const rendered = await renderInHelmsWords(tools.renderer, request);
  if (rendered.metadata['deprecated'] === true) context.warn('this chart is deprecated');
  for (const warning of rendered.warnings) context.warn(warning);
  return rendered;
}

function hintFor({ message }: ChartError): string {
  if (!message.startsWith('unable to detect chart at')) return '';
  return '; of a folder of releases name one file, or have all of it checked with shipit validate';
}

/** Contents of files are laid over the values as text is. */
function nameFlag(message: string, { setString }: TemplateFlags): string {
  return message.replace(/^failed parsing --set-string/, setString.length === 0 ? 'failed parsing --set-file' : '$&');
}

function refuseFlagsOfCharts(flags: TemplateFlags): void {
  for (const name of flagsOfCharts) {
    if (flags[name].length === 0) continue;
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new CliError(`--${flag} goes with NAME CHART: the release file says it itself`, 2);
  }
}

const flagsOfCharts = [
  ...(['namespace', 'version', 'repo'] as const),
  ...(['set', 'setString', 'setJson', 'setFile', 'setLiteral'] as const),
];
