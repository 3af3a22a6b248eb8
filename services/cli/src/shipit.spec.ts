import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run, setUp } from '../test/terminal.js';
import { createProgram } from './program.js';

const at = new Date(Date.now() - 120_000).toISOString();
const image = `123456789012.dkr.ecr.us-east-1.amazonaws.com/word-counts:${'7'.repeat(40)}`;
const release = {
  ...{ release: 'default/word-counts', namespace: 'default', name: 'word-counts', cluster: 'main', squad: 'velocity' },
  ...{ state: 'Deployed', reason: 'Ready', message: 'Revision 2 runs', chart: 'service-0.1.0', images: [image] },
  ...{ revision: 2, commit: 'c'.repeat(40), by: 'Ann <ann@example.com>', since: at },
  ...{ isAutodeployed: true, isSuspended: false },
};
const detail = {
  ...{ ...release, releaseName: 'word-counts', targetNamespace: 'default', imageTags: 'git-sha', links: {} },
  ...{ conditions: [], automaticRollback: true },
};
const explanation = {
  release: 'default/word-counts',
  state: 'Deployed',
  summary: 'word-counts is Deployed. word-counts:nightly was pushed and is not deployed',
  steps: [
    { step: 'push', outcome: 'done', title: 'Pushed', detail: `${image} (sha256:${'a'.repeat(64)})`, at },
    {
      step: 'decision',
      outcome: 'skipped',
      title: 'Not deployed',
      detail: `nightly: ${'long '.repeat(40)}`,
      reason: 'tag not allowed',
      at,
    },
  ],
  candidates: [],
};
const resource = {
  apiVersion: 'v1',
  kind: 'Pod',
  name: 'evil',
  health: 'Failed',
  message: 'bad\u001b[2J\u0007\u202etxt.exe',
};
const envelope = { specversion: '1.0', source: 'test', time: at };
const push = {
  ...{ ...envelope, id: '1', type: 'image.pushed', subject: image },
  data: {
    image: {
      registry: image.split('/')[0],
      repository: 'word-counts',
      tag: '7'.repeat(40),
      digest: `sha256:${'a'.repeat(64)}`,
    },
    ...{ pushedAt: at, origin: 'event', isOrderKnown: true },
  },
};
const committed = {
  ...{ ...envelope, id: '2', type: 'release.committed', subject: 'default/word-counts' },
  data: {
    ...{ release: 'default/word-counts', commit: 'c'.repeat(40), path: 'x.yaml', actor: 'ship-it' },
    changes: [{ image: 'r/word-counts', from: '6'.repeat(40), to: '7'.repeat(40) }],
  },
};
const progress = { release: 'default/word-counts', cluster: 'main', commit: 'c'.repeat(40), reason: 'Ready' };
const [deploying, deployed] = (['deploying', 'deployed'] as const).map((state, n) => ({
  ...{ ...envelope, id: `${n + 3}`, type: `release.${state}`, subject: 'default/word-counts' },
  data: { ...progress, message: `it is ${state}` },
}));
const other = {
  ...deployed,
  id: '5',
  subject: 'default/other',
  data: { ...progress, release: 'default/other', message: 'other' },
};
const stream = [push, committed, other, deploying, deployed].map(
  (one, n) => `id: ${n}-0\ndata: ${JSON.stringify(one)}\n\n`,
);

describe('shipit', () => {
  let terminal: Awaited<ReturnType<typeof setUp>>;
  beforeEach(async () => {
    terminal = await setUp({
      '/releases': { items: [{ ...release, release: 'default/api', name: 'api', reason: 'Unhealthy' }, release] },
      '/releases/default/word-counts': detail,
      '/releases/default/word-counts/resources': { items: [resource] },
      '/releases/default/word-counts/explain': explanation,
      '/releases/default/word-counts/history': { items: [] },
      '/releases/default/word-counts/lock': {
        requestId: '1',
        release: 'default/word-counts',
        commit: 'c'.repeat(40),
        message: 'Locked: freeze',
      },
      '/releases/default/odd': { hello: 'world' },
      '/events': stream.join(''),
    });
  });
  afterEach(() => terminal.close());

  it('lists releases in few columns, with people’s names and short images', async () => {
    const { code, out } = await terminal.shipit('releases list', { columns: 120 });
    expect(code).toBe(0);
    expect(out).toMatch(/^RELEASE +STATE +IMAGE +CHART +REV +AGE +SQUAD +BY\n/);
    expect(out).toMatch(/default\/word-counts +Deployed +word-counts:7777777 +service-0.1.0 +2 +2m +velocity +Ann\n$/);
    expect(out).toMatch(/default\/api +Deployed \(Unhealthy\) +word-counts/);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
    expect(out).not.toContain('\u001b');
  });

  it('hands filters on, and refuses a state that is none', async () => {
    await terminal.shipit("releases list --squad velocity --state Failed --search 'word counts'");
    expect(terminal.asked[0]).toContain('squad=velocity&state=Failed&text=word+counts Bearer a-token');
    expect(await terminal.shipit('releases list --state Broken')).toMatchObject({ code: 2 });
  });

  it('explains step by step within the terminal’s width, each with its reason', async () => {
    const { out } = await terminal.shipit('releases explain word-counts', { columns: 80 });
    expect(out).toContain('✓ Pushed');
    expect(out).toContain('[tag not allowed]');
    expect(out).toContain('word-counts:7777777 (sha256:aaaaaaaaaaaa)');
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    const piped = await terminal.shipit('releases explain word-counts');
    expect(piped.out.split('\n').find((line) => line.includes('tag not allowed'))).toContain('long '.repeat(39));
  });

  it('prints no control characters that come from outside', async () => {
    const { out } = await terminal.shipit('releases get word-counts');
    expect(out).toContain('bad [2J txt.exe');
    for (const words of ['releases get word-counts', 'releases get word-counts --json'])
      expect((await terminal.shipit(words)).out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  it.each([
    'releases list',
    'releases get word-counts',
    'releases explain word-counts',
    'releases history word-counts',
  ])('prints JSON for programs: %s', async (words) => {
    for (const line of [`--json ${words}`, `${words} --json`])
      expect(JSON.parse((await terminal.shipit(line)).out)).toBeTypeOf('object');
  });

  it('watches a release from the push to Deployed, a line for each step, and nothing of others', async () => {
    const { code, out } = await terminal.shipit('releases watch word-counts', { until: 'Deployed' });
    expect(code).toBe(0);
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => line.split(/ {2,}/)[2]),
    ).toEqual(['pushed', 'committed', 'Deploying', 'Deployed']);
    expect(out).toContain('ccccccc word-counts 6666666 → 7777777, by ship-it');
  });

  it('asks for a lock with a reason and tells the commit', async () => {
    const { out } = await terminal.shipit("lock word-counts --reason 'a freeze'");
    expect(out).toBe('default/word-counts: Locked: freeze (commit ccccccc)\n');
    expect(await terminal.shipit('lock word-counts')).toMatchObject({ code: 2 });
  });

  it('waits until an image is deployed', async () => {
    expect(await terminal.shipit('wait word-counts')).toMatchObject({
      code: 0,
      out: 'default/word-counts Deployed: Revision 2 runs\n',
    });
    expect(await terminal.shipit('wait word-counts --timeout soon')).toMatchObject({ code: 2 });
  });

  it.each([
    ['an unknown release', 'releases get nobody', 1, 'There is no release default/nobody. (SHIPIT_RELEASE_NOT_FOUND)'],
    ['a name that is none', 'releases get ../../etc', 2, 'is no release'],
    ['an unknown command', 'releases destroy', 2, 'unknown command'],
    ['an answer that is not understood', 'releases get odd', 1, 'not understood'],
    ['a number that is none', 'events --limit many', 2, '1 to 1000'],
  ])('says what is wrong with %s', async (_, words, code, text) => {
    const result = await terminal.shipit(words);
    expect(result).toMatchObject({ code, out: '' });
    expect(result.error).toContain(text);
  });

  it('says that the server is away, and what is missing to reach one', async () => {
    const { url } = terminal;
    await terminal.close();
    const away = await run('releases list', { environment: { SHIPIT_SERVER: url, SHIPIT_TOKEN: 'x' } });
    expect(away).toMatchObject({ code: 1, error: `shipit: ${url} is not reachable. Is the server running?\n` });
    const noToken = await run('releases list', { environment: { SHIPIT_SERVER: url } });
    expect(noToken).toMatchObject({ code: 2, error: expect.stringContaining('SHIPIT_TOKEN') as string });
    const none = await run('releases list', { environment: { SHIPIT_PLAYGROUND: tmpdir() } });
    expect(none).toMatchObject({ code: 2, error: expect.stringContaining('no server') as string });
    terminal = await setUp();
  });
});

describe('help', () => {
  const surroundings = { environment: {}, columns: 80, write: () => undefined, writeError: () => undefined };
  const program = createProgram({
    ...surroundings,
    readInput: async () => new Uint8Array(),
    stopping: () => new AbortController().signal,
  });
  const names = [
    '',
    ...program.commands.flatMap((one) => [one.name(), ...one.commands.map((two) => `${one.name()} ${two.name()}`)]),
  ];

  it.each(names)('is there for: shipit %s', async (name) => {
    const { code, out } = await run(`${name} --help`);
    expect(code).toBe(0);
    expect(out).toContain(`Usage: shipit${name && ` ${name.split(' ')[0] ?? ''}`}`);
    expect(out).toContain('--json');
  });
});
