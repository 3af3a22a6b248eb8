import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';

import { waitUntil } from '@shipit/testing';

import { ApiClient, type Answer, type ClusterUnderTest } from './api-client.contract.js';

export type Connect = () => Promise<ClusterUnderTest>;

/** The verbs which the suites speak, in a namespace of their own. */
export interface Suite {
  api: ApiClient;
  kubeconfig: string;
  namespace: string;
  /** `/api/v1/namespaces/<own>/configmaps`, or with a group version `/apis/…`. */
  path(plural: string, groupVersion?: string): string;
  deployments(name?: string): string;
  /** Reads until the answer is as wanted; fails with what was there last. */
  until(
    path: string,
    isWanted: (body: Answer['body'], answer: Answer) => boolean,
    limitMs?: number,
  ): Promise<Answer['body']>;
}

export function setUpSuite(connect: Connect): Suite {
  const suite = {} as Suite;
  let close: () => Promise<void> = async () => undefined;

  beforeAll(async () => {
    const cluster = await connect();
    close = cluster.close;
    const api = await ApiClient.connect(cluster.kubeconfig);
    const namespace = `contract-${randomBytes(4).toString('hex')}`;
    await api.create('/api/v1/namespaces', { metadata: { name: namespace } });
    const path = (plural: string, groupVersion = 'v1'): string =>
      `${groupVersion === 'v1' ? '/api/v1' : `/apis/${groupVersion}`}/namespaces/${namespace}/${plural}`;
    const deployments = (name?: string): string =>
      `${path('deployments', 'apps/v1')}${name === undefined ? '' : `/${name}`}`;
    const until: Suite['until'] = (at, isWanted, limitMs = 15_000) => readUntil(api, at, isWanted, limitMs);
    Object.assign(suite, { api, kubeconfig: cluster.kubeconfig, namespace, path, deployments, until });
    await until(`/api/v1/namespaces/${namespace}/serviceaccounts/default`, (_body, { status }) => status === 200);
  });

  afterAll(async () => {
    // Its end is not waited for: on the real cluster that takes seconds.
    if (suite.api) await suite.api.delete(`/api/v1/namespaces/${suite.namespace}`);
    await close();
  });

  return suite;
}

async function readUntil(
  api: ApiClient,
  path: string,
  isWanted: (body: Answer['body'], answer: Answer) => boolean,
  limitMs: number,
): Promise<Answer['body']> {
  let last: Answer | undefined;
  try {
    return await waitUntil(
      async () => {
        last = await api.get(path);
        return isWanted(last.body, last) ? { body: last.body } : undefined;
      },
      { limitMs, everyMs: 50 },
    ).then(({ body }) => body);
  } catch (error) {
    throw new Error(`${path} did not become as wanted; it is ${last?.text ?? 'absent'}`, { cause: error });
  }
}
