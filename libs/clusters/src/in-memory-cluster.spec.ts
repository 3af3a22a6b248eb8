import { describe, expect, it } from 'vitest';
import { clusterContract } from './cluster.contract.js';
import { ClusterError } from './cluster-error.js';
import { InMemoryCluster } from './in-memory-cluster.js';

clusterContract('the in-memory cluster', async () => ({ cluster: new InMemoryCluster() }));

describe('the in-memory cluster, for tests', () => {
  it('takes with an owner what it owns', async () => {
    const cluster = new InMemoryCluster();
    const owner = await cluster.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'owner' } });
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.metadata.uid ?? '' }];
    await cluster.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'owned', ownerReferences } });
    await cluster.delete({ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner' });
    expect(await cluster.list({ apiVersion: 'v1', kind: 'ConfigMap' })).toEqual([]);
  });

  it('is away when it is told to be', async () => {
    const cluster = new InMemoryCluster();
    cluster.failWith(new ClusterError('Unreachable', 'away'));
    await expect(cluster.read({ apiVersion: 'v1', kind: 'Pod', name: 'x' })).rejects.toThrow('away');
  });

  it('holds seeded objects with their status', async () => {
    const cluster = new InMemoryCluster();
    cluster.seed({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, status: { phase: 'Running' } });
    expect((await cluster.read({ apiVersion: 'v1', kind: 'Pod', name: 'x' }))?.['status']).toEqual({
      phase: 'Running',
    });
  });
});
