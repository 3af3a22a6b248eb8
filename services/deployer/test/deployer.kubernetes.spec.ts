import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startRedis } from '@shipit/testing';
import { chartFiles, releaseFile } from './deployer-fixture.js';
import { deployerSuite } from './deployer.suite.js';
import { setUp } from './running-deployer.js';

const run = promisify(execFile);
const kubeconfig = process.env['SHIPIT_TEST_KUBECONFIG'] ?? '';
const assets = process.env['KUBEBUILDER_ASSETS'];
const path = 'releases/word-counts.yaml';

describe.skipIf(kubeconfig === '')('on the real control plane (skipped without SHIPIT_TEST_KUBECONFIG)', () => {
  deployerSuite('the deployer', () => Promise.resolve(kubeconfig));

  it('leaves records that the real Helm lists, and a release that kubectl can wait for', async () => {
    const namespace = `deployer-helm-${process.pid}-${Date.now() % 1e6}`;
    const file = (tag: string) => releaseFile(tag).replace('namespace: default', `namespace: ${namespace}`);
    const redis = await startRedis();
    const deployer = await setUp({ redis, kubeconfig, namespace, files: { ...chartFiles, [path]: file('one') } });
    const tool = async (name: string, ...args: string[]) =>
      (
        await run(assets === undefined ? name : join(assets, name), [
          ...args,
          '--namespace',
          namespace,
          '--kubeconfig',
          kubeconfig,
        ])
      ).stdout;
    try {
      await deployer.start();
      await deployer.until('Deployed');
      const commit = await deployer.commit({ [path]: file('two') });
      await deployer.until('Deployed', commit);
      expect(JSON.parse(await tool('helm', 'list', '-o', 'json'))).toMatchObject([
        { name: 'word-counts', revision: '2', status: 'deployed', chart: 'web-1.0.0' },
      ]);
      expect(JSON.parse(await tool('helm', 'history', 'word-counts', '-o', 'json'))).toMatchObject([
        { revision: 1, status: 'superseded' },
        { revision: 2, status: 'deployed', description: 'Upgrade complete' },
      ]);
      expect(await tool('helm', 'get', 'values', 'word-counts')).toContain('tag: two');
      expect(await tool('helm', 'get', 'manifest', 'word-counts')).toContain('registry.example/word-counts:two');
      await tool('kubectl', 'wait', '--for=condition=Ready', 'helmrelease/word-counts', '--timeout=5s');
      expect(await tool('kubectl', 'get', 'rls')).toMatch(/word-counts\s+Deployed\s+web/);

      // Git says what runs: a rollback by hand is put right, as a revision of its own.
      await tool('helm', 'rollback', 'word-counts', '1', '--wait=hookOnly');
      await redis.empty();
      await deployer.commit({ 'README.md': 'wake' });
      await expect
        .poll(async () => (await deployer.release())?.status?.revision, { timeout: 90_000, interval: 500 })
        .toBe(4);
      await deployer.until('Deployed', commit);
    } finally {
      await deployer.close();
      await redis.close();
    }
  });

  it('acts with the rights of the service account that a release names, and waits for them', async () => {
    const namespace = `deployer-account-${process.pid}-${Date.now() % 1e6}`;
    const file = releaseFile('one', { spec: '  serviceAccountName: limited\n' }).replace(
      'namespace: default',
      `namespace: ${namespace}`,
    );
    const redis = await startRedis();
    const deployer = await setUp({ redis, kubeconfig, namespace, files: { ...chartFiles, [path]: file } });
    try {
      await deployer.cluster.apply({
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'limited', namespace },
      });
      await deployer.start();
      expect(await deployer.until('Pending')).toMatchObject({ reason: 'Forbidden' });
      await deployer.cluster.apply({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'limited', namespace },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' },
        subjects: [{ kind: 'ServiceAccount', name: 'limited', namespace }],
      });
      await deployer.until('Deployed');
    } finally {
      await deployer.close();
      await redis.close();
    }
  });
});
