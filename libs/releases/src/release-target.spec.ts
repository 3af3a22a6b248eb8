import { describe, expect, it } from 'vitest';
import { chartFolderOf, chooseCluster, dependenciesOf, targetNameOf } from './release-target.js';

describe('where a release is installed', () => {
  it('is its own namespace under its own name, unless the spec says otherwise', () => {
    const release = { namespace: 'apps', name: 'web' };
    expect(targetNameOf(release, {})).toEqual(release);
    expect(targetNameOf(release, { targetNamespace: 'prod', releaseName: 'site' })).toEqual({
      namespace: 'prod',
      name: 'site',
    });
  });

  it.each([
    ['the only one', undefined, ['main'], { cluster: 'main' }],
    ['the one it names', 'edge', ['main', 'edge'], { cluster: 'edge' }],
    [
      'none where it names one that is not configured',
      'moon',
      ['main', 'edge'],
      { problem: 'spec.cluster names moon, which is not configured; there is main, edge' },
    ],
    [
      'none where there are several and it names none',
      undefined,
      ['main', 'edge'],
      { problem: 'spec.cluster is needed: there are several clusters (main, edge)' },
    ],
  ])('is the cluster: %s', (_which, wanted, configured, chosen) => {
    expect(chooseCluster(wanted, configured)).toEqual(chosen);
  });
});

describe('what a release waits for', () => {
  it('is in its own namespace unless another is named', () => {
    const dependsOn = [{ name: 'base' }, { name: 'database', namespace: 'data' }];
    expect(dependenciesOf('apps', { dependsOn })).toEqual(['apps/base', 'data/database']);
    expect(dependenciesOf(undefined, { dependsOn: [{ name: 'base' }] })).toEqual(['default/base']);
  });
});

describe('the chart of a release', () => {
  it.each([
    ['./charts', 'charts/web'],
    ['.', 'web'],
    ['./', 'web'],
    ['https://charts.example.com', undefined],
    ['oci://registry.example.com/charts', undefined],
    ['git+https://git.example.com/a.git//charts?ref=v1', undefined],
  ])('of %s lies in the folder %s', (repository, folder) => {
    expect(chartFolderOf({ chart: { repository, name: 'web' } })).toBe(folder);
  });
});
