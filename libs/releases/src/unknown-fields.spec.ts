import { describe, expect, it } from 'vitest';
import { unknownLockFields, unknownReleaseFields } from './unknown-fields.js';

const release = {
  apiVersion: 'shipit.dev/v1beta1',
  kind: 'HelmRelease',
  metadata: { name: 'web', annotations: { anything: 'goes' }, labels: { app: 'web' } },
  spec: { chart: { repository: './charts', name: 'web' }, values: { any: { thing: [{ goes: 1 }] } } },
};
const paths = (fields: { path: readonly (string | number)[] }[]) => fields.map(({ path }) => path.join('.'));

describe('fields that nothing reads', () => {
  it('are none in a release as it should be, whatever its values and annotations are', () => {
    expect(unknownReleaseFields(release)).toEqual([]);
  });

  it('are found at any depth, with the keys that are known there', () => {
    const { metadata, spec } = release;
    const wrong = {
      ...release,
      metadata: { ...metadata, annotation: {} },
      spec: {
        ...spec,
        value: {},
        chart: { ...spec.chart, verison: '1.0.0' },
        dependsOn: [{ name: 'a' }, { nam: 'b' }],
        rollback: { monitors: { tag: [] } },
      },
      specs: {},
    };
    const found = unknownReleaseFields(wrong);
    expect(paths(found)).toEqual([
      'metadata.annotation',
      'spec.chart.verison',
      'spec.value',
      'spec.dependsOn.1.nam',
      'spec.rollback.monitors.tag',
      'specs',
    ]);
    expect(found[1]?.known).toEqual(['repository', 'name', 'version']);
  });

  it('are found in locks, whose reasons may be one text', () => {
    const entry = { reasons: 'busy', blocked: [{ image: 'a', digest: 'b', push: 'c' }], untl: 'x' };
    const locks = { version: 1, env_locks: {}, resource_locks: { 'default/web': entry, 'default/none': null } };
    expect(paths(unknownLockFields(locks))).toEqual([
      'env_locks',
      'resource_locks.default/web.blocked.0.push',
      'resource_locks.default/web.untl',
    ]);
  });

  it.each([[null], ['text'], [[1, { a: 1 }]], [{ spec: [] }], [{ spec: { chart: 'web' } }]])(
    'are none in what has another shape: %j',
    (document) => {
      expect(unknownReleaseFields(document)).toEqual([]);
    },
  );

  it('are told by names that every object has, too', () => {
    expect(paths(unknownReleaseFields({ spec: { toString: 1, hasOwnProperty: 2 } }))).toEqual([
      'spec.toString',
      'spec.hasOwnProperty',
    ]);
  });
});
