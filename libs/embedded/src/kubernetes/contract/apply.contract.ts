import { describe, expect, it } from 'vitest';

import { configMap, deployment } from './sample-objects.contract.js';
import { setUpSuite, type Connect } from './suite.contract.js';

type Entry = { manager: string; operation: string; subresource?: string; fieldsV1: object; time?: string };

/** Server-side apply: who owns which field. */
export function describeApply(connect: Connect): void {
  describe('server-side apply', () => {
    const suite = setUpSuite(connect);
    const named = (name: string, data: Record<string, string>, metadata = {}): object =>
      configMap(name, data, metadata);

    async function managers(path: string): Promise<Entry[]> {
      return (await suite.api.get(path)).body.metadata.managedFields;
    }

    it('creates what is absent and owns what it applied', async () => {
      const path = suite.path('configmaps/made');
      const first = await suite.api.apply(path, named('made', { a: '1' }));
      const second = await suite.api.apply(path, named('made', { a: '1' }));

      expect([first.status, second.status]).toEqual([201, 200]);
      expect(second.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion);
      expect(first.body.metadata.managedFields).toEqual([
        {
          manager: 'tester',
          operation: 'Apply',
          apiVersion: 'v1',
          time: expect.any(String),
          fieldsType: 'FieldsV1',
          fieldsV1: { 'f:data': { 'f:a': {} } },
        },
      ]);
    });

    it('takes away what a manager no longer applies', async () => {
      const path = suite.path('configmaps/shrunk');
      await suite.api.apply(path, named('shrunk', { a: '1', b: '2' }, { labels: { x: 'y' } }));
      const { body } = await suite.api.apply(path, named('shrunk', { a: '1' }));

      expect(body.data).toEqual({ a: '1' });
      expect(body.metadata.labels).toBeUndefined();
    });

    it('keeps what another manager owns too', async () => {
      const path = suite.path('configmaps/shared');
      await suite.api.apply(path, named('shared', { a: '1', b: '2' }), 'fieldManager=one');
      await suite.api.apply(path, named('shared', { b: '2' }), 'fieldManager=two');
      const { body } = await suite.api.apply(path, named('shared', { a: '1' }), 'fieldManager=one');

      expect(body.data).toEqual({ a: '1', b: '2' });
    });

    it('keeps fields that nobody applied', async () => {
      const path = suite.path('configmaps/foreign');
      await suite.api.apply(path, named('foreign', { a: '1' }));
      await suite.api.mergePatch(`${path}?fieldManager=other`, { data: { z: '26' } });
      const { body } = await suite.api.apply(path, named('foreign', { a: '2' }));

      expect(body.data).toEqual({ a: '2', z: '26' });
    });

    it('refuses to change what another manager owns, naming owner and field', async () => {
      const path = suite.path('configmaps/contested');
      await suite.api.apply(path, named('contested', { a: '1' }), 'fieldManager=one');
      const { status, body } = await suite.api.apply(path, named('contested', { a: '2' }), 'fieldManager=two');

      expect(status).toBe(409);
      expect(body).toMatchObject({
        reason: 'Conflict',
        message: 'Apply failed with 1 conflict: conflict with "one": .data.a',
        details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.a' }] },
      });
    });

    it('names every conflict, those with updates with their version', async () => {
      const path = suite.deployments('conflicts');
      await suite.api.create(`${suite.deployments()}?fieldManager=creator`, deployment('conflicts', { replicas: 0 }));
      await suite.api.mergePatch(`${path}/scale?fieldManager=scaler`, { spec: { replicas: 0 } });
      await suite.api.mergePatch(`${path}?fieldManager=scaler`, { spec: { minReadySeconds: 3 } });
      const { status, body } = await suite.api.apply(
        path,
        deployment('conflicts', { replicas: 0, image: 'nginx:2', spec: { minReadySeconds: 4 } }),
      );

      expect(status).toBe(409);
      const byField = (left: { field: string }, right: { field: string }): number =>
        right.field.localeCompare(left.field);
      expect(body.details.causes.sort(byField)).toEqual([
        {
          reason: 'FieldManagerConflict',
          message: 'conflict with "creator" using apps/v1',
          field: '.spec.template.spec.containers[name="app"].image',
        },
        {
          reason: 'FieldManagerConflict',
          message: 'conflict with "scaler" using apps/v1',
          field: '.spec.minReadySeconds',
        },
      ]);
      expect(body.message).toMatch(/^Apply failed with 2 conflicts: conflicts with /);
      expect(body.message).toContain(
        'conflicts with "creator" using apps/v1:\n- .spec.template.spec.containers[name="app"].image',
      );
      expect(body.message).toContain('conflicts with "scaler" using apps/v1:\n- .spec.minReadySeconds');
    });

    it('groups the fields of one owner', async () => {
      const path = suite.path('configmaps/grouped');
      await suite.api.apply(path, named('grouped', { a: '1', b: '1' }), 'fieldManager=one');
      const { body } = await suite.api.apply(path, named('grouped', { a: '2', b: '2' }), 'fieldManager=two');

      expect(body.message).toBe('Apply failed with 2 conflicts: conflicts with "one":\n- .data.a\n- .data.b');
    });

    it('shares a field that two managers want alike', async () => {
      const path = suite.path('configmaps/agreed');
      await suite.api.apply(path, named('agreed', { a: '1' }), 'fieldManager=one');
      const { status } = await suite.api.apply(path, named('agreed', { a: '1' }), 'fieldManager=two');

      expect(status).toBe(200);
      expect((await managers(path)).map((entry) => [entry.manager, entry.fieldsV1]).sort()).toEqual([
        ['one', { 'f:data': { 'f:a': {} } }],
        ['two', { 'f:data': { 'f:a': {} } }],
      ]);
    });

    it('takes a field over by force', async () => {
      const path = suite.path('configmaps/forced');
      await suite.api.apply(path, named('forced', { a: '1' }), 'fieldManager=one');
      const { status, body } = await suite.api.apply(path, named('forced', { a: '2' }), 'fieldManager=two&force=true');

      expect(status).toBe(200);
      expect(body.data).toEqual({ a: '2' });
      expect((await managers(path)).map((entry) => entry.manager)).toEqual(['two']);
    });

    it('tells an update from an apply by the same manager', async () => {
      const path = suite.path('configmaps/ways');
      await suite.api.apply(path, named('ways', { a: '1' }), 'fieldManager=one');
      await suite.api.mergePatch(`${path}?fieldManager=one`, { data: { b: '2' } });

      expect((await managers(path)).map((entry) => [entry.manager, entry.operation, entry.fieldsV1])).toEqual([
        ['one', 'Apply', { 'f:data': { 'f:a': {} } }],
        ['one', 'Update', { 'f:data': { 'f:b': {} } }],
      ]);
    });

    it('takes what somebody updates away from whoever applied it', async () => {
      const path = suite.path('configmaps/taken');
      await suite.api.apply(path, named('taken', { a: '1', b: '2' }), 'fieldManager=one');
      await suite.api.mergePatch(`${path}?fieldManager=hand`, { data: { a: '9' } });
      const entries = await managers(path);

      expect(entries.map((entry) => [entry.manager, entry.fieldsV1])).toEqual([
        ['one', { 'f:data': { 'f:b': {} } }],
        ['hand', { 'f:data': { 'f:a': {} } }],
      ]);
    });

    it('applies the status through its own path only', async () => {
      const path = suite.path('poddisruptionbudgets/both', 'policy/v1');
      const budget = {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'both' },
        spec: { minAvailable: 1, selector: { matchLabels: { none: 'such' } } },
      };
      await suite.api.apply(path, { ...budget, status: { disruptionsAllowed: 5 } });
      const { status, body } = await suite.api.apply(
        `${path}/status`,
        {
          ...budget,
          spec: { minAvailable: 9 },
          status: {
            conditions: [
              { type: 'Mine', status: 'True', reason: 'R', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' },
            ],
          },
        },
        'fieldManager=judge',
      );

      expect(status).toBe(200);
      expect(body.spec.minAvailable).toBe(1);
      expect(body.status.conditions).toContainEqual(expect.objectContaining({ type: 'Mine', status: 'True' }));
      expect(body.metadata.managedFields.find((entry: Entry) => entry.manager === 'judge')).toMatchObject({
        operation: 'Apply',
        subresource: 'status',
      });
    });

    it('says what an apply would do in a dry run, conflicts too', async () => {
      const path = suite.path('configmaps/dry-applied');
      const absent = await suite.api.apply(path, named('dry-applied', { a: '1' }), 'fieldManager=one&dryRun=All');
      expect(absent.status).toBe(201);
      expect((await suite.api.get(path)).status).toBe(404);

      await suite.api.apply(path, named('dry-applied', { a: '1' }), 'fieldManager=one');
      const changed = await suite.api.apply(path, named('dry-applied', { a: '2' }), 'fieldManager=one&dryRun=All');
      const conflict = await suite.api.apply(path, named('dry-applied', { a: '2' }), 'fieldManager=two&dryRun=All');
      expect(changed.body.data).toEqual({ a: '2' });
      expect(conflict.status).toBe(409);
      expect((await suite.api.get(path)).body.data).toEqual({ a: '1' });
    });

    it('fails for a field that is not declared', async () => {
      const { status, body } = await suite.api.apply(suite.deployments('typo'), {
        ...deployment('typo'),
        spec: { ...(deployment('typo')['spec'] as object), replicsa: 1 },
      });

      expect(status).toBe(500);
      expect(body.message).toContain(
        `failed to create typed patch object (/typo; apps/v1, Kind=Deployment): .spec.replicsa: field not declared in schema`,
      );
    });

    it('wants a manager', async () => {
      const { status, body } = await suite.api.apply(suite.path('configmaps/none'), named('none', {}), '');

      expect(status).toBe(422);
      expect(body.message).toBe(
        'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
      );
    });

    it('refuses an apply that brings managed fields', async () => {
      const { status, body } = await suite.api.apply(
        suite.path('configmaps/managed'),
        named(
          'managed',
          {},
          {
            managedFields: [
              { manager: 'x', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: {} },
            ],
          },
        ),
      );

      expect(status).toBe(400);
      expect(body.message).toBe('metadata.managedFields must be nil');
    });

    it('lets managed fields be rewritten, as a move from client-side apply does', async () => {
      const path = suite.path('configmaps/moved');
      const { body } = await suite.api.create(
        `${suite.path('configmaps')}?fieldManager=old`,
        configMap('moved', { a: '1' }),
      );
      const entries = body.metadata.managedFields.map((entry: Entry) => ({
        ...entry,
        manager: 'tester',
        operation: 'Apply',
      }));
      const patched = await suite.api.jsonPatch(path, [
        { op: 'replace', path: '/metadata/managedFields', value: entries },
        { op: 'replace', path: '/metadata/resourceVersion', value: body.metadata.resourceVersion },
      ]);
      const applied = await suite.api.apply(path, named('moved', { b: '2' }));

      expect(patched.status).toBe(200);
      expect(patched.body.metadata.managedFields.map((entry: Entry) => [entry.manager, entry.operation])).toEqual([
        ['tester', 'Apply'],
      ]);
      expect(applied.body.data).toEqual({ b: '2' });
    });

    it('names the writer after its user agent where it says nothing', async () => {
      await suite.api.create(suite.path('configmaps'), configMap('agent'));

      expect((await managers(suite.path('configmaps/agent')))[0]).toMatchObject({
        manager: 'contract',
        operation: 'Update',
      });
    });
  });
}
