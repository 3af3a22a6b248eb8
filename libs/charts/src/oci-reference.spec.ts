import { describe, expect, it } from 'vitest';
import { ociReference } from './oci-reference.js';

const reference = (repository: string, name = 'web', version = '1.2.3+b.5') =>
  ociReference('Fetching', { repository, name, version });

describe('the place of a chart in a registry', () => {
  it.each([
    ['a path', 'oci://ghcr.io/team/charts', 'https://ghcr.io', 'team/charts/web'],
    ['no path', 'oci://localhost:5000', 'https://localhost:5000', 'web'],
    [
      'Docker Hub, which answers elsewhere',
      'oci://docker.io/bitnamicharts',
      'https://registry-1.docker.io',
      'bitnamicharts/web',
    ],
  ])('is that of %s', (_what, repository, origin, path) => {
    expect(reference(repository)).toMatchObject({ origin, repository: path, tag: '1.2.3_b.5' });
  });

  it.each([
    'oci://ann:secret@ghcr.io/team',
    'oci://ghcr.io/team:1',
    'oci://ghcr.io/Team',
    'https://ghcr.io/team',
    'oci://',
  ])('is none for %s', (repository) => {
    expect(() => reference(repository)).toThrow(expect.objectContaining({ code: 'SHIPIT_CHART_SOURCE' }));
  });
});
