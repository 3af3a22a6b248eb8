import { describe, expect, it } from 'vitest';

import type { Answer } from './api-client.contract.js';
import { deployment, job } from './sample-objects.contract.js';
import { setUpSuite, type Connect } from './suite.contract.js';

type Body = Answer['body'];

/** Deployments, jobs and their pods, whose images decide how they fare. */
export function describeWorkloads(connect: Connect): void {
  describe('workloads', () => {
    const suite = setUpSuite(connect);
    const condition = (body: Body, type: string): Body =>
      body.status?.conditions?.find((item: { type: string }) => item.type === type);
    const podsOf = (name: string): string => `${suite.path('pods')}?labelSelector=${encodeURIComponent(`app=${name}`)}`;
    const setsOf = (name: string): string =>
      `${suite.path('replicasets', 'apps/v1')}?labelSelector=${encodeURIComponent(`app=${name}`)}`;
    const firstStatus = (body: Body): Body => body.items[0]?.status.containerStatuses?.[0];
    const hasReason =
      (reason: string) =>
      (body: Body): boolean =>
        condition(body, 'Progressing')?.reason === reason;
    const isRolledOut = (body: Body): boolean =>
      body.status.observedGeneration === body.metadata.generation && hasReason('NewReplicaSetAvailable')(body);

    async function deploy(name: string, changes: Parameters<typeof deployment>[1] = {}): Promise<void> {
      const { status, text } = await suite.api.apply(suite.deployments(name), deployment(name, changes));
      expect(status, text).toBeLessThan(300);
    }

    it('rolls a deployment out through a replica set to ready pods', async () => {
      await deploy('good', { replicas: 2 });
      const body = await suite.until(suite.deployments('good'), isRolledOut);
      const { items: sets } = (await suite.api.get(setsOf('good'))).body;
      const { items: pods } = (await suite.api.get(podsOf('good'))).body;

      expect(body.status).toMatchObject({ replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 });
      expect(body.metadata.annotations['deployment.kubernetes.io/revision']).toBe('1');
      expect(condition(body, 'Available')).toMatchObject({
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      });
      expect(condition(body, 'Progressing').message).toBe(
        `ReplicaSet "${sets[0].metadata.name}" has successfully progressed.`,
      );
      const hash = sets[0].metadata.labels['pod-template-hash'];
      expect(sets[0].metadata.name).toBe(`good-${hash}`);
      expect(sets[0].spec.selector.matchLabels).toEqual({ app: 'good', 'pod-template-hash': hash });
      expect(sets[0].metadata.ownerReferences[0]).toMatchObject({
        kind: 'Deployment',
        name: 'good',
        controller: true,
        blockOwnerDeletion: true,
      });
      expect(pods).toHaveLength(2);
      for (const pod of pods) {
        expect(pod.metadata.name).toMatch(new RegExp(`^good-${hash}-[a-z0-9]{5}$`));
        expect(pod.metadata.ownerReferences[0]).toMatchObject({
          kind: 'ReplicaSet',
          name: `good-${hash}`,
          controller: true,
        });
        expect(pod.spec.nodeName).toMatch(/^node-/);
        expect(pod.status).toMatchObject({ phase: 'Running', podIP: expect.stringMatching(/^10\./) });
        expect(pod.status.conditions).toEqual(
          expect.arrayContaining([
            expect.objectContaining({ type: 'Ready', status: 'True' }),
            expect.objectContaining({ type: 'PodScheduled', status: 'True' }),
          ]),
        );
        expect(pod.status.containerStatuses[0]).toMatchObject({
          name: 'app',
          image: 'nginx:1',
          ready: true,
          restartCount: 0,
          imageID: expect.stringMatching(/@sha256:[0-9a-f]{64}$/),
          state: { running: { startedAt: expect.any(String) } },
        });
      }
    });

    it('replaces pods by a new replica set, keeps the old one, and finds it again on the way back', async () => {
      await deploy('twice', { image: 'nginx:1' });
      await suite.until(suite.deployments('twice'), isRolledOut);
      await deploy('twice', { image: 'nginx:2' });
      const second = await suite.until(
        suite.deployments('twice'),
        (body) => isRolledOut(body) && body.metadata.annotations['deployment.kubernetes.io/revision'] === '2',
      );
      await suite.until(
        podsOf('twice'),
        (body) => body.items.length === 1 && body.items[0].spec.containers[0].image === 'nginx:2',
      );
      await deploy('twice', { image: 'nginx:1' });
      await suite.until(
        suite.deployments('twice'),
        (body) => isRolledOut(body) && body.metadata.annotations['deployment.kubernetes.io/revision'] === '3',
      );
      const { items } = (await suite.api.get(setsOf('twice'))).body;

      expect(second.metadata.generation).toBe(2);
      expect(items.map((set: Body) => set.metadata.annotations['deployment.kubernetes.io/revision']).sort()).toEqual([
        '2',
        '3',
      ]);
    });

    it('keeps the old pods while new ones do not become ready', async () => {
      await deploy('stuck', { replicas: 4 });
      await suite.until(suite.deployments('stuck'), isRolledOut);
      await deploy('stuck', { replicas: 4, image: 'nginx:1-notready', spec: { progressDeadlineSeconds: 2 } });
      const body = await suite.until(suite.deployments('stuck'), hasReason('ProgressDeadlineExceeded'), 30_000);
      const { items } = (await suite.api.get(podsOf('stuck'))).body;
      const old = items.filter(
        (pod: Body) => pod.spec.containers[0].image === 'nginx:1' && !pod.metadata.deletionTimestamp,
      );

      // 25 % of 4: one more than wanted, one less than wanted.
      expect(old).toHaveLength(3);
      expect(items).toHaveLength(5);
      expect(body.status).toMatchObject({
        replicas: 5,
        updatedReplicas: 2,
        availableReplicas: 3,
        unavailableReplicas: 2,
      });
      expect(condition(body, 'Progressing')).toMatchObject({
        status: 'False',
        message: expect.stringMatching(/^ReplicaSet "stuck-[a-z0-9]+" has timed out progressing\.$/),
      });
      expect(condition(body, 'Available').status).toBe('True');
    });

    it('says that too few are available', async () => {
      await deploy('few', { image: 'nginx:notready' });
      const body = await suite.until(
        suite.deployments('few'),
        (seen) => condition(seen, 'Available')?.status === 'False',
      );

      expect(condition(body, 'Available')).toMatchObject({
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      });
      expect(body.status.unavailableReplicas).toBe(1);
    });

    it('ends all old pods before a new one, where that is the strategy', async () => {
      await deploy('again', { spec: { strategy: { type: 'Recreate' } } });
      await suite.until(suite.deployments('again'), isRolledOut);
      await deploy('again', { image: 'nginx:2', spec: { strategy: { type: 'Recreate' } } });

      const body = await suite.until(
        podsOf('again'),
        (seen) => seen.items.length === 1 && seen.items[0].spec.containers[0].image === 'nginx:2',
      );
      const { items } = (await suite.api.get(setsOf('again'))).body;
      expect(body.items[0].metadata.deletionTimestamp).toBeUndefined();
      expect(items.map((set: Body) => set.spec.replicas).sort()).toEqual([0, 1]);
    });

    it('scales without a new revision', async () => {
      await deploy('wide', { replicas: 1 });
      await suite.until(suite.deployments('wide'), isRolledOut);
      await deploy('wide', { replicas: 3 });
      const body = await suite.until(suite.deployments('wide'), (seen) => seen.status.availableReplicas === 3);
      await deploy('wide', { replicas: 0 });
      await suite.until(podsOf('wide'), (seen) => seen.items.length === 0);

      expect(body.metadata.annotations['deployment.kubernetes.io/revision']).toBe('1');
    });

    it('waits with a rollout while paused', async () => {
      await deploy('paused', {});
      await suite.until(suite.deployments('paused'), isRolledOut);
      await deploy('paused', { image: 'nginx:2', spec: { paused: true } });
      await suite.until(suite.deployments('paused'), (body) => body.status.observedGeneration === 2);
      expect((await suite.api.get(setsOf('paused'))).body.items).toHaveLength(1);
      await deploy('paused', { image: 'nginx:2' });

      await suite.until(podsOf('paused'), (body) =>
        body.items.some((pod: Body) => pod.spec.containers[0].image === 'nginx:2'),
      );
    });

    it('backs off from an image that never comes (tag bad), and tells so in events', async () => {
      await deploy('pull', { image: 'example.com/app:bad-1' });
      await suite.until(podsOf('pull'), (body) => firstStatus(body)?.state.waiting?.reason === 'ImagePullBackOff');
      const { items } = (await suite.api.get(podsOf('pull'))).body;
      const events = await suite.until(
        `${suite.path('events')}?fieldSelector=${encodeURIComponent(`involvedObject.name=${items[0].metadata.name},type=Warning`)}`,
        (body) => body.items.length > 0,
      );

      expect(items[0].status.phase).toBe('Pending');
      expect(firstStatus({ items })).toMatchObject({ ready: false, restartCount: 0, imageID: '' });
      expect(events.items[0]).toMatchObject({
        reason: 'Failed',
        involvedObject: { kind: 'Pod', namespace: suite.namespace },
      });
    });

    it('restarts a container that crashes (tag crash), with growing counts', async () => {
      await deploy('crash', { image: 'example.com/app:crash' });
      const body = await suite.until(
        podsOf('crash'),
        (seen) =>
          firstStatus(seen)?.state.waiting?.reason === 'CrashLoopBackOff' && firstStatus(seen).restartCount >= 1,
        30_000,
      );

      expect(body.items[0].status.phase).toBe('Running');
      expect(firstStatus(body)).toMatchObject({
        ready: false,
        lastState: { terminated: { exitCode: 1, reason: 'Error' } },
      });
    });

    it('pulls in the end when the registry only did not answer (tag heals)', async () => {
      await deploy('heals', { image: 'example.com/app:heals', annotations: { 'sim/pull-backoff': '200ms' } });
      const failing = await suite.until(podsOf('heals'), (seen) => firstStatus(seen)?.state.waiting !== undefined);
      const body = await suite.until(podsOf('heals'), (seen) => firstStatus(seen)?.ready === true);

      expect(firstStatus(failing).state.waiting.message).toContain('i/o timeout');
      expect(firstStatus(body)).toMatchObject({ restartCount: 0, state: { running: expect.anything() } });
    });

    it('restarts once and is ready then (tag flaky)', async () => {
      await deploy('flaky', { image: 'example.com/app:flaky' });
      const body = await suite.until(podsOf('flaky'), (seen) => firstStatus(seen)?.ready === true);

      expect(firstStatus(body).restartCount).toBe(1);
    });

    it('runs for a while before it is ready (tag slow)', async () => {
      await deploy('slow', { image: 'example.com/app:slow', annotations: { 'sim/ready-delay': '2s' } });
      const early = await suite.until(podsOf('slow'), (seen) => firstStatus(seen)?.state.running !== undefined);
      await suite.until(podsOf('slow'), (seen) => firstStatus(seen)?.ready === true);

      expect(firstStatus(early).ready).toBe(false);
    });

    it('backs off and tries again, for ever (tag bad)', async () => {
      await deploy('again-bad', { image: 'example.com/app:bad', annotations: { 'sim/pull-backoff': '300ms' } });
      const waiting =
        (reason: string) =>
        (seen: Body): boolean =>
          firstStatus(seen)?.state.waiting?.reason === reason;
      for (const reason of ['ErrImagePull', 'ImagePullBackOff', 'ErrImagePull', 'ImagePullBackOff'])
        await suite.until(podsOf('again-bad'), waiting(reason));
      const body = await suite.until(podsOf('again-bad'), waiting('ErrImagePull'));

      expect(firstStatus(body).state.waiting.message).toContain('not found');
    });

    it('runs without ever being ready (tag notready)', async () => {
      await deploy('wait', { image: 'example.com/app:notready' });
      const body = await suite.until(podsOf('wait'), (seen) => firstStatus(seen)?.state.running !== undefined);

      expect(firstStatus(body)).toMatchObject({ ready: false, started: true });
      expect(body.items[0].status.conditions).toContainEqual(
        expect.objectContaining({ type: 'Ready', status: 'False', reason: 'ContainersNotReady' }),
      );
    });

    it('delays readiness by annotation', async () => {
      await deploy('late', { annotations: { 'sim/ready-delay': '2s' } });
      const started = Date.now();
      await suite.until(suite.deployments('late'), isRolledOut);

      expect(Date.now() - started).toBeGreaterThan(1000);
    });

    it('creates no pod for a service account that is absent, and says so on the way up', async () => {
      const template = {
        metadata: { labels: { app: 'nobody' } },
        spec: { serviceAccountName: 'nobody', containers: [{ name: 'app', image: 'nginx:1' }] },
      };
      await deploy('nobody', { spec: { template } });
      const body = await suite.until(
        suite.deployments('nobody'),
        (seen) => condition(seen, 'ReplicaFailure') !== undefined,
      );

      expect(condition(body, 'ReplicaFailure')).toMatchObject({
        status: 'True',
        reason: 'FailedCreate',
        message: expect.stringContaining('serviceaccount "nobody" not found'),
      });
    });

    it('completes a job', async () => {
      await suite.api.create(suite.path('jobs', 'batch/v1'), job('done', 'run:1'));
      const body = await suite.until(
        suite.path('jobs/done', 'batch/v1'),
        (seen) => condition(seen, 'Complete')?.status === 'True',
      );

      expect(body.status).toMatchObject({
        succeeded: 1,
        startTime: expect.any(String),
        completionTime: expect.any(String),
      });
      expect(body.spec.selector.matchLabels).toEqual({ 'batch.kubernetes.io/controller-uid': body.metadata.uid });
      expect(body.spec.template.metadata.labels).toMatchObject({
        'batch.kubernetes.io/job-name': 'done',
        'job-name': 'done',
      });
      const { items } = (await suite.api.get(`${suite.path('pods')}?labelSelector=job-name%3Ddone`)).body;
      expect(items[0].status).toMatchObject({
        phase: 'Succeeded',
        containerStatuses: [{ state: { terminated: { exitCode: 0, reason: 'Completed' } } }],
      });
    });

    it('fails a job whose pods fail more often than allowed', async () => {
      await suite.api.create(suite.path('jobs', 'batch/v1'), job('fails', 'run:crash', { backoffLimit: 0 }));
      const body = await suite.until(
        suite.path('jobs/fails', 'batch/v1'),
        (seen) => condition(seen, 'Failed')?.status === 'True',
        30_000,
      );

      expect(condition(body, 'Failed')).toMatchObject({
        reason: 'BackoffLimitExceeded',
        message: 'Job has reached the specified backoff limit',
      });
      expect(body.status.failed).toBe(1);
    });

    it('fails a job that takes too long', async () => {
      await suite.api.create(suite.path('jobs', 'batch/v1'), job('long', 'run:notready', { activeDeadlineSeconds: 1 }));
      const body = await suite.until(
        suite.path('jobs/long', 'batch/v1'),
        (seen) => condition(seen, 'Failed')?.status === 'True',
        30_000,
      );

      expect(condition(body, 'Failed')).toMatchObject({ reason: 'DeadlineExceeded' });
    });

    it('starts nothing for a suspended job, and removes a finished one after its time', async () => {
      await suite.api.create(suite.path('jobs', 'batch/v1'), job('asleep', 'run:1', { suspend: true }));
      await suite.api.create(suite.path('jobs', 'batch/v1'), job('brief', 'run:1', { ttlSecondsAfterFinished: 1 }));
      await suite.until(suite.path('jobs/brief', 'batch/v1'), (_body, { status }) => status === 404, 30_000);
      const { body } = await suite.api.get(suite.path('jobs/asleep', 'batch/v1'));

      expect(condition(body, 'Suspended')).toMatchObject({ status: 'True', reason: 'JobSuspended' });
      expect(body.status.active ?? 0).toBe(0);
    });
  });
}
