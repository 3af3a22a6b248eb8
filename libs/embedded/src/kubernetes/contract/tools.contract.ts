import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';

import { deployment, job, widgetDefinition } from './sample-objects.contract.js';
import { setUpSuite, type Connect } from './suite.contract.js';

const run = promisify(execFile);

/** Where a tool lies: in KUBEBUILDER_ASSETS (the convention of envtest) or on PATH. */
export function findTool(name: string): string | undefined {
  const folders = [process.env['KUBEBUILDER_ASSETS'] ?? '', ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
}

/** The real kubectl and helm. */
export function describeTools(connect: Connect): void {
  const [kubectl, helm] = [findTool('kubectl'), findTool('helm')];

  describe('command line tools', () => {
    const suite = setUpSuite(connect);
    let folder = '';

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'kubernetes-tools-'));
      await writeFile(join(folder, 'kubeconfig'), suite.kubeconfig, { mode: 0o600 });
    });

    afterAll(() => rm(folder, { recursive: true, force: true }));

    async function call(tool: string | undefined, line: string, rest: string[] = []): Promise<string> {
      const env = { ...process.env, KUBECONFIG: join(folder, 'kubeconfig'), HOME: folder };
      const { stdout } = await run(tool ?? '', [...line.split(' '), '-n', suite.namespace, ...rest], {
        env,
        timeout: 30_000,
      });
      return stdout;
    }

    async function file(name: string, ...objects: object[]): Promise<string> {
      const path = join(folder, name);
      await writeFile(path, objects.map((object) => stringify(object)).join('---\n'));
      return path;
    }

    describe.skipIf(kubectl === undefined)('kubectl (on PATH or in KUBEBUILDER_ASSETS)', () => {
      it('applies, waits for, describes and deletes a deployment', async () => {
        const path = await file('good.yaml', deployment('good'), job('once', 'run:1'));
        expect(await call(kubectl, `apply --server-side -f ${path}`)).toBe(
          'deployment.apps/good serverside-applied\njob.batch/once serverside-applied\n',
        );
        expect(await call(kubectl, 'rollout status deployment/good --timeout=20s')).toContain(
          'deployment "good" successfully rolled out',
        );
        expect(await call(kubectl, 'wait --for=condition=complete job/once --timeout=20s')).toBe(
          'job.batch/once condition met\n',
        );
        expect(await call(kubectl, 'get deployment good --no-headers')).toMatch(/^good +1\/1 +1 +1 +\d+s\n$/);
        const described = await call(kubectl, 'describe deployment good');
        expect(described).toMatch(/Replicas: +1 desired \| 1 updated \| 1 total \| 1 available \| 0 unavailable/);
        expect(described).toMatch(/Normal +ScalingReplicaSet .* Scaled up replica set good-/);
        expect(await call(kubectl, 'describe pods -l app=good')).toMatch(/Ready: +True/);
        expect(await call(kubectl, `delete -f ${path} --timeout=20s`)).toContain('deployment.apps "good" deleted');
        expect(await call(kubectl, 'get deployment good --ignore-not-found')).toBe('');
      });

      it('applies from the client side twice, merging in between', async () => {
        const path = await file('client.yaml', deployment('client', { replicas: 0 }));
        const first = await call(kubectl, `apply -f ${path}`);
        await call(kubectl, 'scale deployment/client --replicas=0');
        await call(kubectl, 'set env deployment/client KEPT=yes');
        await file('client.yaml', deployment('client', { replicas: 0, image: 'nginx:2' }));
        const second = await call(kubectl, `apply -f ${path}`);

        expect([first, second]).toEqual(['deployment.apps/client created\n', 'deployment.apps/client configured\n']);
        expect(
          await call(kubectl, 'get deployment client', [
            '-o',
            'jsonpath={.spec.template.spec.containers[0].image} {.spec.template.spec.containers[0].env[0].name}',
          ]),
        ).toBe('nginx:2 KEPT');
      });

      it('tells conflicts', async () => {
        const path = await file('contested.yaml', deployment('contested', { replicas: 0 }));
        await call(kubectl, `apply --server-side --field-manager=one -f ${path}`);
        await file('contested.yaml', deployment('contested', { replicas: 0, image: 'nginx:2' }));

        await expect(call(kubectl, `apply --server-side --field-manager=two -f ${path}`)).rejects.toThrow(
          /Apply failed with 1 conflict: conflict with "one": \.spec\.template\.spec\.containers\[name="app"\]\.image/,
        );
        expect(await call(kubectl, `apply --server-side --force-conflicts --field-manager=two -f ${path}`)).toContain(
          'serverside-applied',
        );
      });

      it('refuses an unknown field', async () => {
        const path = await file('typo.yaml', { ...deployment('typo'), extra: 1 });

        await expect(call(kubectl, `apply --server-side -f ${path}`)).rejects.toThrow(/extra/);
      });

      it('creates from the command line', async () => {
        await call(kubectl, 'create configmap made --from-literal=a=b');
        await call(kubectl, 'create secret generic hidden --from-literal=key=value');
        await call(kubectl, 'create deployment started --image=nginx:1 --replicas=2');
        await call(kubectl, 'rollout status deployment/started --timeout=20s');

        expect(await call(kubectl, 'get configmap/made secret/hidden', ['-o', 'jsonpath={.items[*].data}'])).toBe(
          '{"a":"b"} {"key":"dmFsdWU="}',
        );
      });

      it('rolls back', async () => {
        await call(kubectl, 'create deployment undone --image=nginx:1');
        await call(kubectl, 'rollout status deployment/undone --timeout=20s');
        await call(kubectl, 'set image deployment/undone *=nginx:2');
        await call(kubectl, 'rollout status deployment/undone --timeout=20s');
        await call(kubectl, 'rollout undo deployment/undone');

        expect(
          await call(kubectl, 'get deployment undone', ['-o', 'jsonpath={.spec.template.spec.containers[0].image}']),
        ).toBe('nginx:1');
      });

      it('knows custom resources by their short name and columns', async () => {
        const group = `${suite.namespace}.tools.example.com`;
        await call(kubectl, `apply --server-side -f ${await file('definition.yaml', widgetDefinition(group))}`);
        await call(kubectl, `wait --for=condition=Established crd/widgets.${group} --timeout=20s`);
        await suite.until(suite.path('widgets', `${group}/v1`), (_body, { status }) => status === 200);
        await call(
          kubectl,
          `apply --server-side -f ${await file('widget.yaml', { apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name: 'mine' }, spec: { size: 4 } })}`,
        );

        expect(await call(kubectl, 'get wdg')).toMatch(/^NAME +SIZE +STATE +READY +AGE\nmine +4 .*\d+s\n$/);
        await call(kubectl, `delete crd widgets.${group} --wait=false`);
      });

      it('watches', async () => {
        await call(kubectl, 'create configmap watched');

        expect(
          await call(kubectl, 'get configmaps --watch --request-timeout=1s').catch(
            (error: { stdout: string }) => error.stdout,
          ),
        ).toMatch(/watched +0 +\d+s/);
      });
    });

    describe.skipIf(helm === undefined)('helm (on PATH or in KUBEBUILDER_ASSETS)', () => {
      it('lists, shows and tells the history of releases in secrets', async () => {
        await suite.api.create(suite.path('secrets'), releaseSecret(suite.namespace, 1, 'superseded'));
        await suite.api.create(suite.path('secrets'), releaseSecret(suite.namespace, 2, 'deployed'));
        const list = JSON.parse(await call(helm, 'list -o json'));
        const history = JSON.parse(await call(helm, 'history words -o json'));

        expect(list).toMatchObject([
          { name: 'words', namespace: suite.namespace, revision: '2', status: 'deployed', chart: 'words-0.1.0' },
        ]);
        expect(history.map((entry: { revision: number; status: string }) => [entry.revision, entry.status])).toEqual([
          [1, 'superseded'],
          [2, 'deployed'],
        ]);
        expect(await call(helm, 'get values words -o json')).toBe('{"tag":"2"}\n');
        expect(await call(helm, 'status words')).toContain('REVISION: 2');
      });

      it('installs, upgrades, rolls back and uninstalls a chart of its own', async () => {
        const chart = join(folder, 'own');
        await call(helm, `create ${chart}`);
        const image = [
          '--set',
          'image.repository=nginx',
          '--set',
          'autoscaling.enabled=false',
          '--wait',
          '--timeout',
          '30s',
        ];
        await call(helm, `install own ${chart}`, [...image, '--set', 'image.tag=1']);
        await call(helm, `upgrade own ${chart}`, [...image, '--set', 'image.tag=2']);
        expect(await call(helm, 'history own')).toMatch(/2 .*deployed/);
        await call(helm, 'rollback own 1 --wait --timeout 30s');
        expect((await suite.api.get(suite.deployments('own'))).body.spec.template.spec.containers[0].image).toBe(
          'nginx:1',
        );
        await call(helm, 'uninstall own --wait --timeout 30s');
        expect((await suite.api.get(suite.deployments('own'))).status).toBe(404);
      });
    });
  });
}

function releaseSecret(namespace: string, version: number, status: string): object {
  const info = {
    first_deployed: '2026-01-01T00:00:00Z',
    last_deployed: '2026-01-01T00:00:00Z',
    deleted: '',
    description: 'done',
    status,
  };
  const release = {
    name: 'words',
    version,
    namespace,
    info,
    chart: { metadata: { name: 'words', version: '0.1.0', apiVersion: 'v2' } },
    config: { tag: String(version) },
    manifest: '',
  };
  const packed = Buffer.from(gzipSync(JSON.stringify(release)).toString('base64')).toString('base64');
  const labels = { name: 'words', owner: 'helm', status, version: String(version), modifiedAt: '1767225600' };
  return {
    metadata: { name: `sh.helm.release.v1.words.v${version}`, labels },
    type: 'helm.sh/release.v1',
    data: { release: packed },
  };
}
