import { describe } from 'vitest';
import { KubernetesCluster } from './kubernetes-cluster.js';
import { rolloutContract } from './rollout.contract.js';

const kubeconfigFile = process.env['SHIPIT_TEST_KUBECONFIG'];

describe.skipIf(!kubeconfigFile)('a real control plane (skipped without SHIPIT_TEST_KUBECONFIG)', () => {
  const start = async () => {
    const cluster = new KubernetesCluster({ name: 'test', kubeconfigFile });
    return { cluster, close: () => cluster.close() };
  };
  const tags = ['ok', 'heals', 'flaky', 'slow', 'bad', 'crash'];
  rolloutContract('rolls workloads out', { start, tags, workloads: ['StatefulSet', 'DaemonSet'] });
});
