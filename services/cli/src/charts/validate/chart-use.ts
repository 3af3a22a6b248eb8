import { ChartReference, HelmReleaseSpec } from '@shipit/contracts';
import type { YamlDocument, YamlPath } from '@shipit/yaml-edit';
import type { Problem } from './problem.js';

/** A chart that a release names, and what is needed to render it: read also where the rest of the release is refused. */
export interface ChartUse {
  file: string;
  yaml: YamlDocument;
  /** Of the release; any where its own cannot be read. */
  name: string;
  namespace: string;
  spec: HelmReleaseSpec;
  /** False where the schema refused the version, which is told already. */
  hasVersion: boolean;
  /** False where the values are not known. */
  isRenderable: boolean;
}

/** Undefined where no chart can be read. */
export function chartUseOf(file: string, yaml: YamlDocument): ChartUse | undefined {
  const { metadata, spec } = recordOf(yaml.value);
  const fields = recordOf(spec);
  const whole = ChartReference.safeParse(fields['chart']);
  const chart = whole.success ? whole : ChartReference.omit({ version: true }).safeParse(fields['chart']);
  if (!chart.success) return undefined;
  const isReadable = (name: 'values' | 'valuesFrom'): boolean =>
    HelmReleaseSpec.shape[name].safeParse(fields[name]).success;
  return {
    ...{ file, yaml, ...nameOf(recordOf(metadata)) },
    spec: { ...readableSpec(fields), chart: chart.data },
    hasVersion: whole.success,
    isRenderable: isReadable('values') && isReadable('valuesFrom'),
  };
}

export function problemAt(
  { file, yaml }: ChartUse,
  path: YamlPath,
  found: Pick<Problem, 'severity' | 'code' | 'message'>,
): Problem {
  return { file, ...yaml.keyPositionOf(path), ...found };
}

/** What is refused is taken as absent. */
function readableSpec(fields: Record<string, unknown>): HelmReleaseSpec {
  const refused = new Set(HelmReleaseSpec.safeParse(fields).error?.issues.map(({ path }) => path[0]));
  const readable = Object.entries(fields).filter(([name]) => name !== 'chart' && !refused.has(name));
  return HelmReleaseSpec.parse({ ...Object.fromEntries(readable), chart: { repository: '.', name: 'any' } });
}

function nameOf({ name, namespace }: Record<string, unknown>): { name: string; namespace: string } {
  const { shape } = HelmReleaseSpec;
  return {
    name: shape.releaseName.safeParse(name).data ?? 'release-name',
    namespace: shape.targetNamespace.safeParse(namespace).data ?? 'default',
  };
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
