import { startKubernetes } from '@shipit/embedded';
import { clusterContract, type ClusterUnderTest } from './cluster.contract.js';
import { KubernetesCluster } from './kubernetes-cluster.js';
import { rolloutContract } from './rollout.contract.js';

async function start(): Promise<ClusterUnderTest> {
  const server = await startKubernetes({ timings: { slowReadyMs: 2_000, crashRetryMs: 500, pullRetryMs: 500 } });
  const cluster = new KubernetesCluster({ name: 'embedded', kubeconfigText: server.kubeconfig });
  return {
    cluster,
    close: async () => {
      cluster.close();
      await server.close();
    },
  };
}

clusterContract('the embedded API server', start);
// It runs neither stateful nor daemon sets.
rolloutContract('the embedded API server rolls deployments out', {
  start,
  tags: ['ok', 'flaky', 'slow', 'bad', 'crash'],
  workloads: [],
});
