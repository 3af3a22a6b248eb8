import { describe, expect, it } from 'vitest';
import { aReleaseList } from '../../test/a-release-list.js';
import { countStates, searchReleases } from './search-releases.js';

const { items: releases } = aReleaseList(500);
const names = (text: string): string[] => searchReleases(releases, text, []).map(({ name }) => name);

describe('Searching releases', () => {
  it('shows all of them for no text, or for nothing but spaces', () => {
    expect(searchReleases(releases, '', [])).toEqual(releases);
    expect(names('  ')).toHaveLength(500);
  });

  it.each([
    ['a name', 'SERVICE-499', ['service-499']],
    ['a tag', '1f3', ['service-499']],
    ['two words in any place', 'squad-7 Service-499', ['service-499']],
    ['a state and a name', 'rollingback service-4', expect.arrayContaining(['service-4', 'service-410'])],
    ['who changed it last', 'ann@EXAMPLE.com service-42 ', expect.arrayContaining(['service-42'])],
    ['what nothing holds', 'service-500', []],
  ])('finds %s, whatever the case', (_what, text, found) => {
    expect(names(text)).toEqual(found);
  });

  it('keeps to the states that were chosen', () => {
    const found = searchReleases(releases, 'squad-1', ['Failed', 'RolledBack']);
    expect(new Set(found.map(({ state }) => state))).toEqual(new Set(['Failed', 'RolledBack']));
    expect(searchReleases(releases, 'default/service-0', ['Failed'])).toEqual([]);
  });

  it('leaves the releases themselves as they were, so that only changed rows are drawn anew', () => {
    expect(searchReleases(releases, 'service-499', [])[0]).toBe(releases[499]);
  });

  it('counts each state', () => {
    const counts = countStates(releases);
    expect([...counts.values()].reduce((sum, count) => sum + count)).toBe(500);
    expect(counts.get('Pending')).toBe(72);
    expect(countStates([]).get('Failed')).toBeUndefined();
  });
});
