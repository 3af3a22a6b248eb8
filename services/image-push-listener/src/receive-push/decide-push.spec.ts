import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decidePush } from './decide-push.js';

const account = '723255503624';
const region = 'us-east-1';
const registry = `${account}.dkr.ecr.${region}.amazonaws.com`;
const digest = `sha256:${'a'.repeat(64)}`;
const circumstances = {
  registries: [
    { account, region },
    { account: '111111111111', region: 'eu-west-1', repositories: ['team/*', 'exact'] },
  ],
  now: new Date('2026-06-01T12:01:00Z'),
};
const decide = (body: unknown) => decidePush(body, circumstances);

function ecrEvent(detail: object = {}, envelope: object = {}) {
  return {
    version: '0',
    id: '13cde686-328b-6117-af20-0e5566167482',
    'detail-type': 'ECR Image Action',
    source: 'aws.ecr',
    account,
    time: '2026-06-01T12:00:00Z',
    region,
    resources: [],
    detail: {
      result: 'SUCCESS',
      'repository-name': 'team/word-counts',
      'image-digest': digest,
      'action-type': 'PUSH',
      'image-tag': 'v1',
      ...detail,
    },
    ...envelope,
  };
}

const flat = { eventTime: '2026-06-01T12:00:00Z', repositoryName: 'word-counts', tag: 'v1', registryId: account };
const sns = (message: unknown, changes: object = {}) => ({
  Type: 'Notification',
  MessageId: 'm',
  TopicArn: 'arn:aws:sns:us-east-1:723255503624:pushes',
  Message: typeof message === 'string' ? message : JSON.stringify(message),
  ...changes,
});

const push = {
  registry,
  repository: 'team/word-counts',
  tag: 'v1',
  digest,
  pushedAt: new Date('2026-06-01T12:00:00Z'),
};
const flatPush = { ...push, repository: 'word-counts', digest: undefined };

describe('decidePush accepts', () => {
  it.each([
    ['the EventBridge event', ecrEvent(), push],
    ['it inside SNS', sns(ecrEvent()), push],
    ['a replication', ecrEvent({ 'action-type': 'REPLICATE' }), push],
    ['an OCI index', ecrEvent({ 'manifest-media-type': 'application/vnd.oci.image.index.v1+json' }), push],
    ['a Docker image', ecrEvent({ 'artifact-media-type': 'application/vnd.docker.container.image.v1+json' }), push],
    ['an event with fields that are new to us', ecrEvent({ 'new-field': [1] }, { more: {} }), push],
    ['the flat form', flat, flatPush],
    ['it inside SNS', sns(flat), flatPush],
    ['an account id that is a number', { ...flat, registryId: Number(account) }, flatPush],
    ['a time with an offset', { ...flat, eventTime: '2026-06-01T14:00:00+02:00' }, flatPush],
  ])('%s', (_, body, expected) => {
    expect(decide(body)).toEqual({ outcome: 'accepted', push: expected });
  });

  it('a flat push in the region that watches its repository', () => {
    expect(decide({ ...flat, registryId: '111111111111', repositoryName: 'team/a/b' })).toMatchObject({
      outcome: 'accepted',
      push: { registry: '111111111111.dkr.ecr.eu-west-1.amazonaws.com', repository: 'team/a/b' },
    });
  });
});

describe('decidePush ignores, with a reason,', () => {
  it.each([
    ['a deletion', ecrEvent({ 'action-type': 'DELETE' }), 'not a successful push'],
    ['a push that failed', ecrEvent({ result: 'FAILURE' }), 'not a successful push'],
    ['a push without a tag', ecrEvent({ 'image-tag': undefined }), 'no tag'],
    ['a push with an empty tag', ecrEvent({ 'image-tag': '' }), 'no tag'],
    ['a flat push without a tag', { ...flat, tag: undefined }, 'no tag'],
    [
      'a chart',
      ecrEvent({ 'artifact-media-type': 'application/vnd.cncf.helm.config.v1+json' }),
      'not a container image',
    ],
    [
      'a build cache',
      ecrEvent({ 'artifact-media-type': 'application/vnd.buildkit.cacheconfig.v0' }),
      'not a container image',
    ],
    ['a signature', ecrEvent({ 'image-tag': `sha256-${'a'.repeat(64)}.sig` }), 'not a container image'],
    ['a manifest of another kind', ecrEvent({ 'manifest-media-type': 'application/json' }), 'not a container image'],
    ['another account', ecrEvent({}, { account: '999999999999' }), 'registry not configured'],
    ['another region', ecrEvent({}, { region: 'eu-west-1' }), 'registry not configured'],
    ['a repository that nobody watches', { ...flat, registryId: '111111111111' }, 'repository not configured'],
    [
      'a name that only begins like a watched one',
      { ...flat, registryId: '111111111111', repositoryName: 'exact2' },
      'repository not configured',
    ],
    ['another event of ECR', ecrEvent({}, { 'detail-type': 'ECR Image Scan' }), 'not an image push'],
    ['an event of another source', ecrEvent({}, { source: 'aws.s3' }), 'not an image push'],
    ['an SNS confirmation', sns('x', { Type: 'SubscriptionConfirmation' }), 'not an image push'],
    ['an SNS message that is a list', sns('[]'), 'not an image push'],
    ['an empty object', {}, 'not an image push'],
    ['a number', 42, 'not an image push'],
    ['null', null, 'not an image push'],
    ['a list', [ecrEvent()], 'not an image push'],
  ])('%s', (_, body, reason) => {
    expect(decide(body)).toMatchObject({ outcome: 'ignored', reason });
  });
});

describe('decidePush rejects', () => {
  it.each([
    ['an ECR event without detail', ecrEvent({}, { detail: undefined }), 'The ECR event is not understood at detail'],
    [
      'an ECR event with a tag that is a list',
      ecrEvent({ 'image-tag': ['v1'] }),
      'The ECR event is not understood at detail.image-tag',
    ],
    ['an ECR event without a time', ecrEvent({}, { time: 'yesterday' }), 'The ECR event is not understood at time'],
    ['a flat push without a time', { ...flat, eventTime: 1 }, 'The push is not understood at eventTime'],
    ['a flat push without an account', { ...flat, registryId: undefined }, 'The push is not understood at registryId'],
    ['a tag that is none', ecrEvent({ 'image-tag': 'a b' }), 'The tag is none'],
    ['a repository that is none', ecrEvent({ 'repository-name': '../etc' }), 'The repository name is none'],
    ['a digest that is none', ecrEvent({ 'image-digest': 'md5:1' }), 'The digest is none'],
    ['a push from the future', ecrEvent({}, { time: '2026-06-01T12:10:00Z' }), 'The time lies in the future'],
    ['an SNS message that is no JSON', sns('{'), 'The SNS message holds no JSON'],
    [
      'an SNS message with a poisoned key',
      sns('{"__proto__":{}}'),
      'The SNS message is nested too deeply or holds a key such as __proto__',
    ],
    [
      'an SNS message nested too deeply',
      sns('['.repeat(100) + ']'.repeat(100)),
      'The SNS message is nested too deeply or holds a key such as __proto__',
    ],
  ])('%s', (_, body, reason) => {
    expect(decide(body)).toEqual({ outcome: 'rejected', reason });
  });
});

describe('decidePush', () => {
  const outcomes = ['accepted', 'ignored', 'rejected'];

  it('never fails, whatever JSON it is given', () => {
    fc.assert(fc.property(fc.jsonValue(), (body) => outcomes.includes(decide(body).outcome)));
    fc.assert(fc.property(fc.string(), (text) => outcomes.includes(decide(sns(text)).outcome)));
  });

  it('never fails on an event with some fields replaced, and accepts only names that are names', () => {
    const anything = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.constant(undefined));
    const detail = fc.dictionary(fc.constantFrom(...Object.keys(ecrEvent().detail)), anything);
    const envelope = fc.dictionary(fc.constantFrom('account', 'region', 'time', 'source', 'detail-type'), anything);
    fc.assert(
      fc.property(detail, envelope, (inner, outer) => {
        const decision = decide(ecrEvent(inner, outer));
        if (decision.outcome === 'accepted') expect(decision.push.tag).toMatch(/^[\w][\w.-]{0,127}$/);
        else expect(JSON.stringify(decision).length).toBeLessThan(2_000);
      }),
    );
  });
});
