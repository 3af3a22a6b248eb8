import { describe, expect, it } from 'vitest';
import { assessRollout, type Rollout } from './assess-rollout.js';
import type { KubernetesObject } from './kubernetes-object.js';

const start = Date.parse('2026-01-02T03:00:00Z');
const after = (seconds: number) => new Date(start + seconds * 1000);

const notFoundMessage =
  'Back-off pulling image "repo/app:1": ErrImagePull: rpc error: code = NotFound desc = not found';
const timeoutMessage = 'Back-off pulling image "repo/app:1": ErrImagePull: dial tcp 192.0.2.1:443: i/o timeout';

const waiting = (reason: string, message = '') => ({
  ready: false,
  restartCount: 0,
  state: { waiting: { reason, message } },
});
const notFound = waiting('ImagePullBackOff', notFoundMessage);
const timeout = waiting('ImagePullBackOff', timeoutMessage);
const missingConfig = waiting('CreateContainerConfigError', 'configmap "settings" not found');
const crashed = (restartCount: number, ready = false) => ({
  ready,
  restartCount,
  state: ready ? { running: {} } : { waiting: { reason: 'CrashLoopBackOff' } },
  lastState: { terminated: { exitCode: 1, reason: 'Error' } },
});
const running = (ready: boolean) => ({ ready, restartCount: 0, state: { running: {} } });

function deployment(replicas: number, rollingUpdate?: object): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'app', uid: 'd', generation: 2, annotations: { 'deployment.kubernetes.io/revision': '2' } },
    spec: { replicas, strategy: { type: 'RollingUpdate', ...(rollingUpdate ? { rollingUpdate } : {}) } },
    status: { observedGeneration: 2, replicas, updatedReplicas: 0 },
  };
}

function owned(kind: string, name: string, owner: string, more: Record<string, unknown> = {}): KubernetesObject {
  const { labels, annotations, ...rest } = more as {
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'Any', name: 'any', uid: owner }];
  const metadata = {
    name,
    uid: name,
    creationTimestamp: after(0).toISOString(),
    ownerReferences,
    ...(labels ? { labels } : {}),
    ...(annotations ? { annotations } : {}),
  };
  return { apiVersion: 'v1', kind, metadata, ...rest };
}

const replicaSets = [1, 2].map((revision) =>
  owned('ReplicaSet', `rs-${revision}`, 'd', {
    annotations: { 'deployment.kubernetes.io/revision': String(revision) },
  }),
);

let count = 0;
function pod(owner: string, status: object, labels?: Record<string, string>): KubernetesObject {
  count += 1;
  const containerStatuses = [{ name: 'app', ...status }];
  return owned('Pod', `pod-${count}`, owner, {
    ...(labels ? { labels } : {}),
    status: { phase: 'Pending', startTime: after(0).toISOString(), containerStatuses },
  });
}

function assess(workload: KubernetesObject, pods: KubernetesObject[], seconds: number, more: Partial<Rollout> = {}) {
  return assessRollout({ workload, replicaSets, pods, now: after(seconds), ...more });
}

const pullFailed = (target: KubernetesObject, times: number): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'e' },
  involvedObject: { uid: target.metadata.uid },
  reason: 'Failed',
  message: 'Failed to pull image "repo/app:1": code = NotFound: not found',
  count: times,
});

describe('a rollout whose new pods cannot come up', () => {
  it.each([
    ['waits while an image was looked for once', notFound, 1, 'InProgress'],
    ['fails when an image is still not found after the second pull', notFound, 16, 'Failed'],
    ['waits for a registry that cannot be reached', timeout, 100, 'InProgress'],
    ['fails when a registry cannot be reached for two minutes', timeout, 121, 'Failed'],
    [
      'takes a denied pull for a credential, not for a missing image',
      waiting('ErrImagePull', 'pull access denied, repository does not exist or may require authorization'),
      60,
      'InProgress',
    ],
    ['waits for a config map that may still come', missingConfig, 60, 'InProgress'],
    ['fails when a config map is missing for two minutes', missingConfig, 121, 'Failed'],
    ['waits after one restart', crashed(1), 600, 'InProgress'],
    ['waits after two restarts', crashed(2), 600, 'InProgress'],
    ['fails after three restarts', crashed(3), 5, 'Failed'],
    ['goes on when a container got ready after three restarts', crashed(3, true), 5, 'InProgress'],
    ['waits for a slow start', running(false), 600, 'InProgress'],
  ])('%s', (_title, status, seconds, expected) => {
    const health = assess(deployment(1), [pod('rs-1', running(true)), pod('rs-2', status)], seconds);
    expect(health).toMatchObject({ status: expected, failedEarly: expected === 'Failed' });
  });

  it('says which pod, which container and why', () => {
    const bad = pod('rs-2', notFound);
    const health = assess(deployment(1), [bad], 20);
    expect(health.reason).toBe('ImageNotFound');
    expect(health.message).toBe(`pod ${bad.metadata.name}, container app: ${notFoundMessage}`);
  });

  it('fails at once when events tell of two failed pulls', () => {
    const bad = pod('rs-2', notFound);
    expect(assess(deployment(1), [bad], 1, { events: [pullFailed(bad, 1)] }).status).toBe('InProgress');
    expect(assess(deployment(1), [bad], 1, { events: [pullFailed(bad, 2)] }).status).toBe('Failed');
    expect(assess(deployment(1), [bad], 1, { events: [pullFailed(pod('rs-2', notFound), 2)] }).status).toBe(
      'InProgress',
    );
  });

  it('says when to look again, because nothing may change until then', () => {
    expect(assess(deployment(1), [pod('rs-2', timeout)], 5).lookAgainAt).toEqual(after(120));
    expect(assess(deployment(1), [pod('rs-2', crashed(1))], 5).lookAgainAt).toBeUndefined();
  });

  it('counts the two minutes from the end of the init containers', () => {
    const late = pod('rs-2', missingConfig);
    Object.assign(late['status'] as object, {
      conditions: [{ type: 'Initialized', status: 'True', lastTransitionTime: after(300).toISOString() }],
    });
    expect(assess(deployment(1), [late], 310).lookAgainAt).toEqual(after(420));
  });
});

describe('how many pods must fail', () => {
  const bad = (n: number) => Array.from({ length: n }, () => pod('rs-2', notFound));
  const good = (n: number) => Array.from({ length: n }, () => pod('rs-1', running(true)));

  it.each([
    { title: 'one of one', workload: deployment(1), old: 1, failing: 1, expected: 'Failed' },
    {
      title: 'one of four, where one may be unavailable',
      workload: deployment(4),
      old: 4,
      failing: 1,
      expected: 'InProgress',
    },
    {
      title: 'two of four, where one may be unavailable',
      workload: deployment(4),
      old: 4,
      failing: 2,
      expected: 'Failed',
    },
    {
      title: 'one where only one new pod can be',
      workload: deployment(4, { maxSurge: 0, maxUnavailable: 1 }),
      old: 3,
      failing: 1,
      expected: 'Failed',
    },
    { title: 'two of ten at a first install', workload: deployment(10), old: 0, failing: 2, expected: 'InProgress' },
    { title: 'three of ten at a first install', workload: deployment(10), old: 0, failing: 3, expected: 'Failed' },
    { title: 'none', workload: deployment(2), old: 2, failing: 0, expected: 'InProgress' },
  ])('$title: $expected', ({ workload, old, failing, expected }) => {
    expect(assess(workload, [...good(old), ...bad(failing)], 20).status).toBe(expected);
  });

  it('waits when the old revision fails the same way: that is an outage, not this image', () => {
    expect(assess(deployment(1), [pod('rs-1', timeout), pod('rs-2', notFound)], 200).status).toBe('InProgress');
    expect(assess(deployment(1), [pod('rs-1', crashed(9)), pod('rs-2', crashed(3))], 200).status).toBe('InProgress');
  });

  it('fails when the old revision fails in another way', () => {
    expect(assess(deployment(1), [pod('rs-1', crashed(9)), pod('rs-2', notFound)], 200).status).toBe('Failed');
  });

  it('does not blame the pods of an earlier revision or of somebody else', () => {
    expect(assess(deployment(1), [pod('rs-1', notFound), pod('other', notFound)], 200)).toMatchObject({
      status: 'InProgress',
      reason: 'LessUpdated',
    });
  });

  it('judges nothing before the controller has seen the new generation', () => {
    const workload = deployment(1);
    workload.metadata.generation = 3;
    expect(assess(workload, [pod('rs-2', crashed(5))], 200).reason).toBe('LatestGenerationNotObserved');
  });
});

describe('other workloads', () => {
  const workload = (kind: string, spec: object, status: object, annotations = {}): KubernetesObject => ({
    apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
    kind,
    metadata: { name: 'w', uid: 'w', generation: 1, annotations },
    spec,
    status: { observedGeneration: 1, ...status },
  });

  it('a stateful set fails by the pod of its update revision', () => {
    const set = workload('StatefulSet', { replicas: 3 }, { replicas: 3, readyReplicas: 2, updateRevision: 'w-2' });
    const revision = (name: string) => ({ 'controller-revision-hash': name });
    expect(assess(set, [pod('w', notFound, revision('w-2'))], 20).status).toBe('Failed');
    expect(assess(set, [pod('w', notFound, revision('w-1'))], 20).status).toBe('InProgress');
  });

  it('a daemon set fails by the pods of its newest template', () => {
    const set = workload(
      'DaemonSet',
      {},
      { desiredNumberScheduled: 3, currentNumberScheduled: 3, updatedNumberScheduled: 1 },
      { 'deprecated.daemonset.template.generation': '2' },
    );
    const old = pod('w', running(true), { 'pod-template-generation': '1' });
    expect(assess(set, [old, pod('w', crashed(3), { 'pod-template-generation': '2' })], 20).status).toBe('Failed');
    expect(assess(set, [old, pod('w', crashed(3), { 'pod-template-generation': '1' })], 20).status).toBe('InProgress');
  });

  it('a job fails by an image that is not there, and may crash as often as its back-off limit says', () => {
    const job = workload('Job', {}, { startTime: after(0).toISOString(), active: 1 });
    expect(assess(job, [pod('w', notFound)], 20).status).toBe('Failed');
    expect(assess(job, [pod('w', crashed(4))], 20).status).toBe('InProgress');
  });
});
