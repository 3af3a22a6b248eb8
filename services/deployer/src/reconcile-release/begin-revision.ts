import { type HelmRelease, releaseKey, syncAnnotations } from '@shipit/contracts';
import { ChartError, type ChartArchive, type ChartRenderer, type RenderedChart } from '@shipit/charts';
import { ClusterError, isClusterError } from '@shipit/clusters';
import { crashPoint } from '@shipit/platform';
import type { CrdReader } from './apply-revision.js';
import { checkObjects } from './check-objects.js';
import { allImages } from './find-container-images.js';
import { eachOf, inNamespace, readLive } from './object-identity.js';
import { lookUpIn } from './look-up.js';
import { inSeconds, type Outcome, type ReleasePass } from './outcome.js';
import { Overtaken } from './overtaken.js';
import { kindsOfCrds, prepareObjects } from './prepare-objects.js';
import type { Progress, RevisionKind } from './progress.js';
import { RememberedCrds } from './remembered-crds.js';
import { reasonOf, type InputResolver, type Inputs } from './resolve-inputs.js';
import type { RevisionHead, RevisionStore } from './revision-store.js';

/** What a revision is made of. */
interface Begun {
  kind: RevisionKind;
  inputs: Inputs;
  chart: ChartArchive;
  rendered: RenderedChart;
}

const descriptions: Record<RevisionKind, string> = {
  install: 'Install begun',
  upgrade: 'Upgrade begun',
  rollback: 'Rollback begun',
};

/**
 * Begins a revision: renders, asks the cluster about every object, and creates the release record. What is refused
 * here has changed nothing.
 */
export class RevisionBeginner implements CrdReader {
  /** What was just begun is not rendered again to be applied. */
  private readonly crds = new RememberedCrds();

  constructor(
    private readonly inputs: InputResolver,
    private readonly renderer: ChartRenderer,
    private readonly store: RevisionStore,
  ) {}

  async begin(pass: ReleasePass, kind: RevisionKind, inputs: Inputs): Promise<Outcome> {
    try {
      return await this.tryBegin(pass, kind, inputs);
    } catch (error) {
      if (error instanceof ChartError) {
        if (error.isTransient) throw error;
        return refused(inputs, reasonOf(error), error.message);
      }
      // Rights are given outside of git: nothing tells when.
      if (isClusterError(error, 'Forbidden')) return forbidden(pass, error);
      if (error instanceof ClusterError && !error.isTransient && error.reason !== 'Conflict') {
        return refused(inputs, 'ClusterRefused', error.message);
      }
      throw error;
    }
  }

  private async tryBegin(pass: ReleasePass, kind: RevisionKind, inputs: Inputs): Promise<Outcome> {
    const { release, target, heads } = pass;
    const chart = await this.inputs.fetchChart(release);
    const version = (heads[0]?.version ?? 0) + 1;
    const rendered = await this.render(pass, { chart, version, kind, values: inputs.values });
    const prepared = await this.prepare(pass, { kind, inputs, chart, rendered });
    if (release.spec.createNamespace) await this.createNamespace(pass);

    const objects = await prepareObjects(rendered.manifests, target);
    const hooks = await newHooks(rendered, pass);
    const problems = await checkObjects([...objects, ...hooks], target, kindsOfCrds(rendered.crds));
    if (problems.length > 0) return refused(inputs, 'DryRunFailed', listed(problems));

    const head = await prepared.store();
    if (release.spec.crds !== 'skip') this.crds.remember(head.record.uid, rendered.crds);
    crashPoint('deployer.after-record');
    const state = kind === 'rollback' ? 'RollingBack' : 'Deploying';
    return { state, reason: 'Applying', message: `Revision ${version} is being applied`, head, goOn: true };
  }

  async crdsOf(pass: ReleasePass, head: RevisionHead): Promise<RenderedChart['crds']> {
    const known = this.crds.of(head.record.uid);
    if (known) return known;
    const chart = await this.inputs.fetchChart(pass.release);
    // Another chart by now: its own revision brings its definitions.
    if (chart.digest !== head.progress?.chart.digest) return [];
    const inputs = await this.inputs.resolve(pass.release, pass.target, head);
    if ('reason' in inputs) throw new Overtaken(`What ${pass.key} is made from changed: ${inputs.message}`);
    const { version, progress } = head;
    return (await this.render(pass, { chart, version, kind: progress.kind, values: inputs.values })).crds;
  }

  areApplied({ record }: RevisionHead): void {
    this.crds.forget(record.uid);
  }

  private async render(
    { target }: ReleasePass,
    {
      chart,
      version,
      kind,
      values,
    }: { chart: ChartArchive; version: number; kind: RevisionKind; values: Inputs['values'] },
  ): Promise<RenderedChart> {
    const { cluster, namespace, name } = target;
    return this.renderer.render({
      ...{ chart, values, name, namespace, revision: version, isUpgrade: kind !== 'install' },
      cluster: await cluster.capabilities(),
      lookup: lookUpIn(target),
    });
  }

  /** Nothing is stored yet: it is known to fit. */
  private async prepare(pass: ReleasePass, begun: Begun): Promise<{ store: () => Promise<RevisionHead> }> {
    const { kind, inputs, chart, rendered } = begun;
    const [previous] = pass.heads;
    return this.store.prepare(
      pass.target,
      {
        revision: (previous?.version ?? 0) + 1,
        ...{ chart, rendered, values: inputs.values },
        status: `pending-${kind}`,
        description: descriptions[kind],
      },
      { progress: progressOf(pass, begun), previous },
    );
  }

  private async createNamespace({ target: { cluster, namespace } }: ReleasePass): Promise<void> {
    const ref = { apiVersion: 'v1', kind: 'Namespace', name: namespace };
    if (await cluster.read(ref)) return;
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  }
}

/** Hooks that are not there yet; one that is will be deleted before it runs, and its template may not be changed. */
async function newHooks(rendered: RenderedChart, { target }: ReleasePass) {
  const hooks = await Promise.all(
    rendered.hooks
      .filter(({ events }) => !events.every((event) => event === 'test'))
      .map(({ object }) => inNamespace(object, target)),
  );
  const live = await eachOf(hooks, 4, (hook) => readLive(hook, target));
  return hooks.filter((_, at) => live[at] === undefined);
}

function progressOf({ release, now }: ReleasePass, { kind, inputs, chart, rendered }: Begun): Progress {
  const at = now.toISOString();
  return {
    kind,
    release: releaseKey(release.metadata),
    ...provenanceOf(release),
    inputs: inputs.digestWith(chart.digest),
    chart: {
      name: chart.name,
      version: chart.version,
      digest: chart.digest,
      repository: release.spec.chart.repository,
      ...(chart.commit !== undefined && { commit: chart.commit }),
    },
    chartKey: inputs.chartKey,
    images: allImages(rendered.manifests),
    startedAt: at,
    step: 'before',
    stepStartedAt: at,
    hook: 0,
  };
}

function provenanceOf({
  metadata,
}: HelmRelease): Pick<Progress, 'commit' | 'actor' | 'deployId' | 'pushId' | 'rollbackOf'> {
  const annotations = metadata.annotations ?? {};
  const optional = {
    deployId: annotations[syncAnnotations.deployId],
    pushId: annotations[syncAnnotations.pushId],
    rollbackOf: annotations[syncAnnotations.rollbackOf],
  };
  return {
    commit: annotations[syncAnnotations.commit] ?? '',
    actor: annotations[syncAnnotations.actor] ?? '',
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}

function forbidden({ now }: ReleasePass, { message }: ClusterError): Outcome {
  return { state: 'Pending', reason: 'Forbidden', message, lookAgainAt: inSeconds(now, 10) };
}

function refused(inputs: Inputs, reason: string, message: string): Outcome {
  return {
    state: 'Failed',
    reason,
    message,
    refusedInputs: inputs.digest,
    failure: { reason, message, imageAtFault: false },
  };
}

function listed(problems: readonly string[]): string {
  const shown = problems.slice(0, 5).join('; ');
  return problems.length > 5 ? `${shown}; and ${problems.length - 5} more` : shown;
}
