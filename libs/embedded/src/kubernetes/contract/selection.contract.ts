import { beforeAll, describe, expect, it } from 'vitest';

import { configMap } from './sample-objects.contract.js';
import { setUpSuite, type Connect } from './suite.contract.js';

/** Lists, selectors and tables. */
export function describeSelection(connect: Connect): void {
  describe('lists', () => {
    const suite = setUpSuite(connect);
    const labels: Record<string, Record<string, string>> = {
      one: { tier: 'web', env: 'prod' },
      two: { tier: 'web', env: 'dev' },
      three: { tier: 'db' },
    };

    beforeAll(async () => {
      for (const [name, own] of Object.entries(labels))
        await suite.api.create(suite.path('configmaps'), configMap(name, {}, { labels: { ...own, test: 'lists' } }));
    });

    async function names(query: string): Promise<string[]> {
      const { status, body } = await suite.api.get(`${suite.path('configmaps')}?${query}`);
      expect(status, JSON.stringify(body)).toBe(200);
      return body.items
        .map((item: { metadata: { name: string } }) => item.metadata.name)
        .filter((name: string) => name in labels)
        .sort();
    }

    it.each([
      ['tier=web', ['one', 'two']],
      ['tier==web,env=prod', ['one']],
      ['tier!=web', ['three']],
      ['env in (prod,dev)', ['one', 'two']],
      ['env notin (prod)', ['three', 'two']],
      ['env', ['one', 'two']],
      ['!env,test', ['three']],
      ['tier in (web),env notin (dev)', ['one']],
    ])('selects by label: %s', async (selector, expected) => {
      expect(await names(`labelSelector=${encodeURIComponent(selector)}`)).toEqual(expected);
    });

    it('selects by name', async () => {
      expect(await names('fieldSelector=metadata.name%3Dtwo')).toEqual(['two']);
      expect(
        await names(`fieldSelector=${encodeURIComponent(`metadata.namespace=${suite.namespace},metadata.name!=two`)}`),
      ).toEqual(['one', 'three']);
    });

    it('refuses selectors that it does not know', async () => {
      const field = await suite.api.get(`${suite.path('configmaps')}?fieldSelector=data.a%3Db`);
      const label = await suite.api.get(`${suite.path('configmaps')}?labelSelector=${encodeURIComponent('a in (b')}`);

      expect([field.status, label.status]).toEqual([400, 400]);
      expect(field.body.message).toMatch(/"data.a" is not a known field selector/);
    });

    it('selects secrets by type and events by what they are about', async () => {
      await suite.api.create(suite.path('secrets'), {
        metadata: { name: 'typed' },
        type: 'example.com/own',
        stringData: { a: 'b' },
      });
      await suite.api.create(suite.path('events'), {
        metadata: { name: 'told' },
        involvedObject: { kind: 'ConfigMap', name: 'one', namespace: suite.namespace },
        reason: 'Tested',
        type: 'Normal',
        message: 'it was',
      });
      const secrets = await suite.api.get(`${suite.path('secrets')}?fieldSelector=type%3Dexample.com/own`);
      const events = await suite.api.get(
        `${suite.path('events')}?fieldSelector=${encodeURIComponent('involvedObject.name=one,involvedObject.kind=ConfigMap')}`,
      );

      expect(secrets.body.items).toHaveLength(1);
      expect(events.body.items).toHaveLength(1);
    });

    it('lists with a version and without the kind of each item', async () => {
      const { body } = await suite.api.get(suite.path('configmaps'));

      expect(body).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1' });
      expect(body.metadata.resourceVersion).toMatch(/^\d+$/);
      expect(body.items[0].kind).toBeUndefined();
    });

    it('lists over all namespaces', async () => {
      const { body } = await suite.api.get('/api/v1/configmaps?labelSelector=test%3Dlists');

      expect(body.items.length).toBeGreaterThanOrEqual(3);
    });

    it('prints a table when asked for one', async () => {
      const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
      const { body } = await suite.api.get(`${suite.path('configmaps')}?fieldSelector=metadata.name%3Done`, { accept });

      expect(body).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' });
      expect(body.columnDefinitions.map((column: { name: string }) => column.name)).toEqual(['Name', 'Data', 'Age']);
      expect(body.rows[0].cells.slice(0, 2)).toEqual(['one', 0]);
      expect(body.rows[0].object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'one' } });
    });

    it.each([
      [
        '/apis/apps/v1/deployments',
        ['Name', 'Ready', 'Up-to-date', 'Available', 'Age', 'Containers', 'Images', 'Selector'],
      ],
      ['/apis/apps/v1/replicasets', ['Name', 'Desired', 'Current', 'Ready', 'Age', 'Containers', 'Images', 'Selector']],
      ['/apis/apps/v1/statefulsets', ['Name', 'Ready', 'Age', 'Containers', 'Images']],
      [
        '/apis/apps/v1/daemonsets',
        [
          'Name',
          'Desired',
          'Current',
          'Ready',
          'Up-to-date',
          'Available',
          'Node Selector',
          'Age',
          'Containers',
          'Images',
          'Selector',
        ],
      ],
      [
        '/api/v1/pods',
        ['Name', 'Ready', 'Status', 'Restarts', 'Age', 'IP', 'Node', 'Nominated Node', 'Readiness Gates'],
      ],
      ['/api/v1/services', ['Name', 'Type', 'Cluster-IP', 'External-IP', 'Port(s)', 'Age', 'Selector']],
      ['/api/v1/secrets', ['Name', 'Type', 'Data', 'Age']],
      ['/api/v1/namespaces', ['Name', 'Status', 'Age']],
      ['/apis/batch/v1/jobs', ['Name', 'Status', 'Completions', 'Duration', 'Age', 'Containers', 'Images', 'Selector']],
      [
        '/apis/batch/v1/cronjobs',
        [
          'Name',
          'Schedule',
          'Timezone',
          'Suspend',
          'Active',
          'Last Schedule',
          'Age',
          'Containers',
          'Images',
          'Selector',
        ],
      ],
      ['/apis/networking.k8s.io/v1/ingresses', ['Name', 'Class', 'Hosts', 'Address', 'Ports', 'Age']],
      [
        '/apis/autoscaling/v2/horizontalpodautoscalers',
        ['Name', 'Reference', 'Targets', 'MinPods', 'MaxPods', 'Replicas', 'Age'],
      ],
      [
        '/apis/policy/v1/poddisruptionbudgets',
        ['Name', 'Min Available', 'Max Unavailable', 'Allowed Disruptions', 'Age'],
      ],
      [
        '/api/v1/persistentvolumeclaims',
        [
          'Name',
          'Status',
          'Volume',
          'Capacity',
          'Access Modes',
          'StorageClass',
          'VolumeAttributesClass',
          'Age',
          'VolumeMode',
        ],
      ],
      ['/api/v1/serviceaccounts', ['Name', 'Age']],
      [
        '/api/v1/events',
        ['Last Seen', 'Type', 'Reason', 'Object', 'Subobject', 'Source', 'Message', 'First Seen', 'Count', 'Name'],
      ],
      [
        '/api/v1/nodes',
        [
          'Name',
          'Status',
          'Roles',
          'Age',
          'Version',
          'Internal-IP',
          'External-IP',
          'OS-Image',
          'Kernel-Version',
          'Container-Runtime',
        ],
      ],
      [
        '/apis/rbac.authorization.k8s.io/v1/rolebindings',
        ['Name', 'Role', 'Age', 'Users', 'Groups', 'ServiceAccounts'],
      ],
      ['/apis/networking.k8s.io/v1/networkpolicies', ['Name', 'Pod-Selector', 'Age']],
      ['/apis/apiextensions.k8s.io/v1/customresourcedefinitions', ['Name', 'Created At']],
    ])('has the columns of %s', async (path, columns) => {
      const { body } = await suite.api.get(`${path}?limit=1`, {
        accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
      });

      expect(body.columnDefinitions.map((column: { name: string }) => column.name)).toEqual(columns);
    });
  });
}
