import { KubeConfig } from '@kubernetes/client-node';

/** Where the credentials come from: one of the four, looked at in this order. */
export interface KubeConfigSource {
  kubeconfigText?: string | undefined;
  kubeconfigFile?: string | undefined;
  /** The service account of the pod that this runs in. */
  inCluster?: boolean | undefined;
  /** Default: the kubeconfig's current context. */
  context?: string | undefined;
}

/** Loads a kubeconfig; without any source as kubectl does: KUBECONFIG, ~/.kube/config, in the cluster. */
export function loadKubeConfig(source: KubeConfigSource): KubeConfig {
  const config = new KubeConfig();
  if (source.kubeconfigText !== undefined) config.loadFromString(source.kubeconfigText);
  else if (source.kubeconfigFile !== undefined) config.loadFromFile(source.kubeconfigFile);
  else if (source.inCluster) config.loadFromCluster();
  else config.loadFromDefault();
  if (source.context !== undefined) config.setCurrentContext(source.context);
  const cluster = config.getCurrentCluster();
  if (!cluster) {
    const known =
      config
        .getContexts()
        .map(({ name }) => name)
        .join(', ') || 'none';
    throw new Error(
      `The kubeconfig has no cluster for context "${config.getCurrentContext()}"; its contexts are: ${known}`,
    );
  }
  if (cluster.server.startsWith('http:') && !cluster.skipTLSVerify) {
    throw new Error(
      `Cluster "${cluster.name}" of the kubeconfig is served without TLS; set insecure-skip-tls-verify to allow that`,
    );
  }
  return config;
}
