import { describe, expect, it } from 'vitest';

import type { Answer } from './api-client.contract.js';
import { setUpSuite, type Connect } from './suite.contract.js';

type Body = Answer['body'];

/** Stateful sets, daemon sets, services and disruption budgets, as far as releases look at them. */
export function describeOtherWorkloads(connect: Connect): void {
  describe('other workloads', () => {
    const suite = setUpSuite(connect);
    const podsOf = (name: string): string => `${suite.path('pods')}?labelSelector=${encodeURIComponent(`app=${name}`)}`;
    const template = (name: string, image = 'nginx:1'): object => ({
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'app', image }] },
    });
    const names = (body: Body): string[] => body.items.map((pod: Body) => pod.metadata.name).sort();

    function statefulSet(name: string, spec: object = {}): object {
      return {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name },
        spec: {
          serviceName: name,
          replicas: 2,
          selector: { matchLabels: { app: name } },
          template: template(name),
          ...spec,
        },
      };
    }

    it('starts the pods of a stateful set one after the other, numbered', async () => {
      await suite.api.create(suite.path('statefulsets', 'apps/v1'), statefulSet('db'));
      const body = await suite.until(
        suite.path('statefulsets/db', 'apps/v1'),
        (seen) => seen.status.availableReplicas === 2,
        20_000,
      );
      const { body: pods } = await suite.api.get(podsOf('db'));

      expect(body.status).toMatchObject({
        replicas: 2,
        readyReplicas: 2,
        updatedReplicas: 2,
        observedGeneration: 1,
        currentRevision: body.status.updateRevision,
      });
      expect(names(pods)).toEqual(['db-0', 'db-1']);
      expect(pods.items[0].metadata.labels).toMatchObject({
        'statefulset.kubernetes.io/pod-name': pods.items[0].metadata.name,
        'apps.kubernetes.io/pod-index': expect.any(String),
        'controller-revision-hash': body.status.updateRevision,
      });
    });

    it('replaces the pods of a stateful set from the last to the first, and stops at one that does not get ready', async () => {
      await suite.api.create(suite.path('statefulsets', 'apps/v1'), statefulSet('roll'));
      await suite.until(
        suite.path('statefulsets/roll', 'apps/v1'),
        (seen) => seen.status.availableReplicas === 2,
        20_000,
      );
      await suite.api.mergePatch(suite.path('statefulsets/roll', 'apps/v1'), {
        spec: { template: template('roll', 'nginx:notready') },
      });
      const body = await suite.until(
        podsOf('roll'),
        (seen) =>
          seen.items.some(
            (pod: Body) => pod.spec.containers[0].image === 'nginx:notready' && pod.status.phase === 'Running',
          ),
        20_000,
      );
      const image = (name: string): string =>
        body.items.find((pod: Body) => pod.metadata.name === name)?.spec.containers[0].image;

      expect([image('roll-0'), image('roll-1')]).toEqual(['nginx:1', 'nginx:notready']);
      const { body: set } = await suite.api.get(suite.path('statefulsets/roll', 'apps/v1'));
      expect(set.status.updatedReplicas).toBe(1);
      expect(set.status.currentRevision).not.toBe(set.status.updateRevision);
    });

    it('claims a volume for each pod of a stateful set', async () => {
      const volumeClaimTemplates = [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ];
      await suite.api.create(
        suite.path('statefulsets', 'apps/v1'),
        statefulSet('disk', { replicas: 1, volumeClaimTemplates }),
      );

      const body = await suite.until(
        suite.path('persistentvolumeclaims/data-disk-0'),
        (_seen, { status }) => status === 200,
      );
      expect(body.spec).toMatchObject({ accessModes: ['ReadWriteOnce'], volumeMode: 'Filesystem' });
    });

    it('runs a pod of a daemon set on every node', async () => {
      const { body: nodes } = await suite.api.get('/api/v1/nodes');
      const spec = { selector: { matchLabels: { app: 'agent' } }, template: template('agent') };
      await suite.api.create(suite.path('daemonsets', 'apps/v1'), {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name: 'agent' },
        spec,
      });
      const body = await suite.until(
        suite.path('daemonsets/agent', 'apps/v1'),
        (seen) => seen.status.numberAvailable === nodes.items.length,
      );

      expect(body.status).toMatchObject({
        desiredNumberScheduled: nodes.items.length,
        currentNumberScheduled: nodes.items.length,
        numberReady: nodes.items.length,
        updatedNumberScheduled: nodes.items.length,
        numberMisscheduled: 0,
        observedGeneration: 1,
      });
      const { body: pods } = await suite.api.get(podsOf('agent'));
      expect(pods.items.map((pod: Body) => pod.spec.nodeName).sort()).toEqual(
        nodes.items.map((node: Body) => node.metadata.name).sort(),
      );
    });

    it('replaces the pods of a daemon set', async () => {
      const spec = { selector: { matchLabels: { app: 'renew' } }, template: template('renew') };
      await suite.api.create(suite.path('daemonsets', 'apps/v1'), {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name: 'renew' },
        spec,
      });
      await suite.until(suite.path('daemonsets/renew', 'apps/v1'), (seen) => seen.status.numberAvailable > 0);
      await suite.api.mergePatch(suite.path('daemonsets/renew', 'apps/v1'), {
        spec: { template: template('renew', 'nginx:2') },
      });

      await suite.until(
        suite.path('daemonsets/renew', 'apps/v1'),
        (seen) =>
          seen.status.observedGeneration === 2 &&
          seen.status.updatedNumberScheduled === seen.status.desiredNumberScheduled &&
          seen.status.numberAvailable === seen.status.desiredNumberScheduled,
        20_000,
      );
    });

    it('knows the ready pods behind a service', async () => {
      await suite.api.create(suite.path('pods'), {
        metadata: { name: 'served', labels: { app: 'served' } },
        spec: { containers: [{ name: 'app', image: 'nginx:1', ports: [{ name: 'http', containerPort: 8080 }] }] },
      });
      await suite.api.create(suite.path('services'), {
        metadata: { name: 'served' },
        spec: { selector: { app: 'served' }, ports: [{ port: 80, targetPort: 'http' }] },
      });
      const body = await suite.until(
        suite.path('endpoints/served'),
        (seen, { status }) => status === 200 && seen.subsets?.[0]?.addresses?.length === 1,
      );

      expect(body.subsets[0].addresses[0].targetRef).toMatchObject({ kind: 'Pod', name: 'served' });
      const { body: slices } = await suite.api.get(
        `${suite.path('endpointslices', 'discovery.k8s.io/v1')}?labelSelector=kubernetes.io/service-name%3Dserved`,
      );
      expect(slices.items[0]).toMatchObject({ addressType: 'IPv4', endpoints: [{ conditions: { ready: true } }] });
      expect(body.subsets[0].ports[0]).toMatchObject({ port: 8080, protocol: 'TCP' });
    });

    it('counts what a disruption budget allows', async () => {
      await suite.api.create(suite.path('poddisruptionbudgets', 'policy/v1'), {
        metadata: { name: 'agents' },
        spec: { minAvailable: 1, selector: { matchLabels: { app: 'db' } } },
      });
      const body = await suite.until(
        suite.path('poddisruptionbudgets/agents', 'policy/v1'),
        (seen) => seen.status.disruptionsAllowed === 1,
      );

      expect(body.status).toMatchObject({
        currentHealthy: 2,
        desiredHealthy: 1,
        expectedPods: 2,
        observedGeneration: 1,
      });
    });

    it('stores what no controller here acts upon', async () => {
      const answers = await Promise.all([
        suite.api.create(suite.path('cronjobs', 'batch/v1'), {
          metadata: { name: 'nightly' },
          spec: {
            schedule: '0 3 * * *',
            jobTemplate: {
              spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b' }] } } },
            },
          },
        }),
        suite.api.create(suite.path('networkpolicies', 'networking.k8s.io/v1'), {
          metadata: { name: 'closed' },
          spec: { podSelector: {}, policyTypes: ['Ingress'] },
        }),
        suite.api.create(suite.path('horizontalpodautoscalers', 'autoscaling/v2'), {
          metadata: { name: 'grow' },
          spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'none' } },
        }),
        suite.api.create(suite.path('roles', 'rbac.authorization.k8s.io/v1'), {
          metadata: { name: 'read' },
          rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
        }),
        suite.api.create(suite.path('rolebindings', 'rbac.authorization.k8s.io/v1'), {
          metadata: { name: 'read' },
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'read' },
          subjects: [{ kind: 'ServiceAccount', name: 'default' }],
        }),
      ]);

      expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201, 201, 201]);
      expect(answers[0].body.spec).toMatchObject({
        concurrencyPolicy: 'Allow',
        suspend: false,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 1,
      });
      expect(answers[2].body.spec.minReplicas).toBe(1);
    });
  });
}
