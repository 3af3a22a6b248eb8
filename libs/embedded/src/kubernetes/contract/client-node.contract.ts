import {
  ApiException,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  makeInformer,
  PatchStrategy,
  type KubernetesObject,
  type V1ConfigMap,
} from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';

import { waitUntil } from '@shipit/testing';

import { configMap, deployment } from './sample-objects.contract.js';
import { setUpSuite, type Connect } from './suite.contract.js';

/** The official JavaScript client, as services use it. */
export function describeClientNode(connect: Connect): void {
  describe('@kubernetes/client-node', () => {
    const suite = setUpSuite(connect);

    function config(): KubeConfig {
      const loaded = new KubeConfig();
      loaded.loadFromString(suite.kubeconfig);
      return loaded;
    }

    function inNamespace(object: object): KubernetesObject {
      const body = object as KubernetesObject;
      return { ...body, metadata: { ...body.metadata, namespace: suite.namespace } };
    }

    it('applies any object after discovery, and reads, lists and deletes it', async () => {
      const api = KubernetesObjectApi.makeApiClient(config());
      const wanted = inNamespace(deployment('typed', { replicas: 0 }));
      const applied = await api.patch(wanted, undefined, undefined, 'helm', true, PatchStrategy.ServerSideApply);
      const read = await api.read({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'typed', namespace: suite.namespace },
      });
      const list = await api.list('apps/v1', 'Deployment', suite.namespace);
      await api.delete(wanted);

      expect(applied.metadata?.managedFields?.[0]).toMatchObject({ manager: 'helm', operation: 'Apply' });
      expect(read.metadata?.uid).toBe(applied.metadata?.uid);
      expect(list.items.map((item) => item.metadata?.name)).toContain('typed');
    });

    it('throws what the server refuses, with its status', async () => {
      const api = config().makeApiClient(CoreV1Api);
      const error = await api
        .readNamespacedConfigMap({ name: 'nobody', namespace: suite.namespace })
        .catch((reason: unknown) => reason);

      expect(error).toBeInstanceOf(ApiException);
      expect((error as ApiException<string>).code).toBe(404);
      expect(JSON.parse((error as ApiException<string>).body)).toMatchObject({ reason: 'NotFound' });
    });

    it('follows objects by list and watch', async () => {
      const api = config().makeApiClient(CoreV1Api);
      const path = `/api/v1/namespaces/${suite.namespace}/configmaps`;
      const informer = makeInformer<V1ConfigMap>(config(), path, () =>
        api.listNamespacedConfigMap({ namespace: suite.namespace }),
      );
      const seen: string[] = [];
      for (const verb of ['add', 'update', 'delete'] as const)
        informer.on(verb, (object) => seen.push(`${verb} ${object.metadata?.name} ${object.data?.['a']}`));
      await informer.start();
      try {
        await api.createNamespacedConfigMap({ namespace: suite.namespace, body: configMap('followed') });
        await suite.api.mergePatch(suite.path('configmaps/followed'), { data: { a: '2' } });
        await suite.api.delete(suite.path('configmaps/followed'));
        await waitUntil(() => seen.includes('delete followed 2'));
      } finally {
        await informer.stop();
      }

      expect(seen.filter((entry) => entry.includes('followed'))).toEqual(
        ['add followed 1', 'update followed 1', 'update followed 2', 'delete followed 2'].filter((entry) =>
          seen.includes(entry),
        ),
      );
    });
  });
}
