import { randomBytes, randomUUID } from 'node:crypto';
import { KubernetesCluster } from '@shipit/clusters';
import { findHelm, helm } from '@shipit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HelmEngine } from '../src/helm-engine.js';
import { chartOf } from '../src/in-memory-chart-source.js';
import { type EncodedRelease, ReleaseRecords } from '../src/release-records.js';

const kubeconfig = process.env['SHIPIT_TEST_KUBECONFIG'] ?? '';
const command = findHelm();

describe.skipIf(kubeconfig === '' || !command)(
  'release records on the real control plane (skipped without SHIPIT_TEST_KUBECONFIG)',
  () => {
    const namespace = `records-${randomUUID().slice(0, 8)}`;
    const cluster = new KubernetesCluster({ name: 'test', kubeconfigFile: kubeconfig });
    const engine = new HelmEngine({ workers: 1 });
    const records = new ReleaseRecords(cluster, engine);
    beforeAll(() => cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }));
    afterAll(async () => {
      await cluster.delete({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
      cluster.close();
      await engine.close();
    });

    async function encode(name: string, noiseBytes = 0): Promise<EncodedRelease> {
      const noise = randomBytes(noiseBytes).toString('base64');
      const now = new Date();
      return records.encode({
        ...{ namespace, name, revision: 1, values: [], status: 'pending-install', description: 'Install begun' },
        chart: await chartOf({ 'files/noise.txt': noise }),
        rendered: { manifestText: '', hooks: [], notes: '' },
        ...{ firstDeployed: now, lastDeployed: now },
      });
    }

    it('of many writers at once one wins', async () => {
      const encoded = await encode('race');
      const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => records.create(encoded)));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'SHIPIT_RECORD_EXISTS' });
    });

    it('as large as may be are stored, changed and read by the real Helm', async () => {
      const { length } = (await encode('large', 100_000)).release;
      const perByte = (length - (await encode('large', 0)).release.length) / 100_000;
      const encoded = await encode('large', Math.floor((1024 * 1024 - 8192) / perByte));
      expect(encoded.release.length).toBeGreaterThan(1024 * 1024 - 16_384);
      const created = await records.create(encoded);
      const description = 'Long '.repeat(100);
      await records.setStatus(created, { status: 'failed', description });
      const told = await helm(command ?? '', [
        'history',
        'large',
        '-n',
        namespace,
        '-o',
        'json',
        '--kubeconfig',
        kubeconfig,
      ]);
      expect(JSON.parse(told)).toMatchObject([{ revision: 1, status: 'failed', description }]);
    });
  },
);
