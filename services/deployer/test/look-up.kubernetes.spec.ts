import { HelmEngine } from '@shipit/charts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chartFiles, releaseFile } from './deployer-fixture.js';
import { type DeployerOnCluster, setUpOn } from './deployer-on-cluster.js';

const kubeconfig = process.env['SHIPIT_TEST_KUBECONFIG'] ?? '';
const path = 'releases/word-counts.yaml';
const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1' };

const generated = `{{- $old := lookup "v1" "Secret" .Release.Namespace "generated" }}
apiVersion: v1
kind: Secret
metadata: {name: generated}
data: {password: {{ ($old.data).password | default (randAlphaNum 24 | b64enc) }}}
`;
/** Writes down what it sees of a namespace, of all namespaces and of the cluster. */
const curious = (namespace: string) => `apiVersion: v1
kind: ConfigMap
metadata: {name: seen}
data:
  named: {{ dig "data" "password" "nothing" (lookup "v1" "Secret" "${namespace}" "foreign") | quote }}
  listed: {{ range (lookup "v1" "Secret" "${namespace}" "").items }}{{ .metadata.name }}{{ end }}
  everywhere: "{{ range (lookup "v1" "Secret" "" "").items }}{{ .metadata.namespace }}/{{ .metadata.name }} {{ end }}"
  namespace: {{ dig "metadata" "name" "nothing" (lookup "v1" "Namespace" "" "${namespace}") }}
  unheard: {{ lookup "example.com/v1" "Unheard" "${namespace}" "x" | toJson | quote }}
`;

const mirror = (namespace: string) => `apiVersion: v1
kind: ConfigMap
metadata: {name: mirror}
data:
  named: {{ lookup "v1" "Secret" "${namespace}" "foreign" | toJson | quote }}
  listed: {{ (lookup "v1" "Secret" "${namespace}" "").items | toJson | quote }}
  space: {{ lookup "v1" "Namespace" "" "${namespace}" | toJson | quote }}
  nowhere: {{ lookup "v1" "Secret" "" "foreign" | toJson | quote }}
  absent: {{ lookup "apps/v1" "Deployment" "${namespace}" "absent" | toJson | quote }}
`;

describe.skipIf(kubeconfig === '')('lookup on the real control plane (skipped without SHIPIT_TEST_KUBECONFIG)', () => {
  const engine = new HelmEngine({ workers: 1 });
  const foreign = `look-up-${process.pid}-${Date.now() % 1e6}`;
  let running: DeployerOnCluster | undefined;
  beforeAll(async () => {
    const deployer = await setUpOn({ kubeconfig, engine, files: () => ({ 'README.md': '' }) });
    await deployer.cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: foreign } });
    const data = { password: Buffer.from('theirs').toString('base64') };
    await deployer.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'foreign', namespace: foreign }, data });
    await deployer.close();
  });
  afterEach(() => running?.close());
  afterAll(() => engine.close());

  async function setUp(template: string, spec = '') {
    const fileIn = (namespace: string) => (tag: string) =>
      releaseFile(tag, { spec }).replace('namespace: default', `namespace: ${namespace}`);
    const files = (namespace: string) => ({
      ...chartFiles,
      'charts/web/templates/look-up.yaml': template,
      [path]: fileIn(namespace)('one'),
    });
    running = await setUpOn({ kubeconfig, engine, files });
    return { ...running, file: fileIn(running.namespace) };
  }

  it('keeps a generated password over upgrades, by Ship-it and by hand', async () => {
    const { commit, file, helm, read, sync, untilDeployed } = await setUp(generated);
    await sync.run();
    await untilDeployed(1);
    const password = (await read('Secret', 'generated'))?.['data'];
    expect(password).toMatchObject({ password: expect.stringMatching(/^.{32}$/) as string });
    for (const [at, tag] of ['two', 'three'].entries()) {
      await commit({ [path]: file(tag) });
      await untilDeployed(at + 2);
    }
    await helm('rollback', 'word-counts', '1');
    await untilDeployed(5);
    expect((await read('Secret', 'generated'))?.['data']).toEqual(password);
  });

  it('shows a release without a service account its target namespace and nothing else', async () => {
    const { apply, namespace, read, sync, untilDeployed } = await setUp(curious(foreign));
    await apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'own' } });
    await sync.run();
    await untilDeployed(1);
    expect((await read('ConfigMap', 'seen'))?.['data']).toEqual({
      named: 'nothing',
      listed: '',
      everywhere: `${namespace}/own `,
      namespace: 'nothing',
      unheard: '{}',
    });
  });

  it('answers what the real Helm answers', async () => {
    const { apply, folder, helm, namespace, sync, untilDeployed } = await setUp(
      mirror(foreign),
      '  serviceAccountName: all\n',
    );
    await apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'all' } });
    await running?.cluster.apply({
      ...{ ...rbac, kind: 'ClusterRoleBinding', metadata: { name: `${namespace}-all` } },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', name: 'all', namespace }],
    });
    const chart = await folder('web', {
      'Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
      'templates/look-up.yaml': mirror(foreign),
    });
    const told = await helm('template', 'word-counts', chart, '--dry-run=server');
    await sync.run();
    await untilDeployed(1);
    const ours = await helm('get', 'manifest', 'word-counts');
    const lines = (text: string) => text.split('\n').filter((line) => /^ {2}[a-z]+: /.test(line));
    expect(lines(told)).toHaveLength(5);
    expect(lines(ours)).toEqual(expect.arrayContaining(lines(told)));
  });

  it('shows a release with a service account what that may see, and waits for rights it lacks', async () => {
    const { apply, namespace, read, sync, until, untilDeployed } = await setUp(
      curious(foreign),
      '  serviceAccountName: limited\n',
    );
    await apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'limited' } });
    const subjects = [{ kind: 'ServiceAccount', name: 'limited', namespace }];
    const roleRef = (name: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name });
    await apply({
      ...{ ...rbac, kind: 'RoleBinding', metadata: { name: 'limited' } },
      ...{ roleRef: roleRef('edit'), subjects },
    });
    await sync.run();
    const waiting = await until(({ reason }) => reason === 'Forbidden');
    expect(waiting).toMatchObject({ state: 'Pending' });
    expect(waiting.message).toContain(`system:serviceaccount:${namespace}:limited`);
    expect(await read('ConfigMap', 'seen')).toBeUndefined();

    const name = `${namespace}-reads`;
    const rules = [{ apiGroups: [''], resources: ['secrets', 'namespaces'], verbs: ['get', 'list'] }];
    const everywhere = (object: object) => running?.cluster.apply({ ...rbac, ...object, metadata: { name } } as never);
    await everywhere({ kind: 'ClusterRole', rules });
    await everywhere({ kind: 'ClusterRoleBinding', roleRef: roleRef(name), subjects });
    await untilDeployed(1);
    expect((await read('ConfigMap', 'seen'))?.['data']).toMatchObject({
      named: Buffer.from('theirs').toString('base64'),
      listed: 'foreign',
      everywhere: expect.stringContaining(`${foreign}/foreign`) as string,
      namespace: foreign,
    });
  });
});
