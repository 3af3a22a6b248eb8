import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { describe } from 'vitest';
import { parse, stringify } from 'yaml';

import { describeKubernetes } from './kubernetes.contract.js';

const file = process.env['SHIPIT_TEST_KUBECONFIG'];

describe.skipIf(file === undefined)('with a running control plane (SHIPIT_TEST_KUBECONFIG)', () => {
  describeKubernetes('real Kubernetes', async () => ({
    kubeconfig: await readKubeconfig(file ?? ''),
    close: async () => undefined,
  }));
});

/** Paths in a kubeconfig are relative to it. */
async function readKubeconfig(path: string): Promise<string> {
  const config = parse(await readFile(path, 'utf8'), (key, value: unknown) => {
    const isFile =
      typeof value === 'string' && ['certificate-authority', 'client-certificate', 'client-key'].includes(String(key));
    return isFile ? resolve(dirname(path), value) : value;
  });
  return stringify(config);
}
