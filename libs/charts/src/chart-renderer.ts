import type { KubernetesObject } from '@shipit/health';

/** A chart ready to be rendered; `digest` identifies its content (`sha256:…`). */
export interface ChartArchive {
  archive: Uint8Array;
  name: string;
  version: string;
  digest: string;
  /** Where it came from a git repository by a tag or commit: the commit that this was. */
  commit?: string;
}

/** One layer of values: an object, a YAML document, or an assignment in the words of Helm's `--set` flags. */
export type ValuesLayer = Record<string, unknown> | string | { [assignment]: Assignment };

interface Assignment {
  kind: 'set' | 'setString' | 'setJson' | 'setLiteral' | 'document';
  text: string;
  /** Of a document: the file, for messages. */
  name?: string;
}

const assignment: unique symbol = Symbol('assignment');

/** `a.b=c` as a layer, parsed by Helm. */
export function setValue(text: string, kind: 'set' | 'setString' | 'setJson' | 'setLiteral' = 'set'): ValuesLayer {
  return { [assignment]: { kind, text } };
}

/** The YAML document of a file, which is named where it cannot be read. */
export function valuesFile(name: string, text: string): ValuesLayer {
  return { [assignment]: { kind: 'document', text, name } };
}

/** What `setValue` or `valuesFile` put into a layer. */
export function assignmentOf(layer: ValuesLayer): Assignment | undefined {
  return typeof layer === 'object' && assignment in layer ? layer[assignment] : undefined;
}

export interface Lookup {
  apiVersion: string;
  kind: string;
  namespace?: string;
  /** Absent: the list. */
  name?: string;
}

export interface RenderRequest {
  chart: ChartArchive;
  /** Lowest first; each is laid over those before it as Helm does. */
  values: readonly ValuesLayer[];
  name: string;
  namespace: string;
  revision: number;
  isUpgrade: boolean;
  /** What templates see of the target cluster. Absent, as a whole or in part: what `helm template` shows them without one. */
  cluster?: { kubeVersion: string; apiVersions?: readonly string[] };
  /** Added to the API list in use. */
  extraApiVersions?: readonly string[];
  /** Only text and hooks, whatever is in it: no objects, and no errors about them. */
  isTextOnly?: boolean;
  /** Answers `lookup`, with the object or list, or undefined where there is none. Absent: every look-up is empty. */
  lookup?: (query: Lookup) => Promise<Record<string, unknown> | undefined>;
}

export type HookEvent =
  | 'pre-install'
  | 'post-install'
  | 'pre-delete'
  | 'post-delete'
  | 'pre-upgrade'
  | 'post-upgrade'
  | 'pre-rollback'
  | 'post-rollback'
  | 'test';
export type HookDeletePolicy = 'hook-succeeded' | 'hook-failed' | 'before-hook-creation';

export interface HookRun {
  startedAt: string;
  completedAt?: string;
  phase: 'Unknown' | 'Running' | 'Succeeded' | 'Failed';
}

export interface ChartHook {
  name: string;
  kind: string;
  path: string;
  /** The document as rendered. */
  manifest: string;
  events: HookEvent[];
  weight: number;
  /** As written; `deletePoliciesOf` adds Helm's default. */
  deletePolicies: HookDeletePolicy[];
  outputLogPolicies: string[];
  object: KubernetesObject;
  lastRun?: HookRun;
}

export interface RenderedChart {
  /** In Helm's install order, with Helm's ownership label and annotations. */
  manifests: KubernetesObject[];
  /** The template of each manifest, by index. */
  sources: string[];
  /** As Helm stores them; `hooksFor` gives those of one event in the order they run. */
  hooks: ChartHook[];
  crds: KubernetesObject[];
  /** The files of `crds/` as they are. */
  crdFiles: { path: string; text: string }[];
  notes: string;
  /** The values the templates saw. */
  values: Record<string, unknown>;
  /** The manifest without hooks, byte for byte what Helm stores and `helm get manifest` prints. */
  manifestText: string;
  metadata: ChartMetadata;
  warnings: string[];
}

export interface ChartMetadata {
  name: string;
  version: string;
  appVersion?: string;
  description?: string;
  [field: string]: unknown;
}

/**
 * Renders charts as Helm does.
 *
 * The same request gives the same result, but for a chart's own random and time functions. Refusals are a
 * `ChartError` whose message is Helm's.
 */
export abstract class ChartRenderer {
  abstract render(request: RenderRequest): Promise<RenderedChart>;
}
