import { describe, expect, it } from 'vitest';
import { withBlock, withHold, withLock, withoutHold, withoutLock } from './edit-locks.js';
import { lockOf, readLocks } from './locks.js';

const release = 'default/word-counts';
const at = '2026-11-21T03:00:00Z';
const now = new Date(at);
const digest = `sha256:${'1'.repeat(64)}`;
const blocked = { image: 'e.com/a:v1', digest, pushed: at };
const person = { by: 'ann', at, reason: 'release freeze' };

function lock(text: string | undefined, when = now) {
  const read = readLocks(text);
  if (!read.ok) throw new Error(read.problem);
  return lockOf(read.locks, release, when);
}

function textOf(result: ReturnType<typeof withLock>): string {
  if (!result.ok) throw new Error(result.refusals[0].reason);
  return result.text;
}

describe('locks.yaml', () => {
  it.each([
    ['says nothing where it is absent', undefined, []],
    ['says nothing where it is empty', '# none\n', []],
    ['locks a release', `version: 1\nresource_locks:\n  ${release}: {reasons: [a, b], by: x}\n`, ['a', 'b']],
    ['locks by one reason as a text', `version: 1\nresource_locks:\n  ${release}: {reasons: a}\n`, ['a']],
    ['locks the whole environment', 'version: 1\nenv_lock: {reasons: [all]}\n', ['all']],
    [
      'tells the reasons of the environment first',
      `version: 1\nresource_locks: {${release}: {reasons: [a]}}\nenv_lock: {reasons: [all]}\n`,
      ['all', 'a'],
    ],
    ['locks no other release', 'version: 1\nresource_locks: {default/other: {reasons: [a]}}\n', []],
    [
      'does not lock without a reason',
      `version: 1\nenv_lock: {reasons: []}\nresource_locks: {${release}: {reasons: []}}\n`,
      [],
    ],
    ['does not lock by a release without a value', `version: 1\nresource_locks:\n  ${release}:\n`, []],
    [
      'passes over keys and items without a value',
      `resource_locks: {${release}: {reasons: [a, ], by: , until: }}\n`,
      ['a'],
    ],
    ['says nothing where its maps are empty', 'version: 1\nenv_lock:\nresource_locks:\n', []],
    ['locks until its time', `resource_locks: {${release}: {reasons: [a], until: "2026-11-21T03:00:01Z"}}\n`, ['a']],
    ['does not lock past its time', `resource_locks: {${release}: {reasons: [a], until: 2026-11-21T03:00:00Z}}\n`, []],
    ['locks for ever where its time is none', `resource_locks: {${release}: {reasons: [a], until: later}}\n`, ['a']],
    [
      'does not lock by empty reasons',
      `resource_locks: {${release}: {reasons: ["", " "]}}\nenv_lock: {reasons: " "}\n`,
      [],
    ],
    ['keeps what it does not know', `version: 1\nx: 1\nresource_locks: {${release}: {reasons: [a], y: 2}}\n`, ['a']],
  ])('%s', (_title, text, reasons) => {
    expect(lock(text).locked).toEqual(reasons);
  });

  it('holds for a resume, past any time', () => {
    const text = `resource_locks: {${release}: {reasons: ["Hold: rolled back", frozen], until: 2020-01-01T00:00:00Z}}\n`;
    expect(lock(text)).toMatchObject({ locked: [], held: ['rolled back'] });
  });

  it.each([
    ['it is no YAML', 'a: [\n', 'locks.yaml:2:1'],
    ['it is of another version', 'version: 2\n', 'locks.yaml:1:10: version'],
    [
      'a lock is no map',
      `version: 1\nresource_locks:\n  ${release}: yes\n`,
      `locks.yaml:3:${release.length + 5}: resource_locks`,
    ],
    ['it is a list', '- a\n', 'locks.yaml:1'],
    ['it holds two documents', 'version: 1\n---\nversion: 1\n', 'more than one document'],
    ['a key reaches prototypes', 'resource_locks: {__proto__: {reasons: [a]}}\n', 'locks.yaml:1:18'],
  ])('is unreadable, with the line, where %s', (_why, text, problem) => {
    expect(readLocks(text)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) as string });
    expect(withLock(text, release, person)).toMatchObject({ ok: false });
  });
});

describe('a lock', () => {
  it('is written into a new file', () => {
    expect(textOf(withLock(undefined, release, person))).toBe(
      `version: 1\nresource_locks:\n  ${release}:\n    reasons:\n      - release freeze\n    by: ann\n    at: "${at}"\n`,
    );
  });

  it.each([
    ['version: 1\nresource_locks: {}\n', 'version: 1\nresource_locks:\n'],
    ['version: 1\nresource_locks: {} # none\n', 'version: 1\nresource_locks: # none\n'],
    ['version: 1\nresource_locks:\n', 'version: 1\nresource_locks:\n'],
    [`version: 1\nresource_locks:\n  ${release}:\n`, 'version: 1\nresource_locks:\n'],
  ])('is the first of an empty map, without a space too many: %j', (text, start) => {
    const entry = `  ${release}:\n    reasons:\n      - release freeze\n    by: ann\n    at: "${at}"\n`;
    expect(textOf(withLock(text, release, person))).toBe(start + entry);
  });

  it('keeps every line of others', () => {
    const text =
      '# locks of prod\r\nversion: 1 # v\r\nenv_lock: {reasons: [x]} # !\r\nresource_locks:\r\n  default/a: {reasons: [y]}\r\n';
    expect(textOf(withLock(text, release, person)).startsWith(text)).toBe(true);
    expect(textOf(withoutLock(textOf(withLock(text, release, person)), release))).toBe(text);
  });

  it('adds its reason to those that are there, with their comments', () => {
    const text = `resource_locks:\n  ${release}: # mine\n    reasons: [a]\n    owner: team # kept\n`;
    const after = textOf(withLock(text, release, { ...person, until: '2026-12-01T00:00:00Z' }));
    expect(after).toContain('# mine');
    expect(after).toContain('    owner: team # kept\n');
    expect(lock(after)).toMatchObject({ locked: ['a', 'release freeze'], by: 'ann', until: '2026-12-01T00:00:00Z' });
  });

  it.each([
    ['a lock', (text?: string) => withLock(text, release, person)],
    ['a hold', (text?: string) => withHold(text, release, person)],
    ['a block', (text?: string) => withBlock(text, release, [blocked])],
    ['an unlock', (text?: string) => withoutLock(text, release)],
    ['a resume', (text?: string) => withoutHold(text, release)],
  ])('changes nothing the second time: %s', (_what, change) => {
    const once = textOf(
      change(
        `version: 1\nresource_locks:\n  ${release}: {reasons: [a, "Hold: b"]}\n  x/y: {}\n`.replace(
          '{}',
          '{reasons: [z]}',
        ),
      ),
    );
    expect(change(once)).toEqual({ ok: true, text: once, isChanged: false });
  });

  it('is lifted without its holds and blocks', () => {
    let text = textOf(withLock(undefined, release, person));
    text = textOf(withHold(text, release, { ...person, reason: 'rolled back' }));
    text = textOf(withBlock(text, release, [blocked]));
    expect(lock(text)).toMatchObject({ locked: ['release freeze'], held: ['rolled back'], blocked: [blocked] });
    expect(lock(textOf(withoutLock(text, release)))).toMatchObject({
      locked: [],
      held: ['rolled back'],
      blocked: [blocked],
    });
    expect(lock(textOf(withoutHold(text, release)))).toMatchObject({
      locked: ['release freeze'],
      held: [],
      blocked: [],
    });
    expect(textOf(withoutHold(textOf(withoutLock(text, release)), release))).toBe('version: 1\nresource_locks: {}\n');
  });

  it('blocks an image once', () => {
    const text = textOf(
      withBlock(textOf(withBlock(undefined, release, [blocked])), release, [
        blocked,
        { ...blocked, digest: 'sha256:2' },
      ]),
    );
    expect(lock(text).blocked).toHaveLength(2);
  });

  it('cannot be made to look like a hold by its reason', () => {
    expect(lock(textOf(withLock(undefined, release, { ...person, reason: 'Hold: mine' })))).toMatchObject({
      locked: ['Lock: Hold: mine'],
      held: [],
    });
  });

  it('keeps a reason of several lines on one', () => {
    expect(lock(textOf(withLock(undefined, release, { ...person, reason: 'a\n  b: c\n# d' }))).locked).toEqual([
      'a b: c # d',
    ]);
  });
});
