import { randomUUID } from 'node:crypto';
import type { KubernetesObject } from '@shipit/health';
import { waitUntil } from '@shipit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster, ObjectChange } from './cluster.js';
import type { ClusterErrorReason } from './cluster-error.js';

export interface ClusterUnderTest {
  cluster: Cluster;
  close?: () => Promise<void> | void;
}

/** What every {@link Cluster} does, whoever stands behind it. */
export function clusterContract(title: string, start: () => Promise<ClusterUnderTest>): void {
  describe(title, () => {
    const namespace = `contract-${randomUUID().slice(0, 8)}`;
    let under: ClusterUnderTest;
    let cluster: Cluster;

    beforeAll(async () => {
      under = await start();
      cluster = under.cluster;
      await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    });
    afterAll(async () => {
      await cluster.delete({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
      await under.close?.();
    });

    const configMap = (name: string, data: Record<string, string>, metadata: object = {}): KubernetesObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace, ...metadata },
      data,
    });
    const refTo = (name: string, kind = 'ConfigMap', apiVersion = 'v1') => ({ apiVersion, kind, namespace, name });
    const deployment = (name: string, replicas: number): KubernetesObject => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace },
      spec: {
        replicas,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: { containers: [{ name: 'app', image: 'repo/app:v1' }] },
        },
      },
    });
    const refusal = (reason: ClusterErrorReason) => expect.objectContaining({ name: 'ClusterError', reason }) as Error;

    it('reads what was applied, and nothing where nothing is', async () => {
      const applied = await cluster.apply(configMap('read', { a: '1' }, { labels: { app: 'x' } }));
      expect(applied.metadata.uid).toBeTruthy();
      expect(await cluster.read(refTo('read'))).toMatchObject({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { uid: applied.metadata.uid, labels: { app: 'x' } },
        data: { a: '1' },
      });
      expect(await cluster.read(refTo('absent'))).toBeUndefined();
      expect(await cluster.read(refTo('absent', 'Unheard', 'of.example/v1'))).toBeUndefined();
    });

    it('changes nothing when the same is applied again', async () => {
      const first = await cluster.apply(configMap('same', { a: '1' }));
      const second = await cluster.apply(configMap('same', { a: '1' }));
      expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    });

    it('removes what is no longer applied, and leaves what others wrote', async () => {
      await cluster.apply(configMap('removes', { a: '1', b: '2' }));
      await cluster.mergePatch(refTo('removes'), { data: { theirs: '3' } });
      const after = await cluster.apply(configMap('removes', { a: '1' }));
      expect(after['data']).toEqual({ a: '1', theirs: '3' });
    });

    it('writes nothing in a dry run', async () => {
      const preview = await cluster.apply(configMap('dry', { a: '1' }), { dryRun: true });
      expect(preview['data']).toEqual({ a: '1' });
      expect(await cluster.read(refTo('dry'))).toBeUndefined();
    });

    it('names who owns a field that two want, and takes it only by force', async () => {
      await cluster.apply(configMap('conflict', { a: 'theirs' }), { fieldManager: 'somebody' });
      const ours = configMap('conflict', { a: 'ours' });
      await expect(cluster.apply(ours)).rejects.toEqual(refusal('Conflict'));
      await expect(cluster.apply(ours)).rejects.toMatchObject({
        conflicts: [{ manager: 'somebody', field: '.data.a' }],
      });
      await expect(cluster.apply(ours, { dryRun: true })).rejects.toEqual(refusal('Conflict'));
      expect((await cluster.apply(ours, { force: true }))['data']).toEqual({ a: 'ours' });
    });

    it('lists no more than it is asked for', async () => {
      for (const name of ['one', 'two', 'three'])
        await cluster.apply(configMap(name, {}, { labels: { count: 'yes' } }));
      const query = { apiVersion: 'v1', kind: 'ConfigMap', namespace, labelSelector: 'count=yes' };
      expect(await cluster.list(query, { maxItems: 3 })).toHaveLength(3);
      await expect(cluster.list(query, { maxItems: 2 })).rejects.toMatchObject({ isTransient: false });
      expect(await cluster.list(query, { maxPageBytes: 100_000 })).toHaveLength(3);
      await expect(cluster.list(query, { maxPageBytes: 100 })).rejects.toMatchObject({ isTransient: false });
    });

    it.each([
      ['a version that is a path', '../api/v1/namespaces/default/services/x/proxy', 'Pod'],
      ['a version that leads up', '..', 'Pod'],
      ['a version with a question', 'v1?limit=1', 'Pod'],
      ['a kind that is a path', 'v1', '../Pod'],
    ])('knows no kind of %s, and asks for none', async (_what, apiVersion, kind) => {
      expect(await cluster.scopeOf(apiVersion, kind)).toBeUndefined();
      expect(await cluster.read({ apiVersion, kind, namespace, name: 'x' })).toBeUndefined();
    });

    it('creates an object once', async () => {
      await cluster.create(configMap('create', { a: '1' }));
      await expect(cluster.create(configMap('create', { a: '2' }))).rejects.toEqual(refusal('AlreadyExists'));
      expect((await cluster.read(refTo('create')))?.['data']).toEqual({ a: '1' });
    });

    it('refuses impossible names, missing namespaces and unknown kinds', async () => {
      await expect(cluster.apply(configMap('Not_A_Name', {}))).rejects.toEqual(refusal('Invalid'));
      const elsewhere = configMap('x', {}, { namespace: 'there-is-no-such' });
      await expect(cluster.apply(elsewhere)).rejects.toEqual(refusal('NotFound'));
      await expect(cluster.list({ apiVersion: 'of.example/v1', kind: 'Unheard' })).rejects.toEqual(refusal('NotFound'));
    });

    it('patches: null removes, and an outdated version conflicts', async () => {
      const first = await cluster.apply(configMap('patch', { a: '1', b: '2' }));
      const second = await cluster.mergePatch(
        refTo('patch'),
        { data: { a: null, c: '3' } },
        { resourceVersion: first.metadata.resourceVersion },
      );
      expect(second['data']).toEqual({ b: '2', c: '3' });
      const late = cluster.mergePatch(
        refTo('patch'),
        { data: { d: '4' } },
        { resourceVersion: first.metadata.resourceVersion },
      );
      await expect(late).rejects.toEqual(refusal('Conflict'));
      await expect(cluster.mergePatch(refTo('absent'), { data: {} })).rejects.toEqual(refusal('NotFound'));
    });

    it('counts generations of the spec, not of the status', async () => {
      const first = await cluster.apply(deployment('generation', 0));
      expect(first.metadata.generation).toBe(1);
      const ref = refTo('generation', 'Deployment', 'apps/v1');
      const patched = await cluster.mergePatch(ref, { status: { collisionCount: 7 } }, { subresource: 'status' });
      expect(patched).toMatchObject({ metadata: { generation: 1 }, status: { collisionCount: 7 } });
      await cluster.mergePatch(ref, { spec: { paused: true } });
      expect((await cluster.read(ref))?.metadata.generation).toBe(2);
    });

    it('deletes only the very object that is meant', async () => {
      const { metadata } = await cluster.apply(configMap('delete', {}));
      await cluster.delete(refTo('delete'), { uid: randomUUID() });
      expect(await cluster.read(refTo('delete'))).toBeDefined();
      await cluster.delete(refTo('delete'), { uid: metadata.uid });
      expect(await cluster.read(refTo('delete'))).toBeUndefined();
      await cluster.delete(refTo('delete'));
    });

    it('keeps an object with a finalizer until the finalizer is gone', async () => {
      await cluster.apply(configMap('finalizer', {}, { finalizers: ['shipit.dev/test'] }));
      await cluster.delete(refTo('finalizer'));
      expect((await cluster.read(refTo('finalizer')))?.metadata.deletionTimestamp).toBeTruthy();
      await cluster.mergePatch(refTo('finalizer'), { metadata: { finalizers: null } });
      await waitUntil(async () => (await cluster.read(refTo('finalizer'))) === undefined);
    });

    it('lists by namespace and labels', async () => {
      for (const tier of ['web', 'worker', 'cron'])
        await cluster.apply(configMap(`list-${tier}`, {}, { labels: { test: 'list', tier } }));
      const names = async (labelSelector: string) =>
        (await cluster.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace, labelSelector }))
          .map(({ metadata }) => metadata.name)
          .sort();
      expect(await names('test=list')).toEqual(['list-cron', 'list-web', 'list-worker']);
      expect(await names('test=list,tier in (web,cron)')).toEqual(['list-cron', 'list-web']);
      expect(await names('test=list,tier!=web')).toEqual(['list-cron', 'list-worker']);
      expect(await names('test=list,!tier')).toEqual([]);
      const everywhere = await cluster.list({ apiVersion: 'v1', kind: 'ConfigMap', labelSelector: 'test=list' });
      expect(everywhere.filter(({ metadata }) => metadata.namespace === namespace)).toHaveLength(3);
      expect(everywhere[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
    });

    it('tells of what is there, then of each change, until it is told to stop', async () => {
      const told: string[] = [];
      const stop = new AbortController();
      const note = ({ type, object }: ObjectChange) => void told.push(`${type} ${object.metadata.name}`);
      await cluster.apply(configMap('watch-before', {}, { labels: { test: 'watch' } }));
      const watching = cluster.watch(
        { apiVersion: 'v1', kind: 'ConfigMap', namespace, labelSelector: 'test=watch' },
        note,
        stop.signal,
      );
      await waitUntil(() => told.length === 1);
      await cluster.apply(configMap('watch-after', { a: '1' }, { labels: { test: 'watch' } }));
      await cluster.apply(configMap('watch-other', { a: '1' }));
      await cluster.apply(configMap('watch-after', { a: '2' }, { labels: { test: 'watch' } }));
      await cluster.delete(refTo('watch-before'));
      await waitUntil(() => told.length === 4);
      stop.abort();
      await watching;
      expect(told).toEqual(['added watch-before', 'added watch-after', 'modified watch-after', 'deleted watch-before']);
    });

    it('tells a watcher that an object is gone when its labels no longer match', async () => {
      const told: string[] = [];
      const stop = new AbortController();
      await cluster.apply(configMap('leaves', {}, { labels: { test: 'leaves' } }));
      const query = { apiVersion: 'v1', kind: 'ConfigMap', namespace, labelSelector: 'test=leaves' };
      const watching = cluster.watch(query, ({ type }) => void told.push(type), stop.signal);
      await waitUntil(() => told.length === 1);
      await cluster.mergePatch(refTo('leaves'), { metadata: { labels: { test: 'left' } } });
      await waitUntil(() => told.length === 2);
      stop.abort();
      await watching;
      expect(told).toEqual(['added', 'deleted']);
    });

    it('knows which kinds it serves and where they live', async () => {
      expect(await cluster.scopeOf('apps/v1', 'Deployment')).toBe('Namespaced');
      expect(await cluster.scopeOf('v1', 'Namespace')).toBe('Cluster');
      expect(await cluster.scopeOf('apps/v1', 'Unheard')).toBeUndefined();
      expect(await cluster.scopeOf('of.example/v1', 'Unheard')).toBeUndefined();
      const { kubeVersion, apiVersions } = await cluster.capabilities();
      expect(kubeVersion).toMatch(/^v1\.\d+/);
      expect(apiVersions).toEqual(
        expect.arrayContaining(['v1', 'v1/Pod', 'apps/v1', 'apps/v1/Deployment', 'batch/v1/Job']),
      );
    });

    it('serves a kind as soon as it is defined', async () => {
      const group = `${namespace}.example`;
      const definition = definitionOf(group);
      expect(await cluster.scopeOf(`${group}/v1`, 'Gadget')).toBeUndefined();
      await cluster.apply(definition);
      await waitUntil(async () => (await cluster.scopeOf(`${group}/v1`, 'Gadget')) === 'Namespaced', {
        limitMs: 15_000,
      });
      const gadget = {
        apiVersion: `${group}/v1`,
        kind: 'Gadget',
        metadata: { name: 'one', namespace },
        spec: { size: 1 },
      };
      // A real server establishes a definition a moment before it serves the kind.
      await waitUntil(() => cluster.apply(gadget), { limitMs: 15_000 });
      const ref = refTo('one', 'Gadget', `${group}/v1`);
      await cluster.mergePatch(ref, { status: { state: 'fine' } }, { subresource: 'status' });
      expect(await cluster.read(ref)).toMatchObject({
        spec: { size: 1 },
        status: { state: 'fine' },
        metadata: { generation: 1 },
      });
      await cluster.delete({
        apiVersion: definition.apiVersion,
        kind: definition.kind,
        name: definition.metadata.name,
      });
    });
  });
}

function definitionOf(group: string): KubernetesObject {
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `gadgets.${group}` },
    spec: {
      group,
      names: { kind: 'Gadget', plural: 'gadgets', singular: 'gadget', listKind: 'GadgetList' },
      scope: 'Namespaced',
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: 'object', properties: { spec: open, status: open } } },
        },
      ],
    },
  };
}
