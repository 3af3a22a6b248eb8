import { randomBytes } from 'node:crypto';
import { InMemoryCluster } from '@shipit/clusters/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { HelmEngine } from './helm-engine.js';
import { HelmRenderer } from './helm-renderer.js';
import { chartOf } from './in-memory-chart-source.js';
import type { ReleaseRecord, ReleaseStatus } from './release-content.js';
import { type NewRelease, ReleaseRecords } from './release-records.js';

const engine = new HelmEngine({ workers: 1 });
afterAll(() => engine.close());

describe('release records', () => {
  it('say again what was recorded', async () => {
    const { record, records } = setUp();
    const content = await records.read(await record(1, 'pending-install'));
    expect(content).toMatchObject({
      name: 'shop',
      namespace: 'prod',
      revision: 1,
      status: 'pending-install',
      description: 'Installing',
      firstDeployed: new Date('2026-11-21T01:00:00Z'),
      notes: 'Open shop',
      chart: { name: 'web', version: '1.2.3' },
      values: { size: 2 },
      applyMethod: 'ssa',
      manifests: [{ kind: 'ConfigMap', data: { size: '2' } }],
      hooks: [{ name: 'migrate', events: ['pre-install'], object: { kind: 'Job' } }],
    });
  });

  it('are Secrets of the form that Helm looks for', async () => {
    const { record, cluster } = setUp();
    await record(1, 'deployed');
    const name = 'sh.helm.release.v1.shop.v1';
    expect(await cluster.read({ apiVersion: 'v1', kind: 'Secret', namespace: 'prod', name })).toMatchObject({
      type: 'helm.sh/release.v1',
      metadata: { labels: { name: 'shop', owner: 'helm', status: 'deployed', version: '1' } },
    });
  });

  it('are listed newest first, by number and not by name, and carry annotations', async () => {
    const { record, records } = setUp();
    for (const revision of [1, 2, 9, 10]) await record(revision, 'superseded');
    const listed = await records.list('prod', 'shop');
    expect(listed.map(({ revision }) => revision)).toEqual([10, 9, 2, 1]);
    expect(listed[0]?.annotations).toEqual({ 'shipit.dev/inputs': 'abc' });
    expect(await records.list('prod', 'other')).toEqual([]);
  });

  it('are created by one writer only', async () => {
    const { record } = setUp();
    await record(1, 'pending-install');
    await expect(record(1, 'pending-install')).rejects.toMatchObject({ code: 'SHIPIT_RECORD_EXISTS' });
  });

  it('change their status and the runs of their hooks, and nothing else', async () => {
    const { record, records } = setUp();
    const before = await records.read(await record(1, 'pending-install'));
    const [stored] = await records.list('prod', 'shop');
    const run = { startedAt: '2026-11-21T01:00:01Z', completedAt: '2026-11-21T01:00:09Z', phase: 'Succeeded' as const };
    const changed = await records.setStatus(stored as ReleaseRecord, {
      status: 'deployed',
      description: 'Install complete',
      hookRuns: [{ kind: 'Job', name: 'migrate', run }],
    });
    expect(changed.status).toBe('deployed');
    const after = await records.read(changed);
    expect(after.hooks[0]?.lastRun).toEqual(run);
    expect({ ...after, hooks: [] }).toEqual({
      ...before,
      hooks: [],
      status: 'deployed',
      description: 'Install complete',
    });
  });

  it('are not changed by somebody who read them before another change', async () => {
    const { record, records } = setUp();
    const stale = await record(1, 'pending-install');
    await records.setStatus(stale, { status: 'failed' });
    await expect(records.setStatus(stale, { status: 'deployed' })).rejects.toMatchObject({ reason: 'Conflict' });
  });

  it.each([
    [3, ['failed', 'deployed', 'superseded', 'superseded'] as const, [1]],
    [2, ['pending-upgrade', 'failed', 'failed', 'deployed'] as const, [3, 2]],
    [1, ['pending-upgrade', 'superseded', 'deployed'] as const, [2]],
    [2, ['failed', 'failed', 'failed'] as const, [1]],
    [0, ['deployed', 'superseded'] as const, []],
  ])('are pruned to %i, but never the newest nor the deployed one: %j', async (max, statuses, removed) => {
    const { record, records } = setUp();
    for (const [i, status] of [...statuses].reverse().entries()) await record(i + 1, status);
    expect(await records.prune('prod', 'shop', max)).toEqual(removed);
    expect(await records.list('prod', 'shop')).toHaveLength(statuses.length - removed.length);
  });

  it('tell when they were last changed, by whoever did', async () => {
    const { cluster, record, records } = setUp();
    const created = await record(1, 'pending-install');
    expect(created.changedAt).toEqual(new Date('2026-11-21T02:00:00Z'));
    const ref = { apiVersion: 'v1', kind: 'Secret', namespace: 'prod', name: 'sh.helm.release.v1.shop.v1' };
    await cluster.mergePatch(ref, { metadata: { labels: { modifiedAt: '1795239000' } } });
    const [changed] = await records.list('prod', 'shop');
    expect(changed?.changedAt).toEqual(new Date(1_795_239_000_000));
    await cluster.mergePatch(ref, { metadata: { labels: { modifiedAt: 'soon', createdAt: null } } });
    const [unlabelled] = await records.list('prod', 'shop');
    expect(unlabelled?.changedAt?.getTime()).not.toBeNaN();
  });

  it('that do not fit into a Secret are refused before they are stored', async () => {
    const { records, release } = setUp();
    const noise = randomBytes(1_200_000).toString('base64');
    const tooLarge = { ...(await release(1, 'pending-install')), chart: await chartOf({ 'files/noise.txt': noise }) };
    const error: unknown = await records.encode(tooLarge).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'SHIPIT_RECORD_TOO_LARGE' });
    expect(await records.list('prod', 'shop')).toEqual([]);
  });

  it('that are damaged are told as such', async () => {
    const { record, records } = setUp();
    const damaged = { ...(await record(1, 'deployed')), release: 'H4sIAAAA' };
    await expect(records.read(damaged)).rejects.toMatchObject({ code: 'SHIPIT_RECORD_UNREADABLE' });
  });
});

interface Bench {
  cluster: InMemoryCluster;
  records: ReleaseRecords;
  release: (revision: number, status: ReleaseStatus) => Promise<NewRelease>;
  record: (revision: number, status: ReleaseStatus) => Promise<ReleaseRecord>;
}

function setUp(): Bench {
  const cluster = new InMemoryCluster({ namespaces: ['prod'] });
  const records = new ReleaseRecords(cluster, engine, () => new Date('2026-11-21T02:00:00Z'));
  const renderer = new HelmRenderer(engine);
  async function release(revision: number, status: ReleaseStatus): Promise<NewRelease> {
    const chart = await chartOf({
      'values.yaml': 'size: 1',
      'templates/map.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: map}\ndata: {size: "{{ .Values.size }}"}\n',
      'templates/job.yaml':
        'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n  annotations: {helm.sh/hook: pre-install}\n',
      'templates/NOTES.txt': 'Open {{ .Release.Name }}',
    });
    const request = { chart, values: [{ size: 2 }], name: 'shop', namespace: 'prod', revision };
    const rendered = await renderer.render({ ...request, isUpgrade: false });
    const lastDeployed = new Date('2026-11-21T01:00:00Z');
    const annotations = { 'shipit.dev/inputs': 'abc' };
    return {
      ...request,
      rendered,
      status,
      description: 'Installing',
      firstDeployed: lastDeployed,
      lastDeployed,
      annotations,
    };
  }
  return {
    cluster,
    records,
    release,
    record: async (revision, status) => records.create(await records.encode(await release(revision, status))),
  };
}
