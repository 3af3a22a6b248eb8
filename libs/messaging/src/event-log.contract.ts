import { waitUntil } from '@shipit/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CursorError, type EventLog, type LoggedEvent } from './event-log.js';
import { anEvent } from './events-for-tests.js';

/** What every event log does. */
export function eventLogContract(
  title: string,
  create: () => Promise<{ log: EventLog; close: () => Promise<void> }>,
): void {
  describe(`event log: ${title}`, () => {
    let log: EventLog;
    let close: () => Promise<void>;
    const stop = new AbortController();
    beforeEach(async () => {
      ({ log, close } = await create());
    });
    afterEach(async () => {
      stop.abort();
      await close();
    });

    it('keeps an event once, however often it is told', async () => {
      expect(await log.append(anEvent('a'))).toBe(true);
      expect(await log.append(anEvent('a'))).toBe(false);
      expect(await log.has('a')).toBe(true);
      expect(await log.has('b')).toBe(false);
      expect(idsOf(await log.read({ limit: 10 }))).toEqual(['a']);
    });

    it('is read page by page from either end', async () => {
      for (const id of ['a', 'b', 'c', 'd']) await log.append(anEvent(id));
      const first = await log.read({ limit: 3 });
      expect(idsOf(first)).toEqual(['a', 'b', 'c']);
      expect(idsOf(await log.read({ limit: 3, after: first.at(-1)!.cursor }))).toEqual(['d']);
      const newest = await log.read({ limit: 2, order: 'newest first' });
      expect(idsOf(newest)).toEqual(['d', 'c']);
      expect(idsOf(await log.read({ limit: 9, order: 'newest first', after: newest.at(-1)!.cursor }))).toEqual([
        'b',
        'a',
      ]);
    });

    it('finds the events of one release or type among many others', async () => {
      for (let n = 0; n < 450; n++) await log.append(anEvent(`other-${n}`, 'default/other'));
      await log.append(anEvent('wanted', 'default/wanted'));
      expect(idsOf(await log.read({ limit: 5, filter: { subjects: ['default/wanted'] } }))).toEqual(['wanted']);
      expect(await log.read({ limit: 5, filter: { types: ['release.failed'] } })).toEqual([]);
    });

    it('refuses a cursor that it never gave out', async () => {
      await expect(log.read({ limit: 1, after: 'x; DROP' })).rejects.toBeInstanceOf(CursorError);
    });

    it('tells a follower what it missed and then what comes, once each and in order', async () => {
      for (const id of ['a', 'b']) await log.append(anEvent(id));
      const [first] = await log.read({ limit: 1 });
      const seen = follow(log, first!.cursor);
      await waitUntil(() => seen.ids.length === 1);
      for (let n = 0; n < 250; n++) await log.append(anEvent(`n${n}`));
      await waitUntil(() => seen.ids.length === 251);
      expect(seen.ids).toEqual(['b', ...Array.from({ length: 250 }, (_, n) => `n${n}`)]);
      seen.stop();
      await seen.ended;
    });

    it('tells a follower without a cursor only what comes', async () => {
      await log.append(anEvent('before'));
      const seen = follow(log, undefined);
      await waitUntil(async () => {
        await log.append(anEvent(`probe-${Math.random()}`));
        return seen.ids.length > 0;
      });
      expect(seen.ids).not.toContain('before');
      seen.stop();
      await seen.ended;
    });
  });
}

function idsOf(entries: LoggedEvent[]): string[] {
  return entries.map(({ event }) => event.id);
}

function follow(log: EventLog, after: string | undefined) {
  const controller = new AbortController();
  const ids: string[] = [];
  const ended = (async () => {
    for await (const { event } of log.follow(after, controller.signal)) ids.push(event.id);
  })();
  return { ids, ended, stop: () => controller.abort() };
}
