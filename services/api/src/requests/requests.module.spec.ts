import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { committed, envelopeOf, sha, startApi } from '../../test/api-in-memory.js';

const rollback = '/api/v1/releases/default/word-counts/rollback';

describe('requests by people', () => {
  let api: Awaited<ReturnType<typeof startApi>>;
  beforeEach(async () => {
    api = await startApi();
  });
  afterEach(() => api.close());

  it('answers 202 with the commit once it is on the branch, and names who asked and why', async () => {
    const answering = api.committerAnswers(({ id }) => committed(id));
    const response = await api.as('deployer').post(rollback).send({ reason: 'it is slow' }).expect(202);
    await answering;
    expect(response.body).toMatchObject({ release: 'default/word-counts', commit: sha('c') });
    expect(api.events.published[0]).toMatchObject({
      type: 'rollback.requested',
      data: { to: sha('9'), actor: 'deployer', cause: { kind: 'person', message: 'it is slow' }, then: 'hold' },
    });
  });

  it('makes a request with the same Idempotency-Key once and gives the same answer', async () => {
    const answering = api.committerAnswers(({ id }) => committed(id));
    const ask = () => api.as('deployer').post(rollback).set('idempotency-key', 'key-1').send({ reason: 'it is slow' });
    const first = await ask().expect(202);
    await answering;
    const again = await ask().expect(202);
    expect(again.body).toEqual(first.body);
    expect(api.events.published.filter(({ type }) => type === 'rollback.requested')).toHaveLength(1);
  });

  it('answers 409 with the committer’s reason where nothing can be done', async () => {
    const data = {
      release: 'default/word-counts',
      of: sha('a'),
      reason: 'superseded' as const,
      message: 'a newer commit decides',
    };
    const answering = api.committerAnswers(({ id }) => ({
      ...envelopeOf(`refused-${id}`),
      type: 'rollback.refused',
      data: { ...data, requestId: id },
    }));
    const response = await api.as('deployer').post(rollback).send({ reason: 'it is slow' });
    await answering;
    expect(response.body).toMatchObject({ status: 409, code: 'SHIPIT_SUPERSEDED', detail: 'a newer commit decides' });
  });

  it.each(['lock', 'unlock', 'resume'])('hands on a %s', async (verb) => {
    const answering = api.committerAnswers(({ id }) => committed(id));
    await api
      .as('deployer')
      .post(`/api/v1/releases/default/word-counts/${verb}`)
      .send({ reason: 'freeze' })
      .expect(202);
    await answering;
    expect(api.events.published[0]?.type).toBe(`${verb}.requested`);
  });

  it.each([
    ['is no JSON', '{"reason":', 400],
    ['gives no reason', '{}', 400],
    ['gives an empty reason', '{"reason":"  "}', 400],
    ['holds more than is asked for', '{"reason":"x","force":true}', 400],
    ['reaches for a prototype', '{"reason":"x","__proto__":{"role":"admin"}}', 400],
    ['is nested deeply', `{"reason":"x","to":${'['.repeat(5_000)}${']'.repeat(5_000)}}`, 400],
    ['is a list', '[]', 400],
    ['names a commit that is none', '{"reason":"x","to":"main; rm -rf /"}', 400],
    ['is a megabyte of text', JSON.stringify({ reason: 'x'.repeat(1024 * 1024) }), 413],
  ])('refuses a body that %s, and stays up', async (_, body, status) => {
    const response = await api.as('deployer').post(rollback).set('content-type', 'application/json').send(body);
    expect(response.type).toBe('application/problem+json');
    expect(response.body).toMatchObject({ status, code: expect.stringMatching(/^SHIPIT_(BODY|INVALID)$/) as string });
    expect(api.events.published).toEqual([]);
    await api.as('viewer').get('/api/v1/releases').expect(200);
  });

  it('refuses an Idempotency-Key that is too long, and a commit that was never good', async () => {
    const long = await api.as('deployer').post(rollback).set('idempotency-key', 'x'.repeat(201)).send({ reason: 'x' });
    expect(long.status).toBe(400);
    const never = await api
      .as('deployer')
      .post(rollback)
      .send({ reason: 'x', to: sha('f') });
    expect(never.body).toMatchObject({ status: 409, code: 'SHIPIT_NOTHING_TO_RESTORE' });
  });
});
