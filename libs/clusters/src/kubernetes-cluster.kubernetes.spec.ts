import { randomUUID } from 'node:crypto';
import type { KubernetesObject } from '@shipit/health';
import { afterAll, describe, expect, it } from 'vitest';
import { ApiConnection } from './api-connection.js';
import { clusterContract } from './cluster.contract.js';
import { clientSideManagers } from './field-takeover.js';
import { loadKubeConfig } from './kube-config.js';
import { KubernetesCluster } from './kubernetes-cluster.js';

const kubeconfigFile = process.env['SHIPIT_TEST_KUBECONFIG'];

describe.skipIf(!kubeconfigFile)('a real API server (skipped without SHIPIT_TEST_KUBECONFIG)', () => {
  const cluster = new KubernetesCluster({ name: 'test', kubeconfigFile });
  afterAll(() => cluster.close());

  clusterContract('keeps the contract', async () => ({ cluster }));

  it('acts with the rights of a service account', async () => {
    const limited = cluster.asServiceAccount('default', 'default');
    const reading = limited.list({ apiVersion: 'v1', kind: 'Secret', namespace: 'kube-system' });
    await expect(reading).rejects.toMatchObject({ reason: 'Forbidden', status: 403 });
    limited.close();
  });

  describe('what kubectl or Helm 3 wrote client-side', () => {
    const namespace = 'default';
    const settings = (data: Record<string, string>): KubernetesObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `takeover-${randomUUID().slice(0, 8)}`, namespace },
      data,
    });

    /** As Helm 3 does: an ordinary write, under the name of its program. */
    async function writtenBy(manager: string, object: KubernetesObject): Promise<void> {
      await new ApiConnection(loadKubeConfig({ kubeconfigFile }), { userAgent: manager, deadlineMs: 5_000 }).call({
        method: 'POST',
        path: `/api/v1/namespaces/${namespace}/configmaps`,
        query: { fieldManager: manager },
        body: object,
        doing: 'write',
      });
    }

    it.each(['helm', 'kubectl-client-side-apply'])(
      'by %s becomes ours at the first apply, and is told',
      async (manager) => {
        const before = settings({ kept: '1', changed: '1', dropped: '1' });
        await writtenBy(manager, before);
        const wanted = { ...before, data: { kept: '1', changed: '2' } };
        expect((await cluster.apply(wanted, { dryRun: true }))['data']).toMatchObject({ changed: '2' });
        const taken: string[][] = [];
        const after = await cluster.apply(wanted, { onTakeover: (managers) => void taken.push(managers) });
        expect(after['data']).toEqual({ kept: '1', changed: '2' });
        expect(taken).toEqual([[manager]]);
        expect(clientSideManagers(after)).toEqual([]);
        await cluster.apply(wanted, { onTakeover: (managers) => void taken.push(managers) });
        expect(taken).toHaveLength(1);
      },
    );

    it('by anybody else conflicts', async () => {
      const before = settings({ a: '1' });
      await writtenBy('somebody', before);
      const wanted = { ...before, data: { a: '2' } };
      await expect(cluster.apply(wanted)).rejects.toMatchObject({
        reason: 'Conflict',
        conflicts: [{ manager: 'somebody', field: '.data.a' }],
      });
    });
  });
});
