import type { KubernetesObject } from '@shipit/health';
import { z } from 'zod';
import {
  assignmentOf,
  ChartRenderer,
  type ChartHook,
  type ChartMetadata,
  type Lookup,
  type RenderedChart,
  type RenderRequest,
  type ValuesLayer,
} from './chart-renderer.js';
import { ChartError } from './chart-error.js';
import { readHooks } from './hooks-for.js';
import { nameLargest } from './largest-file.js';
import type { HelmAnswer, HelmEngine } from './helm-engine.js';

const MAX_OUTPUT_BYTES = 10 * 1024 * 1024;
const MAX_OBJECTS = 2000;
/** Rendering asks for look-ups that depend on earlier ones at most this often. */
const MAX_LOOKUP_ROUNDS = 5;

const Objects = z.array(z.custom<KubernetesObject>((value) => typeof value === 'object' && value !== null)).nullish();
/** The shape is the module's own; only what this file relies on is checked. */
const Rendered = z.object({
  manifest: z.string(),
  objects: z.array(z.object({ source: z.string(), object: z.custom<KubernetesObject>() })).nullish(),
  hooks: z.array(z.custom<ChartHook>()).nullish(),
  crds: z.array(z.object({ path: z.string(), text: z.string(), objects: Objects })).nullish(),
  notes: z.string(),
  values: z.record(z.string(), z.unknown()),
  chart: z.custom<ChartMetadata>(),
  lookups: z.array(z.custom<Lookup>()).nullish(),
});

/** Renders with Helm's own code. Look-ups are answered in rounds: render, fetch what was asked for, render again. */
export class HelmRenderer extends ChartRenderer {
  constructor(private readonly engine: HelmEngine) {
    super();
  }

  override async render(request: RenderRequest): Promise<RenderedChart> {
    const answered: (Lookup & { object: Record<string, unknown> | null })[] = [];
    let left: { deadlineSeconds?: number } = {};
    for (let round = 0; round < MAX_LOOKUP_ROUNDS; round++) {
      const { rendered, warnings, secondsLeft } = await this.#renderOnce(request, answered, left);
      left = { deadlineSeconds: secondsLeft };
      const asked = rendered.lookups ?? [];
      if (asked.length === 0 || !request.lookup) return toChart(rendered, warnings);
      for (const query of asked) answered.push({ ...query, object: (await request.lookup(query)) ?? null });
    }
    throw new ChartError(
      'SHIPIT_CHART_TEMPLATE',
      `${subjectOf(request)}: its look-ups depend on each other more than ${MAX_LOOKUP_ROUNDS} deep`,
    );
  }

  async #renderOnce(
    request: RenderRequest,
    lookups: unknown[],
    left: { deadlineSeconds?: number },
  ): Promise<Omit<HelmAnswer, 'result'> & { rendered: z.infer<typeof Rendered> }> {
    const { chart, name, namespace, revision, isUpgrade, cluster, extraApiVersions, isTextOnly = false } = request;
    const layers = request.values.map(toLayer);
    const call = this.engine.call({
      ...left,
      operation: 'render',
      subject: subjectOf(request),
      chart,
      fields: {
        layers,
        ...{ name, namespace, revision, isUpgrade, cluster, extraApiVersions, lookups, textOnly: isTextOnly },
        // Then a template that fails for want of an answer is no failure yet.
        answersLookups: request.lookup !== undefined,
        maxBytes: MAX_OUTPUT_BYTES,
        maxObjects: MAX_OBJECTS,
      },
    });
    const { result, ...rest } = await call.catch(async (error: unknown) => {
      throw error instanceof ChartError ? await nameLargest(error, chart, layers) : error;
    });
    return { rendered: Rendered.parse(result), ...rest };
  }
}

/** A layer in the module's words. */
export function toLayer(layer: ValuesLayer): Record<string, unknown> {
  if (typeof layer === 'string') return { document: layer };
  const assigned = assignmentOf(layer);
  if (!assigned) return { object: layer };
  const { kind, text, name } = assigned;
  return { [kind]: text, ...(name !== undefined && { name }) };
}

function toChart(rendered: z.infer<typeof Rendered>, warnings: string[]): RenderedChart {
  const objects = rendered.objects ?? [];
  const crds = rendered.crds ?? [];
  return {
    manifests: objects.map(({ object }) => object),
    sources: objects.map(({ source }) => source),
    hooks: readHooks(rendered.hooks),
    crds: crds.flatMap((file) => file.objects ?? []),
    crdFiles: crds.map(({ path, text }) => ({ path, text })),
    notes: rendered.notes,
    values: rendered.values,
    manifestText: rendered.manifest,
    metadata: rendered.chart,
    warnings,
  };
}

function subjectOf({ chart, namespace, name }: RenderRequest): string {
  return `Rendering chart ${chart.name} ${chart.version} for ${namespace}/${name}`;
}
