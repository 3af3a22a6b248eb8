import type { KubernetesObject } from '@shipit/clusters';
import { ClusterError } from '@shipit/clusters';
import { InMemoryCluster } from '@shipit/clusters/testing';
import { describe, expect, it } from 'vitest';
import { key, releaseFile, setUp } from '../../test/deployer-fixture.js';
import { lookUpIn } from './look-up.js';

const file = 'releases/word-counts.yaml';

function secret(name: string, namespace: string, data: Record<string, string> = {}): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, data };
}

function lookUp(serviceAccount?: string) {
  const cluster = new InMemoryCluster({ namespaces: ['shop', 'other'] });
  cluster.seed(secret('own', 'shop'), secret('neighbour', 'shop'), secret('foreign', 'other'));
  const target = { cluster, namespace: 'shop', name: 'web', ...(serviceAccount ? { serviceAccount } : {}) };
  const ask = lookUpIn(target);
  return {
    cluster,
    find: (kind: string, namespace = '', name = '', apiVersion = 'v1') =>
      ask({ apiVersion, kind, ...(namespace ? { namespace } : {}), ...(name ? { name } : {}) }),
  };
}

function namesIn(answer: Record<string, unknown> | undefined): string[] {
  return (answer?.['items'] as KubernetesObject[]).map(({ metadata }) => metadata.name).sort();
}

describe('a release without a service account', () => {
  it('sees what is in its target namespace, whoever made it', async () => {
    const { find } = lookUp();
    expect(await find('Secret', 'shop', 'neighbour')).toMatchObject({ metadata: { name: 'neighbour' } });
    expect(await find('Secret', 'shop', 'absent')).toBeUndefined();
    expect(namesIn(await find('Secret', 'shop'))).toEqual(['neighbour', 'own']);
  });

  it('sees nothing of another namespace, also not in the list of all', async () => {
    const { find } = lookUp();
    expect(await find('Secret', 'other', 'foreign')).toBeUndefined();
    expect(await find('Secret', 'other')).toMatchObject({ kind: 'SecretList', items: [] });
    expect(namesIn(await find('Secret'))).toEqual(['neighbour', 'own']);
    expect(await find('Secret', '', 'own')).toBeUndefined();
  });

  it('sees nothing that is in no namespace, and nothing of kinds that are not there', async () => {
    const { find } = lookUp();
    expect(await find('Namespace', '', 'shop')).toBeUndefined();
    expect(await find('Namespace')).toMatchObject({ items: [] });
    expect(await find('Unheard', 'shop', 'x', 'of.example/v1')).toBeUndefined();
    expect(await find('Unheard', 'shop', '', 'of.example/v1')).toBeUndefined();
    expect(await find('Secret', 'shop', 'own', '../api/v1')).toBeUndefined();
  });

  it('is not told that something is absent when nobody knows', async () => {
    const { cluster, find } = lookUp();
    cluster.failWith(new ClusterError('Unreachable', 'no answer in time'));
    await expect(find('Secret', 'shop', 'own')).rejects.toMatchObject({ isTransient: true });
  });

  it('is refused more than a rendering can use', async () => {
    const { cluster, find } = lookUp();
    cluster.seed(secret('large', 'shop', { text: 'x'.repeat(3 * 1024 * 1024) }));
    await find('Secret', 'shop', 'large');
    await find('Secret', 'shop', 'large');
    await expect(find('Secret', 'shop', 'large')).rejects.toMatchObject({ code: 'SHIPIT_CHART_TOO_LARGE' });
    cluster.seed(...['1', '2', '3'].map((at) => secret(at, 'shop', { text: 'x'.repeat(3 * 1024 * 1024) })));
    const target = { cluster, namespace: 'shop', name: 'x' };
    await expect(lookUpIn(target)({ apiVersion: 'v1', kind: 'Secret' })).rejects.toThrow(
      'is larger than 8388608 bytes',
    );
    for (let count = 0; count < 1001; count++) cluster.seed(secret(`secret-${count}`, 'other'));
    await expect(
      lookUpIn({ cluster, namespace: 'other', name: 'x' })({ apiVersion: 'v1', kind: 'Secret' }),
    ).rejects.toThrow('there are more than 1000');
  });
});

describe('a release with a service account', () => {
  it('sees whatever the cluster shows to that account', async () => {
    const { find } = lookUp('shop/deployer');
    expect(await find('Secret', 'other', 'foreign')).toMatchObject({ metadata: { name: 'foreign' } });
    expect(await find('Namespace', '', 'other')).toMatchObject({ metadata: { name: 'other' } });
    expect(namesIn(await find('Secret'))).toEqual(['foreign', 'neighbour', 'own']);
    expect(await find('Secret', '', 'own')).toBeUndefined();
  });

  it('is told that it may not, as by Helm, and not that there is nothing', async () => {
    const { cluster, find } = lookUp('shop/deployer');
    cluster.failWith(new ClusterError('Forbidden', 'may not'));
    await expect(find('Secret', 'shop', 'own')).rejects.toMatchObject({ reason: 'Forbidden' });
  });
});

describe('a chart that generates a password', () => {
  const template = `{{- $old := lookup "v1" "Secret" .Release.Namespace "generated" }}
{{- $password := randAlphaNum 24 | b64enc }}
{{- if $old }}{{ $password = index $old.data "password" }}{{ end }}
apiVersion: v1
kind: Secret
metadata: {name: generated}
data: {password: {{ $password }}}
`;
  const files = (tag: string) => ({
    [file]: releaseFile(tag),
    'charts/web/templates/secret.yaml': template,
  });

  it('keeps it over upgrades, and is not deployed anew because of it', async () => {
    const fixture = await setUp(files('one'));
    await fixture.deploy();
    const password = (await fixture.read('Secret', 'generated'))?.['data'];
    expect(password).toMatchObject({ password: expect.stringMatching(/.{32}/) as string });
    await fixture.commit(releaseFile('two'));
    await fixture.deploy();
    expect(await fixture.status()).toMatchObject({ state: 'Deployed', revision: 2 });
    expect((await fixture.read('Secret', 'generated'))?.['data']).toEqual(password);
    await fixture.pass();
    expect(await fixture.records()).toEqual(['v1 superseded', 'v2 deployed']);
  });

  it('waits where the cluster cannot tell, and makes no new one', async () => {
    const fixture = await setUp(files('one'));
    await fixture.deploy();
    const password = (await fixture.read('Secret', 'generated'))?.['data'];
    await fixture.commit(releaseFile('two'));
    const restore = failReading(fixture.cluster, 'generated', new ClusterError('Unreachable', 'no answer in time'));
    expect(await fixture.pass()).toBeInstanceOf(Date);
    expect(await fixture.records()).toEqual(['v1 deployed']);
    restore();
    await fixture.deploy();
    expect(await fixture.status()).toMatchObject({ state: 'Deployed', revision: 2 });
    expect((await fixture.read('Secret', 'generated'))?.['data']).toEqual(password);
  });

  it('waits for the right to look, says so, and goes on once it has it', async () => {
    const fixture = await setUp(files('one'));
    const restore = failReading(fixture.cluster, 'generated', new ClusterError('Forbidden', 'secrets is forbidden'));
    await fixture.sync.run();
    expect(await fixture.pass()).toBeInstanceOf(Date);
    expect(await fixture.status()).toMatchObject({ state: 'Pending', reason: 'Forbidden' });
    expect((await fixture.status()).message).toContain('secrets is forbidden');
    expect(await fixture.records()).toEqual([]);
    restore();
    await fixture.deploy(key);
    expect(await fixture.status()).toMatchObject({ state: 'Deployed', revision: 1 });
  });
});

/** One object cannot be read until the returned function is called. */
function failReading(cluster: InMemoryCluster, name: string, error: ClusterError): () => void {
  const read = cluster.read.bind(cluster);
  cluster.read = (ref) => (ref.name === name ? Promise.reject(error) : read(ref));
  return () => {
    cluster.read = read;
  };
}
