import { describe, expect, it } from 'vitest';

import { configMap, deployment } from './sample-objects.contract.js';
import { setUpSuite, type Connect } from './suite.contract.js';

/** Deleting: finalizers, preconditions, owners, namespaces. */
export function describeDeletion(connect: Connect): void {
  describe('deletion', () => {
    const suite = setUpSuite(connect);

    async function isGone(path: string): Promise<void> {
      await suite.until(path, (_body, { status }) => status === 404, 20_000);
    }

    async function createOwned(
      name: string,
      owner: { metadata: { name: string; uid: string } },
      block = true,
    ): Promise<void> {
      const ownerReferences = [
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          name: owner.metadata.name,
          uid: owner.metadata.uid,
          blockOwnerDeletion: block,
        },
      ];
      await suite.api.create(suite.path('configmaps'), configMap(name, {}, { ownerReferences }));
    }

    it('deletes at once what nothing holds, and says what it was', async () => {
      const { body: created } = await suite.api.create(suite.path('configmaps'), configMap('plain'));
      const { status, body } = await suite.api.delete(suite.path('configmaps/plain'));

      expect(status).toBe(200);
      expect(body).toMatchObject({
        kind: 'Status',
        status: 'Success',
        details: { name: 'plain', kind: 'configmaps', uid: created.metadata.uid },
      });
      expect((await suite.api.delete(suite.path('configmaps/plain'))).status).toBe(404);
    });

    it('keeps what a finalizer holds, marked, until it is let go', async () => {
      await suite.api.create(suite.path('configmaps'), configMap('held', {}, { finalizers: ['example.com/hold'] }));
      const path = suite.path('configmaps/held');
      const { body } = await suite.api.delete(path);
      const again = await suite.api.delete(path);

      expect(body.kind).toBe('ConfigMap');
      expect(body.metadata.deletionTimestamp).toBeTruthy();
      expect(again.body.metadata.deletionTimestamp).toBe(body.metadata.deletionTimestamp);
      await suite.api.mergePatch(path, { metadata: { finalizers: null } });
      expect((await suite.api.get(path)).status).toBe(404);
    });

    it('takes no new finalizer once an object is going', async () => {
      await suite.api.create(suite.path('configmaps'), configMap('going', {}, { finalizers: ['example.com/hold'] }));
      const path = suite.path('configmaps/going');
      await suite.api.delete(path);
      const { status } = await suite.api.mergePatch(path, {
        metadata: { finalizers: ['example.com/hold', 'example.com/more'] },
      });

      expect(status).toBe(422);
      await suite.api.mergePatch(path, { metadata: { finalizers: null } });
    });

    it('deletes only the object that was meant', async () => {
      await suite.api.create(suite.path('configmaps'), configMap('meant'));
      const { status, body } = await suite.api.delete(suite.path('configmaps/meant'), {
        preconditions: { uid: '00000000-0000-0000-0000-000000000000' },
      });

      expect(status).toBe(409);
      expect(body.message).toContain(
        'the UID in the precondition (00000000-0000-0000-0000-000000000000) does not match the UID in record',
      );
    });

    it('deletes nothing in a dry run', async () => {
      await suite.api.create(suite.path('configmaps'), configMap('spared'));
      await suite.api.delete(`${suite.path('configmaps/spared')}?dryRun=All`);

      expect((await suite.api.get(suite.path('configmaps/spared'))).status).toBe(200);
    });

    it('deletes a selection at once', async () => {
      await suite.api.create(suite.path('configmaps'), configMap('batch-1', {}, { labels: { batch: 'yes' } }));
      await suite.api.create(suite.path('configmaps'), configMap('batch-2', {}, { labels: { batch: 'yes' } }));
      const { status } = await suite.api.delete(`${suite.path('configmaps')}?labelSelector=batch%3Dyes`);

      expect(status).toBe(200);
      expect((await suite.api.get(`${suite.path('configmaps')}?labelSelector=batch%3Dyes`)).body.items).toEqual([]);
    });

    it('deletes what belongs to the deleted, in the background', async () => {
      const { body: owner } = await suite.api.create(suite.path('configmaps'), configMap('owner'));
      await createOwned('dependent', owner);
      const { body } = await suite.api.delete(suite.path('configmaps/owner'));

      expect(body.status).toBe('Success');
      await isGone(suite.path('configmaps/dependent'));
    });

    it('deletes what belongs to it first, in the foreground', async () => {
      const { body: owner } = await suite.api.create(suite.path('configmaps'), configMap('front'));
      await createOwned('blocking', owner);
      await suite.api.mergePatch(suite.path('configmaps/blocking'), { metadata: { finalizers: ['example.com/hold'] } });
      const { body } = await suite.api.delete(suite.path('configmaps/front'), { propagationPolicy: 'Foreground' });
      await suite.until(
        suite.path('configmaps/blocking'),
        (dependent) => dependent.metadata.deletionTimestamp !== undefined,
      );

      expect(body.metadata.finalizers).toContain('foregroundDeletion');
      expect((await suite.api.get(suite.path('configmaps/front'))).status).toBe(200);
      await suite.api.mergePatch(suite.path('configmaps/blocking'), { metadata: { finalizers: null } });
      await isGone(suite.path('configmaps/front'));
      await isGone(suite.path('configmaps/blocking'));
    });

    it('leaves behind what belongs to it, when asked to', async () => {
      const { body: owner } = await suite.api.create(suite.path('configmaps'), configMap('leaver'));
      await createOwned('orphan', owner);
      await suite.api.delete(suite.path('configmaps/leaver'), { propagationPolicy: 'Orphan' });
      await isGone(suite.path('configmaps/leaver'));

      const { body } = await suite.api.get(suite.path('configmaps/orphan'));
      expect(body.metadata.ownerReferences).toBeUndefined();
    });

    it('collects what names an owner that is not there', async () => {
      await createOwned('stray', { metadata: { name: 'never', uid: '11111111-1111-1111-1111-111111111111' } });

      await isGone(suite.path('configmaps/stray'));
    });

    it('takes a deployment away with its replica sets and pods', async () => {
      await suite.api.create(suite.deployments(), deployment('tree'));
      await suite.until(`${suite.path('pods')}?labelSelector=app%3Dtree`, (body) => body.items.length === 1);
      await suite.api.delete(suite.deployments('tree'));

      await suite.until(
        `${suite.path('replicasets', 'apps/v1')}?labelSelector=app%3Dtree`,
        (body) => body.items.length === 0,
      );
      await suite.until(`${suite.path('pods')}?labelSelector=app%3Dtree`, (body) => body.items.length === 0);
    });

    it('empties a namespace before it goes, and creates nothing in it meanwhile', async () => {
      const name = `${suite.namespace}-gone`;
      await suite.api.create('/api/v1/namespaces', { metadata: { name } });
      await suite.api.create(
        `/api/v1/namespaces/${name}/configmaps`,
        configMap('held', {}, { finalizers: ['example.com/hold'] }),
      );
      const { body } = await suite.api.delete(`/api/v1/namespaces/${name}`);
      const late = await suite.api.create(`/api/v1/namespaces/${name}/configmaps`, configMap('late'));
      await suite.until(
        `/api/v1/namespaces/${name}/configmaps/held`,
        (held) => held.metadata.deletionTimestamp !== undefined,
        30_000,
      );

      expect(body.metadata.deletionTimestamp).toBeTruthy();
      expect(body.status.phase).toBe('Terminating');
      expect(late.status).toBe(403);
      expect(late.body.message).toBe(
        `configmaps "late" is forbidden: unable to create new content in namespace ${name} because it is being terminated`,
      );
      await suite.api.mergePatch(`/api/v1/namespaces/${name}/configmaps/held`, { metadata: { finalizers: null } });
      await suite.until(`/api/v1/namespaces/${name}/configmaps/held`, (_held, { status }) => status === 404);
    });
  });
}
