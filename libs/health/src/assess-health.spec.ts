import { describe, expect, it } from 'vitest';
import { assessHealth } from './assess-health.js';
import type { HealthOptions } from './health.js';
import type { KubernetesObject } from './kubernetes-object.js';

function object(apiVersion: string, kind: string, fields: object = {}, metadata: object = {}): KubernetesObject {
  return { apiVersion, kind, metadata: { name: 'it', generation: 1, ...metadata }, ...fields };
}

describe('health of one object', () => {
  it.each<[string, KubernetesObject | undefined, HealthOptions, string]>([
    ['what does not exist is not found', undefined, {}, 'NotFound'],
    [
      'what is being deleted is terminating',
      object('v1', 'ConfigMap', {}, { deletionTimestamp: 'x' }),
      {},
      'Terminating',
    ],
    [
      'a load balancer can be left out',
      object('v1', 'Service', { spec: { type: 'LoadBalancer' } }),
      { ignoreLoadBalancers: true },
      'Current',
    ],
    [
      'an ingress does not wait for its address',
      object('networking.k8s.io/v1', 'Ingress', { status: {} }),
      {},
      'Current',
    ],
    [
      'a job in the middle is in progress',
      object('batch/v1', 'Job', { status: { startTime: 'x', active: 1 } }),
      {},
      'InProgress',
    ],
    [
      'a ready hook pod has not completed',
      object('v1', 'Pod', { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } }),
      { untilComplete: true },
      'InProgress',
    ],
    [
      'a succeeded hook pod is done',
      object('v1', 'Pod', { status: { phase: 'Succeeded' } }),
      { untilComplete: true },
      'Current',
    ],
    [
      'a stalled custom resource has failed',
      object('x.dev/v1', 'X', { status: { conditions: [{ type: 'Stalled', status: 'True' }] } }),
      {},
      'Failed',
    ],
    [
      'a custom resource of unknown readiness is in progress',
      object('x.dev/v1', 'X', { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }),
      {},
      'InProgress',
    ],
    [
      'a status that is no object does no harm',
      object('apps/v1', 'Deployment', { status: 'odd', spec: null }),
      {},
      'InProgress',
    ],
  ])('%s', (_title, subject, options, expected) => {
    expect(assessHealth(subject, options).status).toBe(expected);
  });
});
