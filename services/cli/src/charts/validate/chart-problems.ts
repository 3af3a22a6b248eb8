import { type ChartArchive, type ChartError, isExactVersion, type RenderedChart } from '@shipit/charts';
import type { YamlPath } from '@shipit/yaml-edit';
import { type ChartUse, problemAt } from './chart-use.js';
import type { Problem } from './problem.js';
import { readValuesErrors } from './values-errors.js';

/** A chart that cannot be had, or is none. */
export function chartProblems(release: ChartUse, { code, message }: ChartError): Problem[] {
  return [problemAt(release, ['spec', 'chart'], { severity: 'error', code, message })];
}

/** Only folders of repositories have one version at each commit; from elsewhere a chart comes in many. */
export function needsVersion({ spec }: ChartUse): boolean {
  const { repository, version = '' } = spec.chart;
  return /^(https?|oci|s3):\/\//.test(repository) && !isExactVersion(version);
}

/** @param instead The version to write, and why that one. */
export function versionProblem(release: ChartUse, instead = 'one like 1.2.3'): Problem[] {
  if (!release.hasVersion) return [];
  const { version = '' } = release.spec.chart;
  const message = `spec.chart.version: ${JSON.stringify(version)} is not an exact version; write ${instead}`;
  return [
    problemAt(release, ['spec', 'chart', 'version'], { severity: 'error', code: 'SHIPIT_CHART_SOURCE', message }),
  ];
}

/** A chart that does not render with the values of a release: told at the values, each at its own line where it is known. */
export function renderProblems(release: ChartUse, chart: ChartArchive, error: ChartError): Problem[] {
  const { values, valuesFrom } = release.spec;
  const { code, message } = error;
  if (isOfChart(error)) return chartProblems(release, error);
  const mayBeUnseen = valuesFrom.length > 0 && (code === 'SHIPIT_CHART_VALUES' || code === 'SHIPIT_CHART_TEMPLATE');
  const severity = mayBeUnseen ? 'warning' : 'error';
  const unseen = mayBeUnseen ? ` (${namesOf(valuesFrom)} could not be read here and may set it right)` : '';
  const found = code === 'SHIPIT_CHART_VALUES' ? readValuesErrors(message, chart.name, values) : [];
  const errors = found.length > 0 ? found : [{ path: [], message }];
  return errors.map((one) =>
    problemAt(release, pathOf(release, one.path), { severity, code, message: one.message.trim() + unseen }),
  );
}

export function renderWarnings(release: ChartUse, { warnings, metadata }: RenderedChart): Problem[] {
  const { name, version, deprecated } = metadata;
  const all = deprecated === true ? [...warnings, `Chart ${name} ${version} is deprecated`] : warnings;
  return all.map((message) =>
    problemAt(release, pathOf(release, []), { severity: 'warning', code: 'SHIPIT_CHART_WARNING', message }),
  );
}

function isOfChart({ code }: ChartError): boolean {
  return code === 'SHIPIT_CHART_INVALID' || code === 'SHIPIT_CHART_ARCHIVE' || code === 'SHIPIT_CHART_SCHEMA';
}

/** Below the values, which need not be there. */
function pathOf({ yaml }: ChartUse, path: YamlPath): YamlPath {
  const { spec } = yaml.value as { spec: Record<string, unknown> };
  return spec['values'] === undefined ? ['spec', 'chart'] : ['spec', 'values', ...path];
}

function namesOf(valuesFrom: ChartUse['spec']['valuesFrom']): string {
  return valuesFrom.map(({ kind, name }) => `${kind} ${name}`).join(' and ');
}
