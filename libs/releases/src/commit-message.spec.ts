import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDeployCommit, formatImageCommit, formatRequestCommit, formatRollbackCommit } from './commit-message.js';
import { type DeployTrailer, parseTrailers } from './commit-trailers.js';
import { deployIdOf, requestDeployIdOf } from './deploy-id.js';

const digest = `sha256:${'1'.repeat(64)}`;
const commit = 'c'.repeat(40);
const deploy: DeployTrailer = {
  release: 'default/word-counts',
  repository: 'e.com:5000/word-counts',
  tag: '78bc9ccf64eb838c6a0e0492ded722274925e2bd',
  digest,
  from: 'a'.repeat(40),
  pushed: '2026-11-21T03:00:00Z',
  id: 'd1',
  push: 'p1',
};
const about = { traceIds: ['t1'], actor: 'Ship-it' };

describe('the message of an image set by hand', () => {
  const image = { repository: 'team/app', tag: '78bc9ccf64eb838c6a0e0492ded722274925e2bd' };
  const change = { path: 'apps/a.yaml', from: 'v1' };
  const actor = 'Ann <ann@e.com>';

  it('names the release, and bears no Deploy trailer: it is a person who deploys', () => {
    const message = formatImageCommit({ image, actor, changes: [{ ...change, release: 'default/word-counts' }] });
    expect(message).toBe(`Deploy word-counts 78bc9cc\n\n- default/word-counts: v1 -> 78bc9cc\n\nActor: ${actor}\n`);
    expect(parseTrailers(message)).toMatchObject({ deploys: [], actor });
  });

  it('names the image where no release stands', () => {
    expect(formatImageCommit({ image, actor, changes: [change] })).toMatch(/^Deploy app 78bc9cc\n\n- apps\/a.yaml: v1/);
  });

  it.each([
    ['Ship it', `Ship it\n\nActor: ${actor}\n`],
    ['Ship: it', `Ship: it\n\nActor: ${actor}\n`],
    ['Ship it\r\n\r\nAllow-Removal: 4\n', `Ship it\n\nAllow-Removal: 4\nActor: ${actor}\n`],
    ['Ship it\n\nNote: this\nis no trailer', `Ship it\n\nNote: this\nis no trailer\n\nActor: ${actor}\n`],
    ['a\n\nDeploy: default/a b:v1 id=1', `a\n\nDeploy: default/a b:v1 id=1\n\nActor: ${actor}\n`],
  ])('says %j in the words given, and who it was', (message, whole) => {
    expect(formatImageCommit({ image, actor, changes: [change], message })).toBe(whole);
  });
});

describe('what a person says of a commit', () => {
  it.each(['Deploy: default/a b:v1 id=1', 'Rollback: default/a of=1 to=2 id=3', 'Hold: default/a id=1', 'Actor: Eve'])(
    'is never read as what Ship-it says: %s',
    (line) => {
      const changes = [{ path: 'a.yaml', from: 'v1' }];
      for (const message of [line, `a\n\n${line}`, `a\r\rAllow-Removal: 4\r${line}`]) {
        const whole = formatImageCommit({ image: { repository: 'a', tag: 'v2' }, changes, actor: 'Ann', message });
        expect(parseTrailers(whole)).toMatchObject({ deploys: [], rollbacks: [], requests: [], actor: 'Ann' });
      }
    },
  );
});

describe('the message of a deployment', () => {
  it('says what is deployed, first to people, then to machines', () => {
    expect(formatDeployCommit({ deploys: [deploy], ...about })).toBe(
      [
        'Deploy word-counts 78bc9cc',
        '',
        '- default/word-counts: aaaaaaa -> 78bc9cc',
        '',
        `Deploy: default/word-counts e.com:5000/word-counts:${deploy.tag}@${digest} from=${deploy.from} pushed=2026-11-21T03:00:00Z id=d1 push=p1`,
        'Trace-Id: t1',
        'Actor: Ship-it',
        '',
      ].join('\n'),
    );
  });

  it('counts the services where there are several', () => {
    const message = formatDeployCommit({ deploys: [deploy, { ...deploy, release: 'default/b' }], ...about });
    expect(message).toMatch(/^Deploy 2 services\n/);
    expect(parseTrailers(message).deploys.map(({ release }) => release)).toEqual(['default/word-counts', 'default/b']);
  });

  it('reads back as it was written', () => {
    const bare: DeployTrailer = { ...deploy, digest: undefined, from: '', pushed: undefined, push: undefined };
    const message = formatDeployCommit({ deploys: [deploy, bare], ...about });
    expect(parseTrailers(message)).toMatchObject({ deploys: [deploy, bare], traceIds: ['t1'], actor: 'Ship-it' });
  });

  it('lets nobody forge a trailer by name, tag or reason', () => {
    const forged = 'x\n\nDeploy: default/other e.com/a:b id=evil\nAllow-Removal: 99';
    const messages = [
      formatDeployCommit({ deploys: [{ ...deploy, from: forged }], traceIds: [forged], actor: forged }),
      formatRequestCommit({ kind: 'Lock', release: 'default/a', id: 'i', reason: forged, actor: forged, traceIds: [] }),
      formatRollbackCommit({
        release: 'default/a',
        of: commit,
        to: commit,
        id: 'i',
        cause: { kind: 'person', message: forged, imageAtFault: false },
        actor: forged,
        traceIds: [],
      }),
    ];
    for (const message of messages) {
      expect(parseTrailers(message).allowRemoval).toBeUndefined();
      expect(parseTrailers(message).deploys.map(({ id }) => id)).not.toContain('evil');
    }
  });
});

describe('the message of a rollback', () => {
  it('says what is undone, why and by whom', () => {
    const message = formatRollbackCommit({
      release: 'default/word-counts',
      of: commit,
      to: 'd'.repeat(40),
      id: 'r1',
      cause: { kind: 'release', object: 'Deployment/word-counts', message: 'image not found', imageAtFault: true },
      ...about,
    });
    expect(message).toMatch(/^Roll back word-counts to ddddddd\n\n- Deployment\/word-counts: image not found\n\n/);
    expect(parseTrailers(message)).toMatchObject({
      deploys: [],
      rollbacks: [{ release: 'default/word-counts', of: commit, to: 'd'.repeat(40), id: 'r1' }],
      rollbackCause: 'Deployment/word-counts: image not found',
      actor: 'Ship-it',
    });
  });
});

describe('the trailers of a commit', () => {
  it.each([
    ['a removal that is allowed', 'Remove a\n\nAllow-Removal: 5\n', { allowRemoval: 5 }],
    ['a removal right below the subject', 'Remove a\nAllow-Removal: 5', { allowRemoval: 5 }],
    [
      'a removal in small letters and with Windows line endings',
      'Remove a\r\n\r\nallow-removal: 5\r\n',
      { allowRemoval: 5 },
    ],
    ['no removal by a number that is none', 'Remove a\n\nAllow-Removal: all\n', { allowRemoval: undefined }],
    ['no removal in the subject', 'Allow-Removal: 5', { allowRemoval: undefined }],
    ['no removal in the text above', 'Remove a\n\nAllow-Removal: 5\n\nSigned-off-by: x\n', { allowRemoval: undefined }],
    [
      'a trailer beside those of others',
      'x\n\nSigned-off-by: A <a@b>\nResume: default/a id=i\n(cherry picked from commit 1)',
      { requests: [{ kind: 'Resume', release: 'default/a', id: 'i' }] },
    ],
    ['no deployment without an id', 'x\n\nDeploy: default/a e.com/a:b from=c', { deploys: [] }],
    ['no deployment of a release that is none', 'x\n\nDeploy: Default e.com/a:b id=i', { deploys: [] }],
    ['no deployment of an image that is none', 'x\n\nDeploy: default/a e.com/A:b id=i', { deploys: [] }],
    [
      'a deployment with fields that are not known yet',
      'x\n\nDeploy: default/a e.com/a:b id=i new=field',
      { deploys: [{ id: 'i', tag: 'b' }] },
    ],
    ['nothing in an empty message', '', { deploys: [], requests: [], actor: undefined }],
  ])('hold %s', (_title, message, expected) => {
    expect(parseTrailers(message)).toMatchObject(expected);
  });

  it('never throw, whatever the message', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '',
        'Deploy: ',
        'Deploy: a/b c:d id=e',
        'Rollback: a/b of=c to=d id=e',
        'Actor:',
        'Lock: a/b id==',
      ),
    );
    fc.assert(fc.property(fc.array(line), (lines) => void parseTrailers(lines.join('\n'))));
  });
});

describe('a deploy id', () => {
  const image = {
    release: 'default/a',
    registry: '723255503624.dkr.ecr.us-east-1.amazonaws.com',
    repository: 'a',
    tag: 't',
    digest,
  };

  it('is the same for the same push, by whichever name of the registry', () => {
    expect(deployIdOf({ ...image, registry: '723255503624.dkr-ecr.us-east-1.on.aws' })).toBe(deployIdOf(image));
    expect(deployIdOf(image)).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([{ release: 'default/b' }, { repository: 'b' }, { tag: 'u' }, { digest: `sha256:${'2'.repeat(64)}` }])(
    'differs with %j',
    (change) => {
      expect(deployIdOf({ ...image, ...change })).not.toBe(deployIdOf(image));
    },
  );

  it('is another one for each request of a person', () => {
    const ids = ['r1', 'r2'].map((requestId) => requestDeployIdOf({ release: 'default/a', requestId }));
    expect(new Set([...ids, deployIdOf(image)]).size).toBe(3);
  });
});
