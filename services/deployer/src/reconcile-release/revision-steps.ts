import { type ChartHook, type HookEvent, hooksFor } from '@shipit/charts';
import { crashPoint } from '@shipit/platform';
import type { Outcome, ReleasePass } from './outcome.js';
import type { Failure, Progress } from './progress.js';
import type { RevisionHead, RevisionStore } from './revision-store.js';

/** A head that Ship-it made. */
export type OwnHead = RevisionHead & { progress: Progress };

const following: Record<Progress['step'], Progress['step']> = {
  before: 'apply',
  apply: 'rollout',
  rollout: 'after',
  after: 'done',
  done: 'done',
  'before-delete': 'delete',
  delete: 'after-delete',
  'after-delete': 'done',
};

/** The hooks of the current step, in Helm's order. */
export function hooksOfStep(
  hooks: readonly ChartHook[],
  { kind, step }: Progress,
): { event: HookEvent; hooks: ChartHook[] } {
  const when = step === 'before' || step === 'before-delete' ? 'pre' : 'post';
  const event: HookEvent = `${when}-${step.endsWith('delete') ? 'delete' : kind}`;
  return { event, hooks: hooksFor(hooks, event) };
}

/** Moves a revision from step to step and ends it. */
export class RevisionSteps {
  constructor(private readonly store: RevisionStore) {}

  async next({ target, now }: ReleasePass, head: OwnHead, changes: Partial<Progress> = {}): Promise<Outcome> {
    const { hookRun: _, ...progress } = head.progress;
    const step = following[progress.step];
    const moved = await this.store.saveProgress(target, head, {
      ...progress,
      ...changes,
      step,
      stepStartedAt: now.toISOString(),
      hook: 0,
    });
    return { ...underWay(moved), goOn: true };
  }

  /** Everything is there and current. */
  async succeed({ target, now, release, heads }: ReleasePass, head: OwnHead): Promise<Outcome> {
    const noted = await this.store.saveProgress(target, head, {
      ...head.progress,
      step: 'done',
      endedAt: now.toISOString(),
    });
    crashPoint('deployer.before-deployed');
    const text =
      head.progress.kind === 'rollback'
        ? 'Rollback complete'
        : `${head.progress.kind === 'install' ? 'Install' : 'Upgrade'} complete`;
    const ended = await this.store.setStatus(target, noted, 'deployed', text);
    await this.store.tidy(
      target,
      [ended, ...heads.filter(({ version }) => version !== ended.version)],
      release.spec.maxHistory,
    );
    return { ...underWay(ended), goOn: true };
  }

  async fail({ target, now }: ReleasePass, head: OwnHead, failure: Failure): Promise<Outcome> {
    const endedAt = now.toISOString();
    const noted = head.progress.failure
      ? head
      : await this.store.saveProgress(target, head, { ...head.progress, failure, endedAt });
    const ended = await this.store.setStatus(target, noted, 'failed', failure.message.slice(0, 500));
    return { ...underWay(ended), goOn: true };
  }
}

export function underWay(head: RevisionHead, message?: string): Outcome {
  const { kind, step } = head.progress ?? { kind: 'upgrade', step: 'apply' };
  const state = kind === 'rollback' ? 'RollingBack' : 'Deploying';
  const reason = step === 'before' || step === 'after' ? 'RunningHooks' : step === 'apply' ? 'Applying' : 'Progressing';
  return { state, reason, message: message ?? `Revision ${head.version} is being applied`, head };
}

export function isOwn(head: RevisionHead | undefined): head is OwnHead {
  return head?.progress !== undefined;
}
