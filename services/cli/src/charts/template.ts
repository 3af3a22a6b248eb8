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
  const [first = '', second, ...others] = request.words;
  if (others.length > 0)
    throw new CliError(`expected at most two arguments, unexpected arguments: ${others.join(', ')}`);
  const isOfReleases = second === undefined && (await isReleaseFile(first));
  const { environment, warn } = context;
  // Helm takes http:// addresses; the deployer does where it is told so.
  const allowPlainHttp = !isOfReleases || environment['CHARTS_ALLOW_HTTP'] === 'true';
  const tools = await openChartTools({ environment, warn, allowPlainHttp });
  try {
    await (isOfReleases
      ? templateReleases(tools, context, first, request.flags)
      : templateChart(tools, context, second === undefined ? [unnamed, first] : [first, second], request.flags));
  } catch (error) {
    throw error instanceof ChartError ? new CliError(error.message) : error;
  } finally {
    await tools.close();
  }
}

async function templateChart(
  tools: ChartTools,
  context: CommandContext,
  [name, chart]: [string, string],
  flags: TemplateFlags,
): Promise<void> {
  const archive = await locateChart(tools, context, {
    chart: chart.trim(),
    repo: flags.repo,
    version: flags.version.trim(),
  });
  const values = await readValues(context, flags);
  const namespace = flags.namespace || context.environment['HELM_NAMESPACE'] || 'default';
  const rendered = await render(tools, context, { chart: archive, name, namespace, values, flags });
  if (context.isJson()) context.printJson(describeRendered(rendered, flags));
  else print(context, showOnly(printRendered(rendered, flags), flags.showOnly));
}

async function templateReleases(
  tools: ChartTools,
  context: CommandContext,
  file: string,
  flags: TemplateFlags,
): Promise<void> {
  refuseFlagsOfCharts(flags);
  const releases = await readReleases(tools, context, { file, root: flags.root });
  const below = await readValues(context, flags);
  const rendered: { release: string; chart: RenderedChart }[] = [];
  for (const { key, name, namespace, values, fetchChart } of releases) {
    try {
      const chart = await fetchChart();
      const layers = [...below, ...values];
      rendered.push({
        release: key,
        chart: await render(tools, context, { chart, name, namespace, values: layers, flags }),
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
  const failed = releases.length - rendered.length;
  if (failed > 0) throw new CliError(`${failed} of ${releases.length} releases could not be rendered`);
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

async function render(
  tools: ChartTools,
  context: CommandContext,
  { chart, name, namespace, values, flags }: Rendering,
): Promise<RenderedChart> {
  const request: RenderRequest = {
    ...{ chart, name, namespace, values, revision: 1, isUpgrade: flags.isUpgrade ?? false },
    ...(flags.kubeVersion !== undefined && { cluster: { kubeVersion: flags.kubeVersion } }),
    extraApiVersions: flags.apiVersions,
    isTextOnly: !context.isJson(),
  };
  try {
    const rendered = await tools.renderer.render(request);
    if (rendered.metadata['deprecated'] === true) context.warn('this chart is deprecated');
    for (const warning of rendered.warnings) context.warn(warning);
    return rendered;
  } catch (error) {
    throw error instanceof ChartError ? new CliError(inWordsOfHelm(error, request, flags)) : error;
  }
}

/** Helm says the reason alone, and introduces some. Contents of files are laid over the values as text is. */
function inWordsOfHelm(
  { message }: ChartError,
  { chart, namespace, name }: RenderRequest,
  { setString }: TemplateFlags,
): string {
  const subject = `Rendering chart ${chart.name} ${chart.version} for ${namespace}/${name}: `;
  const reason = message.startsWith(subject) ? message.slice(subject.length) : message;
  if (reason.startsWith('found in Chart.yaml, but missing in charts/ directory'))
    return `an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to fetch missing dependencies: ${reason}`;
  return reason
    .replace(/^(release name "[^"]*") is invalid: /, 'release name check failed: $1: ')
    .replace(/^failed parsing --set-string/, setString.length === 0 ? 'failed parsing --set-file' : '$&');
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
