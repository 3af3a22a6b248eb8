import { describe, expect, it } from 'vitest';

import { configMap, deployment } from './sample-objects.contract.js';
import { setUpSuite, type Connect } from './suite.contract.js';

/** Merge, JSON and strategic merge patches. */
export function describePatching(connect: Connect): void {
  describe('patches', () => {
    const suite = setUpSuite(connect);

    it('merges a patch, null taking a field away', async () => {
      await suite.api.create(suite.path('configmaps'), configMap('merged', { a: '1', b: '2' }));
      const { body } = await suite.api.mergePatch(suite.path('configmaps/merged'), { data: { a: null, c: '3' } });

      expect(body.data).toEqual({ b: '2', c: '3' });
    });

    it('runs a JSON patch, all of it or nothing', async () => {
      await suite.api.create(suite.path('configmaps'), configMap('stepped', { a: '1' }));
      const path = suite.path('configmaps/stepped');
      const done = await suite.api.jsonPatch(path, [
        { op: 'test', path: '/data/a', value: '1' },
        { op: 'add', path: '/data/b', value: '2' },
        { op: 'copy', from: '/data/b', path: '/data/c' },
        { op: 'move', from: '/data/c', path: '/data/d' },
        { op: 'replace', path: '/data/a', value: '9' },
        { op: 'add', path: '/metadata/labels', value: { 'x~y': 'no' } },
        { op: 'replace', path: '/metadata/labels', value: { 'example.com/x': 'yes' } },
        { op: 'replace', path: '/metadata/labels/example.com~1x', value: 'still' },
      ]);
      const failed = await suite.api.jsonPatch(path, [
        { op: 'add', path: '/data/e', value: '5' },
        { op: 'test', path: '/data/a', value: 'wrong' },
      ]);
      const absent = await suite.api.jsonPatch(path, [{ op: 'remove', path: '/data/nothing' }]);

      expect(done.body.data).toEqual({ a: '9', b: '2', d: '2' });
      expect(done.body.metadata.labels).toEqual({ 'example.com/x': 'still' });
      expect([failed.status, absent.status]).toEqual([422, 422]);
      expect((await suite.api.get(path)).body.data.e).toBeUndefined();
    });

    it('merges keyed lists item by item in a strategic patch', async () => {
      const containers = [
        {
          name: 'app',
          image: 'nginx:1',
          env: [
            { name: 'A', value: '1' },
            { name: 'B', value: '2' },
          ],
        },
        { name: 'side', image: 'side:1' },
      ];
      await suite.api.create(
        suite.deployments(),
        deployment('strategic', {
          replicas: 0,
          spec: { template: { metadata: { labels: { app: 'strategic' } }, spec: { containers } } },
        }),
      );
      const { body } = await suite.api.strategicPatch(suite.deployments('strategic'), {
        spec: {
          template: {
            spec: {
              containers: [
                {
                  name: 'app',
                  image: 'nginx:2',
                  env: [
                    { name: 'B', $patch: 'delete' },
                    { name: 'C', value: '3' },
                  ],
                },
              ],
            },
          },
        },
      });
      const all = body.spec.template.spec.containers;

      expect(all.map((container: { name: string; image: string }) => [container.name, container.image])).toEqual([
        ['app', 'nginx:2'],
        ['side', 'side:1'],
      ]);
      expect(all[0].env).toEqual([
        { name: 'C', value: '3' },
        { name: 'A', value: '1' },
      ]);
    });

    it('replaces and deletes whole parts by directive', async () => {
      await suite.api.create(suite.deployments(), deployment('directed', { replicas: 0 }));
      const { body } = await suite.api.strategicPatch(suite.deployments('directed'), {
        spec: {
          strategy: { $retainKeys: ['type'], type: 'Recreate' },
          template: { spec: { containers: [{ $patch: 'replace' }, { name: 'only', image: 'only:1' }] } },
        },
      });

      expect(body.spec.strategy).toEqual({ type: 'Recreate' });
      expect(body.spec.template.spec.containers.map((container: { name: string }) => container.name)).toEqual(['only']);
    });

    it('refuses a patch of an unknown kind', async () => {
      await suite.api.create(suite.path('configmaps'), configMap('odd'));
      const { status, body } = await suite.api.send('PATCH', suite.path('configmaps/odd'), {
        body: {},
        contentType: 'application/json',
      });

      expect(status).toBe(415);
      expect(body.reason).toBe('UnsupportedMediaType');
    });

    it('creates nothing by a patch', async () => {
      const { status } = await suite.api.mergePatch(suite.path('configmaps/nobody'), { data: {} });

      expect(status).toBe(404);
    });
  });
}
