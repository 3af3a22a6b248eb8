import { describe, expect, it } from 'vitest';
import { anEvent, progress } from '../../test/an-event.js';
import { mergeFeed } from './merge-feed.js';

const event = anEvent('release.deployed', progress);
const feed = (...cursors: string[]) => cursors.map((cursor) => ({ cursor, event }));
const cursors = (logged: readonly { cursor: string }[]) => logged.map(({ cursor }) => cursor);

describe('The feed of two readings', () => {
  it('has each event once, newest first, also within a millisecond', () => {
    const merged = mergeFeed(feed('5-0', '10-2'), feed('10-10', '10-2', '9-0', '5-0', '1-0'));
    expect(cursors(merged)).toEqual(['10-10', '10-2', '9-0', '5-0', '1-0']);
  });

  it('does not grow without end', () => {
    const many = feed(...Array.from({ length: 600 }, (_, n) => `${n}-0`));
    const merged = mergeFeed(many, []);
    expect(merged).toHaveLength(500);
    expect(merged[0]?.cursor).toBe('599-0');
  });
});
