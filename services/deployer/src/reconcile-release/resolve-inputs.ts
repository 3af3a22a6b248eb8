import { createHash } from 'node:crypto';
import { type HelmRelease, syncAnnotations } from '@shipit/contracts';
import { type ChartArchive, ChartError, type ChartSourceChooser, type ValuesLayer } from '@shipit/charts';
import type { Cluster } from '@shipit/clusters';
import { textAt } from '@shipit/health';
import { canonicalJson } from '../release-objects/canonical-json.js';
import type { RevisionHead } from './revision-store.js';
import type { Target } from './target.js';

/** Everything a revision is rendered from. */
export interface Inputs {
  /** Equal where nothing would be different. */
  digest: string;
  /** Lowest first, as Helm lays them over each other. */
  values: ValuesLayer[];
  chartKey: string;
  chartDigest: string;
  /** The digest that is true where the chart turns out to be another: its tag was moved. */
  digestWith: (chartDigest: string) => string;
}

/** Cannot be resolved. */
export interface InputProblem {
  reason: string;
  message: string;
  /** Waiting may help: a server did not answer. */
  isPassing: boolean;
}

export type ReadRepository = (commit: string, folder: string) => Promise<ReadonlyMap<string, Uint8Array>>;

/**
 * Resolves charts and values. A chart is fetched only where the release asks for another one than its newest revision
 * had, or where something is to be rendered.
 */
export class InputResolver {
  constructor(
    private readonly management: Cluster,
    private readonly chooseSource: ChartSourceChooser,
    private readonly readRepository: ReadRepository,
  ) {}

  async resolve(
    release: HelmRelease,
    target: Target,
    newest: RevisionHead | undefined,
  ): Promise<Inputs | InputProblem> {
    const values = await this.valuesOf(release);
    if ('problem' in values) return { reason: 'ValuesNotFound', message: values.problem, isPassing: false };
    const chartKey = chartKeyOf(release);
    try {
      const known = newest?.progress?.chartKey === chartKey ? newest.progress.chart.digest : undefined;
      const chartDigest = known ?? (await this.fetchChart(release)).digest;
      const { cluster, namespace, name } = target;
      const parts = { values: values.layers, cluster: cluster.name, namespace, name, crds: release.spec.crds };
      const digestWith = (digest: string): string => digestOf({ ...parts, chartDigest: digest });
      return { digest: digestWith(chartDigest), values: values.layers, chartKey, chartDigest, digestWith };
    } catch (error) {
      if (!(error instanceof ChartError)) throw error;
      return { reason: reasonOf(error), message: error.message, isPassing: error.isTransient };
    }
  }

  /** @throws ChartError */
  async fetchChart(release: HelmRelease): Promise<ChartArchive> {
    const { repository, name, version = '' } = release.spec.chart;
    const commit = release.metadata.annotations?.[syncAnnotations.commit];
    const readRepository =
      commit === undefined ? {} : { readRepository: (folder: string) => this.readRepository(commit, folder) };
    return this.chooseSource(repository).fetch({ repository, name, version }, readRepository);
  }

  private async valuesOf({ spec, metadata }: HelmRelease): Promise<{ layers: ValuesLayer[] } | { problem: string }> {
    const layers: ValuesLayer[] = [];
    for (const { kind, name, key, optional } of spec.valuesFrom) {
      const namespace = metadata.namespace ?? 'default';
      const object = await this.management.read({ apiVersion: 'v1', kind, namespace, name });
      const text = textAt(object, 'data', key);
      if (text !== '') layers.push(kind === 'Secret' ? Buffer.from(text, 'base64').toString('utf8') : text);
      else if (!optional)
        return { problem: `${kind} ${namespace}/${name} with the key ${key}, which valuesFrom names, does not exist` };
    }
    return { layers: [...layers, spec.values] };
  }
}

/** The reference as the release gives it; a chart in the repository is another one at each commit that changes it. */
export function chartKeyOf({ spec, metadata }: HelmRelease): string {
  const isInRepository = spec.chart.repository.startsWith('.');
  return digestOf({
    ...spec.chart,
    commit: isInRepository ? metadata.annotations?.[syncAnnotations.commit] : undefined,
  });
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

const reasons: Partial<Record<ChartError['code'], string>> = {
  SHIPIT_CHART_NOT_FOUND: 'ChartNotFound',
  SHIPIT_CHART_DOWNLOAD: 'ChartUnreachable',
  SHIPIT_CHART_TEMPLATE: 'RenderFailed',
  SHIPIT_CHART_VALUES: 'ValuesRefused',
  SHIPIT_CHART_SCHEMA: 'ValuesRefused',
  SHIPIT_RECORD_TOO_LARGE: 'RecordTooLarge',
};

/** One stable word for an error of a chart. */
export function reasonOf({ code }: ChartError): string {
  return reasons[code] ?? 'ChartInvalid';
}
