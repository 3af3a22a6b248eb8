import { afterEach, describe, expect, it } from 'vitest';

import { waitUntil } from '@shipit/testing';

import type { OpenWatch } from './api-client.contract.js';
import { configMap, deployment } from './sample-objects.contract.js';
import { setUpSuite, type Connect } from './suite.contract.js';

/** Watches: every change once, in order, from any version that is remembered. */
export function describeWatching(connect: Connect): void {
  describe('watches', () => {
    const suite = setUpSuite(connect);
    const open: OpenWatch[] = [];

    afterEach(() => {
      for (const watch of open.splice(0)) watch.stop();
    });

    function watch(query: string, accept?: string): OpenWatch {
      const started = suite.api.watch(`${suite.path('configmaps')}?watch=true&${query}`, accept);
      open.push(started);
      return started;
    }

    async function versionNow(): Promise<string> {
      return (await suite.api.get(suite.path('configmaps'))).body.metadata.resourceVersion;
    }

    function seen(watching: OpenWatch): string[] {
      return watching.lines.map((line) => `${line.type} ${line.object.metadata.name}`);
    }

    it('tells what is added, changed and deleted, with versions that grow', async () => {
      const watching = watch(`resourceVersion=${await versionNow()}`);
      await suite.api.create(suite.path('configmaps'), configMap('told'));
      await suite.api.mergePatch(suite.path('configmaps/told'), { data: { a: '2' } });
      await suite.api.delete(suite.path('configmaps/told'));
      await waitUntil(() => watching.lines.length >= 3);

      expect(seen(watching)).toEqual(['ADDED told', 'MODIFIED told', 'DELETED told']);
      expect(watching.lines[1].object).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1', data: { a: '2' } });
      const versions = watching.lines.map((line) => Number(line.object.metadata.resourceVersion));
      expect([...versions].sort((left, right) => left - right)).toEqual(versions);
      expect(new Set(versions).size).toBe(3);
    });

    it('goes on from a version in the past', async () => {
      const version = await versionNow();
      await suite.api.create(suite.path('configmaps'), configMap('missed'));
      const watching = watch(`resourceVersion=${version}&fieldSelector=metadata.name%3Dmissed`);
      await waitUntil(() => watching.lines.length >= 1);

      expect(seen(watching)).toEqual(['ADDED missed']);
    });

    it('begins with everything that is there when no version is given', async () => {
      await suite.api.create(suite.path('configmaps'), configMap('present', {}, { labels: { start: 'yes' } }));
      const watching = watch('labelSelector=start%3Dyes');
      await waitUntil(() => watching.lines.length >= 1);

      expect(seen(watching)).toEqual(['ADDED present']);
    });

    it('marks the end of what was there, when asked to', async () => {
      await suite.api.create(suite.path('configmaps'), configMap('listed', {}, { labels: { stream: 'yes' } }));
      const watching = watch(
        'labelSelector=stream%3Dyes&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true',
      );
      await waitUntil(() => watching.lines.some((line) => line.type === 'BOOKMARK'));

      expect(watching.lines.map((line) => line.type)).toEqual(['ADDED', 'BOOKMARK']);
      expect(watching.lines[1].object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
    });

    it('tells objects that come into or leave the selection as added and deleted', async () => {
      await suite.api.create(suite.path('configmaps'), configMap('moving'));
      const watching = watch(`resourceVersion=${await versionNow()}&labelSelector=in%3Dyes`);
      await suite.api.mergePatch(suite.path('configmaps/moving'), { metadata: { labels: { in: 'yes' } } });
      await suite.api.mergePatch(suite.path('configmaps/moving'), { data: { a: '5' } });
      await suite.api.mergePatch(suite.path('configmaps/moving'), { metadata: { labels: { in: null } } });
      await waitUntil(() => watching.lines.length >= 3);

      expect(seen(watching)).toEqual(['ADDED moving', 'MODIFIED moving', 'DELETED moving']);
    });

    it('tells nothing of writes that changed nothing, and nothing of other kinds', async () => {
      await suite.api.create(suite.path('configmaps'), configMap('quiet'));
      const watching = watch(`resourceVersion=${await versionNow()}`);
      await suite.api.mergePatch(suite.path('configmaps/quiet'), { data: { a: '1' } });
      await suite.api.create(suite.path('secrets'), { metadata: { name: 'other' } });
      await suite.api.mergePatch(suite.path('configmaps/quiet'), { data: { a: 'end' } });
      await waitUntil(() => watching.lines.length >= 1);

      expect(seen(watching)).toEqual(['MODIFIED quiet']);
    });

    it('ends after the time that was asked for', async () => {
      const watching = watch(`resourceVersion=${await versionNow()}&timeoutSeconds=1`);
      await watching.ended;

      expect(await watching.status).toBe(200);
    });

    it('streams tables when asked for them', async () => {
      await suite.api.create(suite.deployments(), deployment('tabled', { replicas: 0 }));
      const watching = suite.api.watch(
        `${suite.deployments()}?watch=true&fieldSelector=metadata.name%3Dtabled`,
        'application/json;as=Table;v=v1;g=meta.k8s.io',
      );
      open.push(watching);
      await waitUntil(() => watching.lines.length >= 1);

      expect(watching.lines[0].object).toMatchObject({ kind: 'Table' });
      expect(watching.lines[0].object.columnDefinitions.length).toBeGreaterThan(3);
      expect(watching.lines[0].object.rows[0].cells[0]).toBe('tabled');
    });

    it('refuses a version that is no number', async () => {
      const { status } = await suite.api.get(`${suite.path('configmaps')}?watch=true&resourceVersion=never`);

      expect(status).toBeGreaterThanOrEqual(400);
    });
  });
}
