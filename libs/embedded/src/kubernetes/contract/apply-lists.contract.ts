import { describe, expect, it } from 'vitest';

import { deployment } from './sample-objects.contract.js';
import { setUpSuite, type Connect } from './suite.contract.js';

type Entry = { manager: string };

/** Server-side apply of lists: merged by key, or replaced as a whole. */
export function describeApplyOfLists(connect: Connect): void {
  describe('server-side apply of lists', () => {
    const suite = setUpSuite(connect);

    it('merges containers, ports and variables by their keys', async () => {
      const path = suite.deployments('keyed');
      const withContainers = (containers: object[]): object =>
        deployment('keyed', {
          replicas: 0,
          spec: { template: { metadata: { labels: { app: 'keyed' } }, spec: { containers } } } as never,
        });
      await suite.api.apply(
        path,
        withContainers([
          {
            name: 'app',
            image: 'a:1',
            ports: [{ containerPort: 80 }],
            env: [
              { name: 'A', value: '1' },
              { name: 'B', value: '2' },
            ],
          },
        ]),
        'fieldManager=one',
      );
      await suite.api.apply(
        path,
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'keyed' },
          spec: {
            template: {
              spec: {
                containers: [
                  { name: 'app', env: [{ name: 'C', value: '3' }] },
                  { name: 'side', image: 's:1' },
                ],
              },
            },
          },
        },
        'fieldManager=two',
      );
      const { body } = await suite.api.apply(
        path,
        withContainers([
          { name: 'app', image: 'a:2', ports: [{ containerPort: 80 }], env: [{ name: 'B', value: '2' }] },
        ]),
        'fieldManager=one',
      );
      const containers = body.spec.template.spec.containers;

      expect(containers.map((container: { name: string; image: string }) => [container.name, container.image])).toEqual(
        [
          ['app', 'a:2'],
          ['side', 's:1'],
        ],
      );
      expect(containers[0].env.map((item: { name: string }) => item.name).sort()).toEqual(['B', 'C']);
      expect(
        body.metadata.managedFields.find((entry: Entry) => entry.manager === 'one').fieldsV1['f:spec']['f:template'][
          'f:spec'
        ]['f:containers']['k:{"name":"app"}'],
      ).toMatchObject({
        '.': {},
        'f:name': {},
        'f:image': {},
        'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
        'f:env': { 'k:{"name":"B"}': { '.': {}, 'f:name': {}, 'f:value': {} } },
      });
    });

    it('takes a whole container, probe and list away with everything that was filled in', async () => {
      const path = suite.deployments('whole');
      const probe = { readinessProbe: { httpGet: { port: 80 } } };
      const withContainers = (containers: object[]): object =>
        deployment('whole', {
          replicas: 0,
          spec: { template: { metadata: { labels: { app: 'whole' } }, spec: { containers } } } as never,
        });
      await suite.api.apply(
        path,
        withContainers([
          { name: 'app', image: 'a:1', ...probe, args: ['x', 'y'] },
          { name: 'gone', image: 'g:1' },
        ]),
      );
      const { body } = await suite.api.apply(path, withContainers([{ name: 'app', image: 'a:1', args: ['z'] }]));
      const containers = body.spec.template.spec.containers;

      expect(containers).toHaveLength(1);
      expect(containers[0].readinessProbe).toBeUndefined();
      expect(containers[0].args).toEqual(['z']);
    });

    it('replaces ingress rules as a whole', async () => {
      const path = suite.path('ingresses/whole', 'networking.k8s.io/v1');
      const backend = { service: { name: 'web', port: { number: 80 } } };
      const rule = (host: string): object => ({ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } });
      const ingress = (hosts: string[]): object => ({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'whole' },
        spec: { rules: hosts.map(rule) },
      });
      await suite.api.apply(path, ingress(['a.example', 'b.example']));
      const { body } = await suite.api.apply(path, ingress(['c.example']));

      expect(body.spec.rules.map((item: { host: string }) => item.host)).toEqual(['c.example']);
      expect(body.metadata.managedFields[0].fieldsV1).toEqual({ 'f:spec': { 'f:rules': {} } });
    });

    it('merges service ports by port and protocol', async () => {
      const path = suite.path('services/ports');
      const service = (ports: object[]): object => ({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'ports' },
        spec: { ports },
      });
      await suite.api.apply(path, service([{ name: 'a', port: 80, protocol: 'TCP' }]), 'fieldManager=one');
      const { body } = await suite.api.apply(
        path,
        service([{ name: 'b', port: 81, protocol: 'TCP' }]),
        'fieldManager=two',
      );

      expect(body.spec.ports.map((port: { port: number }) => port.port).sort()).toEqual([80, 81]);
    });
  });
}
