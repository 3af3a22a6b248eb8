import { describe, expect, it } from 'vitest';

import { configMap, deployment, job } from './sample-objects.contract.js';
import { setUpSuite, type Connect } from './suite.contract.js';

/** Creating, reading and changing objects. */
export function describeObjects(connect: Connect): void {
  describe('objects', () => {
    const suite = setUpSuite(connect);

    it('creates an object with what the server fills in', async () => {
      const { status, body } = await suite.api.create(suite.path('configmaps'), configMap('filled'));

      expect(status).toBe(201);
      expect(body).toMatchObject({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        data: { a: '1' },
        metadata: { name: 'filled', namespace: suite.namespace },
      });
      expect(body.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
      expect(body.metadata.resourceVersion).toMatch(/^\d+$/);
      expect(body.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(body.metadata.generation).toBeUndefined();
    });

    it('refuses to create what is there, with AlreadyExists', async () => {
      await suite.api.create(suite.path('configmaps'), configMap('twice'));
      const { status, body } = await suite.api.create(suite.path('configmaps'), configMap('twice'));

      expect(status).toBe(409);
      expect(body).toMatchObject({
        kind: 'Status',
        status: 'Failure',
        reason: 'AlreadyExists',
        message: 'configmaps "twice" already exists',
        details: { name: 'twice', kind: 'configmaps' },
        code: 409,
      });
    });

    it('says what is not there, with its group', async () => {
      const { status, body } = await suite.api.get(suite.deployments('nobody'));

      expect(status).toBe(404);
      expect(body).toMatchObject({
        reason: 'NotFound',
        message: 'deployments.apps "nobody" not found',
        details: { name: 'nobody', group: 'apps', kind: 'deployments' },
      });
    });

    it('answers 404 for a kind that is not served', async () => {
      const { status, body } = await suite.api.get('/apis/nothing.example/v1/things');

      expect(status).toBe(404);
      expect(body?.reason ?? 'NotFound').toBe('NotFound');
    });

    it('creates nothing in a namespace that is absent', async () => {
      const { status, body } = await suite.api.create('/api/v1/namespaces/absent/configmaps', configMap('lost'));

      expect(status).toBe(404);
      expect(body.message).toBe('namespaces "absent" not found');
    });

    it('refuses a namespace in the body that is not the one of the path', async () => {
      const { status, body } = await suite.api.create(
        suite.path('configmaps'),
        configMap('elsewhere', {}, { namespace: 'default' }),
      );

      expect(status).toBe(400);
      expect(body).toMatchObject({
        reason: 'BadRequest',
        message: 'the namespace of the provided object does not match the namespace sent on the request',
      });
    });

    it('draws a name from a prefix', async () => {
      const { body } = await suite.api.create(suite.path('configmaps'), { metadata: { generateName: 'drawn-' } });

      expect(body.metadata.name).toMatch(/^drawn-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
      expect(body.metadata.generateName).toBe('drawn-');
    });

    it('refuses a name that is no DNS name', async () => {
      const { status, body } = await suite.api.create(suite.path('configmaps'), configMap('Not_A_Name'));

      expect(status).toBe(422);
      expect(body).toMatchObject({ reason: 'Invalid', details: { name: 'Not_A_Name', kind: 'ConfigMap' } });
      expect(body.details.causes[0]).toMatchObject({ reason: 'FieldValueInvalid', field: 'metadata.name' });
      expect(body.message).toMatch(
        /^ConfigMap "Not_A_Name" is invalid: metadata.name: Invalid value: "Not_A_Name": a lowercase RFC 1123 subdomain must consist of/,
      );
    });

    it('refuses a label value that is none', async () => {
      const { status, body } = await suite.api.create(
        suite.path('configmaps'),
        configMap('labelled', {}, { labels: { a: 'not a label' } }),
      );

      expect(status).toBe(422);
      expect(body.details.causes[0]).toMatchObject({ reason: 'FieldValueInvalid', field: 'metadata.labels' });
    });

    it('replaces an object only at the version that was read', async () => {
      const { body: first } = await suite.api.create(suite.path('configmaps'), configMap('raced'));
      const path = suite.path('configmaps/raced');
      const second = await suite.api.put(path, { ...first, data: { a: '2' } });
      const late = await suite.api.put(path, { ...first, data: { a: '3' } });

      expect(second.status).toBe(200);
      expect(Number(second.body.metadata.resourceVersion)).toBeGreaterThan(Number(first.metadata.resourceVersion));
      expect(late.status).toBe(409);
      expect(late.body).toMatchObject({
        reason: 'Conflict',
        message:
          'Operation cannot be fulfilled on configmaps "raced": the object has been modified; please apply your changes to the latest version and try again',
      });
    });

    it('keeps the version when a write changes nothing', async () => {
      const { body: first } = await suite.api.create(suite.path('configmaps'), configMap('same'));
      const { body: second } = await suite.api.put(suite.path('configmaps/same'), first);
      const { body: third } = await suite.api.mergePatch(suite.path('configmaps/same'), { data: { a: '1' } });

      expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
      expect(third.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    });

    it('fails a patch that names an old version', async () => {
      const { body } = await suite.api.create(suite.path('configmaps'), configMap('stale'));
      await suite.api.mergePatch(suite.path('configmaps/stale'), { data: { a: '2' } });
      const late = await suite.api.mergePatch(suite.path('configmaps/stale'), {
        metadata: { resourceVersion: body.metadata.resourceVersion },
        data: { a: '3' },
      });

      expect(late.status).toBe(409);
      expect(late.body.reason).toBe('Conflict');
    });

    it('says what a dry run would store, and stores nothing', async () => {
      const created = await suite.api.create(`${suite.path('configmaps')}?dryRun=All`, configMap('dry'));
      const read = await suite.api.get(suite.path('configmaps/dry'));

      expect(created.status).toBe(201);
      expect(created.body.metadata.uid).toBeTruthy();
      expect(read.status).toBe(404);
    });

    it('fills in a deployment as Kubernetes does', async () => {
      const template = {
        metadata: { labels: { app: 'full' } },
        spec: {
          containers: [
            {
              name: 'app',
              image: 'nginx:1',
              ports: [{ containerPort: 80 }],
              resources: { limits: { cpu: '0.5', memory: '1024Mi' } },
              readinessProbe: { httpGet: { port: 80 } },
            },
          ],
          volumes: [{ name: 'v', configMap: { name: 'x' } }],
        },
      };
      const { body } = await suite.api.create(
        suite.deployments(),
        deployment('full', { replicas: 0, spec: { template } }),
      );

      expect(body.metadata.generation).toBe(1);
      expect(body.spec).toEqual({
        replicas: 0,
        selector: { matchLabels: { app: 'full' } },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        template: {
          metadata: expect.objectContaining({ labels: { app: 'full' } }),
          spec: {
            restartPolicy: 'Always',
            terminationGracePeriodSeconds: 30,
            dnsPolicy: 'ClusterFirst',
            securityContext: {},
            schedulerName: 'default-scheduler',
            volumes: [{ name: 'v', configMap: { name: 'x', defaultMode: 420 } }],
            containers: [
              {
                name: 'app',
                image: 'nginx:1',
                ports: [{ containerPort: 80, protocol: 'TCP' }],
                resources: { limits: { cpu: '500m', memory: '1Gi' } },
                readinessProbe: {
                  httpGet: { path: '/', port: 80, scheme: 'HTTP' },
                  timeoutSeconds: 1,
                  periodSeconds: 10,
                  successThreshold: 1,
                  failureThreshold: 3,
                },
                terminationMessagePath: '/dev/termination-log',
                terminationMessagePolicy: 'File',
                imagePullPolicy: 'IfNotPresent',
              },
            ],
          },
        },
      });
    });

    it('fills in a service, gives it an address and keeps it', async () => {
      const { body } = await suite.api.create(suite.path('services'), {
        metadata: { name: 'web' },
        spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
      });

      expect(body.spec.clusterIP).toMatch(/^10\.\d+\.\d+\.\d+$/);
      expect(body.spec).toEqual({
        selector: { app: 'web' },
        ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
        clusterIP: body.spec.clusterIP,
        clusterIPs: [body.spec.clusterIP],
        type: 'ClusterIP',
        sessionAffinity: 'None',
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        internalTrafficPolicy: 'Cluster',
      });
      const { body: patched } = await suite.api.mergePatch(suite.path('services/web'), {
        spec: { selector: { app: 'other' } },
      });
      expect(patched.spec.clusterIP).toBe(body.spec.clusterIP);
    });

    it('encodes the plain text of a secret', async () => {
      const { body } = await suite.api.create(suite.path('secrets'), {
        metadata: { name: 'plain' },
        stringData: { key: 'value' },
      });

      expect(body).toMatchObject({ type: 'Opaque', data: { key: 'dmFsdWU=' } });
      expect(body.stringData).toBeUndefined();
    });

    it('counts generations for what is wanted only, and keeps the status out of main writes', async () => {
      await suite.api.create(suite.deployments(), deployment('counted', { replicas: 0 }));
      const path = suite.deployments('counted');
      const labelled = await suite.api.mergePatch(path, { metadata: { labels: { a: 'b' } }, status: { replicas: 7 } });
      const scaled = await suite.api.mergePatch(path, { spec: { minReadySeconds: 1 } });

      expect(labelled.body.metadata.generation).toBe(1);
      expect(labelled.body.status.replicas ?? 0).toBe(0);
      expect(scaled.body.metadata.generation).toBe(2);
    });

    it('writes the status, and nothing else, through its own path', async () => {
      await suite.api.create(suite.path('persistentvolumeclaims'), {
        metadata: { name: 'claim' },
        spec: { storageClassName: 'none', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      });
      const { status, body } = await suite.api.mergePatch(suite.path('persistentvolumeclaims/claim/status'), {
        spec: { volumeName: 'x' },
        status: { conditions: [{ type: 'Resizing', status: 'True' }] },
      });

      expect(status).toBe(200);
      expect(body.spec.volumeName).toBeUndefined();
      expect(body.status.conditions[0]).toMatchObject({ type: 'Resizing', status: 'True' });
    });

    it('refuses to change what is immutable', async () => {
      await suite.api.create(suite.deployments(), deployment('fixed', { replicas: 0 }));
      const selector = await suite.api.mergePatch(suite.deployments('fixed'), {
        spec: { selector: { matchLabels: { app: 'x' } }, template: { metadata: { labels: { app: 'x' } } } },
      });
      await suite.api.create(suite.path('jobs', 'batch/v1'), job('fixed', 'nginx:1', { suspend: false }));
      const template = await suite.api.jsonPatch(suite.path('jobs/fixed', 'batch/v1'), [
        { op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'nginx:2' },
      ]);
      await suite.api.create(suite.path('secrets'), {
        metadata: { name: 'fixed' },
        immutable: true,
        stringData: { a: '1' },
      });
      const secret = await suite.api.mergePatch(suite.path('secrets/fixed'), { data: { a: 'Mg==' } });

      expect([selector.status, template.status, secret.status]).toEqual([422, 422, 422]);
      expect(selector.body.message).toMatch(/spec\.selector: Invalid value: .*: field is immutable$/);
      expect(template.body.message).toMatch(/spec\.template: Invalid value: [\s\S]*: field is immutable$/);
      expect(secret.body.message).toBe(
        'Secret "fixed" is invalid: data: Forbidden: field is immutable when `immutable` is set',
      );
    });

    it('refuses workloads that could never work', async () => {
      const mismatch = await suite.api.create(
        suite.deployments(),
        deployment('broken', { spec: { selector: { matchLabels: { app: 'other' } } } }),
      );
      const empty = await suite.api.create(suite.deployments(), deployment('empty', { image: '' }));
      const always = await suite.api.create(suite.path('jobs', 'batch/v1'), {
        metadata: { name: 'always' },
        spec: { template: { spec: { containers: [{ name: 'a', image: 'b' }] } } },
      });

      expect(mismatch.status).toBe(422);
      expect(mismatch.body.details.causes[0]).toMatchObject({
        reason: 'FieldValueInvalid',
        field: 'spec.template.metadata.labels',
      });
      expect(empty.status).toBe(422);
      expect(empty.body.details.causes).toContainEqual({
        reason: 'FieldValueRequired',
        message: 'Required value',
        field: 'spec.template.spec.containers[0].image',
      });
      expect(always.status).toBe(422);
      expect(always.body.details.causes[0].field).toBe('spec.template.spec.restartPolicy');
    });

    it('drops unknown fields with a warning, or refuses them when asked to be strict', async () => {
      const body = { ...configMap('unknown'), surprise: 1 };
      const strict = await suite.api.create(`${suite.path('configmaps')}?fieldValidation=Strict`, body);
      const lenient = await suite.api.create(suite.path('configmaps'), body);

      expect(strict.status).toBe(400);
      expect(strict.body.message).toContain('strict decoding error: unknown field "surprise"');
      expect(lenient.status).toBe(201);
      expect(lenient.body.surprise).toBeUndefined();
      expect(String(lenient.headers['warning'])).toContain('unknown field');
    });

    it('refuses a field of the wrong type', async () => {
      const { status, body } = await suite.api.create(
        suite.deployments(),
        deployment('typed', { spec: { replicas: 'three' } }),
      );

      expect(status).toBe(400);
      expect(body.reason).toBe('BadRequest');
    });

    it('answers what the caller may do', async () => {
      const { status, body } = await suite.api.create('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { verb: 'get', resource: 'pods', namespace: suite.namespace } },
      });

      expect(status).toBe(201);
      expect(body.status.allowed).toBe(true);
    });

    it('keeps leases', async () => {
      const lease = {
        metadata: { name: 'leader' },
        spec: { holderIdentity: 'me', leaseDurationSeconds: 15, renewTime: '2026-01-01T00:00:00.000000Z' },
      };
      const { status, body } = await suite.api.create(suite.path('leases', 'coordination.k8s.io/v1'), lease);

      expect(status).toBe(201);
      expect(body.spec.holderIdentity).toBe('me');
    });

    it('scales through the scale path', async () => {
      await suite.api.create(suite.deployments(), deployment('scaled', { replicas: 0 }));
      const read = await suite.api.get(`${suite.deployments('scaled')}/scale`);
      const written = await suite.api.mergePatch(`${suite.deployments('scaled')}/scale`, { spec: { replicas: 0 } });
      const grown = await suite.api.put(`${suite.deployments('scaled')}/scale`, {
        ...read.body,
        metadata: { name: 'scaled', namespace: suite.namespace },
        spec: { replicas: 1 },
      });

      expect(read.body).toMatchObject({
        kind: 'Scale',
        apiVersion: 'autoscaling/v1',
        spec: {},
        status: { selector: 'app=scaled' },
      });
      expect(written.status).toBe(200);
      expect(grown.body.spec.replicas).toBe(1);
      expect((await suite.api.get(suite.deployments('scaled'))).body.spec.replicas).toBe(1);
    });
  });
}
