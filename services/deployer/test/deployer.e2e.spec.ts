import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningKubernetes, startKubernetes } from '@shipit/embedded';
import { afterAll } from 'vitest';
import { deployerSuite } from './deployer.suite.js';

let kubernetes: RunningKubernetes | undefined;
let folder: string | undefined;
afterAll(async () => {
  await kubernetes?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

deployerSuite('the deployer on the embedded Kubernetes', async () => {
  kubernetes = await startKubernetes();
  folder = await mkdtemp(join(tmpdir(), 'shipit-kubeconfig-'));
  await writeFile(join(folder, 'kubeconfig'), kubernetes.kubeconfig, { mode: 0o600 });
  return join(folder, 'kubeconfig');
});
