import { Explanation, ReleaseDetail } from '@shipit/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { digestOf, envelopeOf, registryHost, releaseFile, sha, startApi } from '../../test/api-in-memory.js';

const one = '/api/v1/releases/default/word-counts';

describe('releases', () => {
  let api: Awaited<ReturnType<typeof startApi>>;
  afterEach(() => api.close());

  it('lists them with their squad and state, and tells one whole', async () => {
    api = await startApi();
    const list = await api.as('viewer').get('/api/v1/releases?text=VELOCITY&state=Deployed&state=Failed').expect(200);
    expect(list.body).toMatchObject({
      items: [{ release: 'default/word-counts', squad: 'velocity', state: 'Deployed' }],
    });
    const detail = await api.as('viewer').get(one).expect(200);
    expect(ReleaseDetail.parse(detail.body)).toMatchObject({
      releaseName: 'word-counts',
      path: 'releases/word-counts.yaml',
    });
    const history = await api.as('viewer').get(`${one}/history`).expect(200);
    expect(history.body.items).toHaveLength(2);
  });

  it.each([
    ['an unknown state', '?state=Broken'],
    ['an unknown filter', '?colour=red'],
    ['no number', '?limit=many'],
    ['a cursor that it did not give', '?cursor=zzz'],
    ['a name that reaches a prototype', '?__proto__=x'],
  ])('refuses %s', async (_, query) => {
    api = await startApi();
    const response = await api.as('viewer').get(`/api/v1/releases${query}`);
    expect(response.body).toMatchObject({ status: 400, code: 'SHIPIT_INVALID' });
  });

  it.each(['default/nobody', 'Default/word-counts', 'default/..%2f..%2fetc', `default/${'x'.repeat(300)}`])(
    'does not know %s',
    async (key) => {
      api = await startApi();
      const response = await api.as('viewer').get(`/api/v1/releases/${key}`);
      expect([400, 404]).toContain(response.status);
      expect(response.type).toBe('application/problem+json');
    },
  );

  describe('explained, with nothing in the event log', () => {
    const pushed = (tag: string, minutes: number, digit = '1') => ({
      image: { registry: registryHost, repository: 'word-counts', tag },
      described: { digest: digestOf(digit), pushedAt: new Date(Date.now() - minutes * 60_000) },
    });

    async function explain(file: string, locks = '', ...pushes: ReturnType<typeof pushed>[]): Promise<Explanation> {
      api = await startApi({ files: { 'releases/word-counts.yaml': file, 'releases/locks.yaml': locks } });
      const running = pushed(sha('a'), 60, 'a');
      for (const { image, described } of [running, ...pushes]) api.registry.push(image, described);
      const response = await api.as('viewer').get(`${one}/explain`).expect(200);
      return Explanation.parse(response.body);
    }

    it('says nothing of what runs, under whichever tag', async () => {
      const explanation = await explain(releaseFile(), '', pushed('latest', 60, 'a'));
      expect(explanation.candidates).toEqual([]);
      expect(explanation.summary).not.toContain('is not deployed');
    });

    it.each([
      ['autodeploy off', releaseFile({ autodeploy: false }), '', pushed(sha('b'), 5)],
      ['tag not allowed', releaseFile(), '', pushed('nightly', 5)],
      ['older', releaseFile(), '', pushed(sha('b'), 90)],
      ['locked', releaseFile(), 'env_lock: {reasons: [freeze]}\n', pushed(sha('b'), 5)],
      ['held', releaseFile(), 'resource_locks: {default/word-counts: {reasons: ["Hold: bad"]}}\n', pushed(sha('b'), 5)],
      ['newer', releaseFile(), '', pushed(sha('b'), 5)],
    ])('tells a push that is %s', async (reason, file, locks, push) => {
      const { candidates, steps } = await explain(file, locks, push);
      expect(candidates).toMatchObject([{ reason, image: `${registryHost}/word-counts:${push.image.tag}` }]);
      expect(steps).toContainEqual(expect.objectContaining({ step: 'decision', reason }));
    });

    it.each([
      ['is about to be committed', 0],
      ['follows within a minute; else `shipit resume` deploys', 5],
    ])('says of a push that nothing stands in the way of: %s', async (words, minutes) => {
      const { candidates } = await explain(releaseFile(), '', pushed(sha('b'), minutes));
      expect(candidates[0]?.message).toContain(words);
    });

    it('leaves older pushes out where something newer waits', async () => {
      const { candidates } = await explain(releaseFile(), '', pushed(sha('b'), 90), pushed('nightly', 5, '2'));
      expect(candidates.map(({ reason }) => reason)).toEqual(['tag not allowed']);
    });

    it('tells a person’s step back, found in the history', async () => {
      api = await startApi({ files: { 'releases/word-counts.yaml': releaseFile({ tag: sha('b') }) } });
      const deploy = `Deploy: default/word-counts ${registryHost}/word-counts:${sha('b')}@${digestOf('2')} from=${sha('a')} pushed=${new Date().toISOString()} id=1`;
      await api.git.push({ 'notes.md': 'x' }, { message: `Deploy word-counts\n\n${deploy}` });
      await api.git.push({ 'releases/word-counts.yaml': releaseFile({ tag: sha('a') }) }, { message: 'Back' });
      for (const { image, described } of [
        pushed(sha('a'), 60, 'a'),
        pushed(sha('b'), 30, '2'),
        pushed(sha('c'), 1, '3'),
      ])
        api.registry.push(image, described);
      const { candidates } = Explanation.parse((await api.as('viewer').get(`${one}/explain`)).body);
      expect(candidates.map(({ reason }) => reason)).toEqual(['held', 'held']);
      expect(candidates[0]?.message).toContain('by hand');
    });

    it('answers from the event log while the registry is away', async () => {
      api = await startApi();
      api.registry.setDown(true);
      const image = { registry: registryHost, repository: 'word-counts', tag: 'nightly', digest: digestOf('1') };
      const data = { release: 'default/word-counts', image, pushedAt: new Date().toISOString(), commit: sha('a') };
      await api.events.publish({
        ...envelopeOf('candidate'),
        type: 'release.candidate',
        data: { ...data, reason: 'tag not allowed', message: 'not allowed' },
      });
      const { body } = await api.as('viewer').get(`${one}/explain`).expect(200);
      expect(body.candidates).toMatchObject([{ reason: 'tag not allowed' }]);
    });
  });
});
