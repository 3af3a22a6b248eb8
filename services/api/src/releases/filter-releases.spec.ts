import type { ReleaseSummary } from '@shipit/contracts';
import { describe, expect, it } from 'vitest';
import { filterReleases, ReleaseQuery } from './filter-releases.js';

const release = (name: string, fields: Partial<ReleaseSummary> = {}): ReleaseSummary => ({
  ...{ release: `default/${name}`, namespace: 'default', name, cluster: 'main', state: 'Deployed', reason: '' },
  ...{ message: '', chart: 'service-1.0.0', images: [`registry/${name}:v1`], isAutodeployed: true, isSuspended: false },
  ...fields,
});
const all = [
  release('word-counts', { squad: 'velocity' }),
  release('billing', { state: 'Failed', namespace: 'money', squad: 'velocity' }),
  release('stories', { cluster: 'other' }),
];

describe('filtering releases', () => {
  it.each([
    ['nothing', {}, ['billing', 'stories', 'word-counts']],
    ['a text, whatever the case', { text: 'VELOC' }, ['billing', 'word-counts']],
    ['a text in an image', { text: 'counts:v1' }, ['word-counts']],
    ['one state', { state: 'Failed' }, ['billing']],
    ['several states', { state: ['Failed', 'Deployed'] }, ['billing', 'stories', 'word-counts']],
    ['a cluster', { cluster: 'other' }, ['stories']],
    ['a namespace', { namespace: 'money' }, ['billing']],
    ['a squad, whole', { squad: 'veloc' }, []],
    ['an image', { image: 'registry/billing:v1' }, ['billing']],
    ['two things at once', { squad: 'velocity', state: 'Deployed' }, ['word-counts']],
  ])('by %s', (_, query, names) => {
    const { items, nextCursor } = filterReleases(all, ReleaseQuery.parse(query));
    expect(items.map(({ name }) => name)).toEqual(names);
    expect(nextCursor).toBeUndefined();
  });

  it('gives pages whose cursor goes on where the page before ended', () => {
    const first = filterReleases(all, ReleaseQuery.parse({ limit: '2' }));
    expect(first).toMatchObject({ items: [{ name: 'billing' }, { name: 'stories' }], nextCursor: 'default/stories' });
    const second = filterReleases(all, ReleaseQuery.parse({ limit: '2', cursor: first.nextCursor }));
    expect(second.items.map(({ name }) => name)).toEqual(['word-counts']);
    expect(second.nextCursor).toBeUndefined();
  });
});
