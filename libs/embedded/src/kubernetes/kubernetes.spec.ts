import { describeKubernetes } from './kubernetes.contract.js';
import { startKubernetes } from './start-kubernetes.js';

describeKubernetes('embedded Kubernetes', () => startKubernetes());
