import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KubernetesObject } from '@shipit/health';
import { waitUntil } from '@shipit/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { KubernetesCluster, type KubernetesClusterOptions } from './kubernetes-cluster.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

const json =
  (status: number, body: object, headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const status = (code: number, reason: string, message = reason, details?: object) => ({
  kind: 'Status',
  code,
  reason,
  message,
  details,
});
const pod = (name: string, resourceVersion: string, uid = name): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', uid, resourceVersion },
});
const podList = (resourceVersion: string, ...items: KubernetesObject[]) =>
  json(200, { kind: 'PodList', metadata: { resourceVersion }, items });
/** A watch that sends these events and then does as told. */
const stream =
  (end: 'ends' | 'breaks' | 'stays', ...events: object[]): Answer =>
  (_request, response) => {
    response.writeHead(200);
    for (const event of events) response.write(`${JSON.stringify(event)}\n`);
    if (events.length === 0) response.flushHeaders();
    if (end === 'ends') response.end();
    if (end === 'breaks') setImmediate(() => response.destroy());
  };

/** A server that answers from a script: the n-th request that matches gets the n-th answer, the last one for ever. */
async function serve(script: Record<string, Answer[]>, options: Partial<KubernetesClusterOptions> = {}) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    if (url.pathname === '/api/v1')
      return json(200, { resources: [{ name: 'pods', kind: 'Pod', namespaced: true }] })(request, response);
    const key = `${request.method} ${url.searchParams.has('watch') ? 'watch' : 'call'}`;
    seen.push(`${key} ${url.searchParams.get('resourceVersion') ?? ''}`.trim());
    const answers = script[key] ?? [];
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    (answer ?? json(500, status(500, 'InternalError', 'not in the script')))(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const kubeconfigText = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server: address, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: { token: 'very-secret-token' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  });
  const problems: unknown[] = [];
  const cluster = new KubernetesCluster({
    name: 'main',
    kubeconfigText,
    watchPauseMs: 1,
    onWatchProblem: (problem) => void problems.push(problem),
    ...options,
  });
  opened.push(async () => {
    cluster.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { cluster, seen, problems };
}

const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'x' };

describe('calls to an API server', () => {
  it('stop reading a list whose page is larger than asked for', async () => {
    let isCutOff = false;
    const endless: Answer = (_request, response) => {
      response.on('close', () => (isCutOff = !response.writableFinished));
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(64 * 1024)));
        response.once('drain', more);
      };
      more();
    };
    const { cluster } = await serve({ 'GET call': [endless] });
    const listing = cluster.list({ apiVersion: 'v1', kind: 'Pod' }, { maxPageBytes: 1024 * 1024 });
    await expect(listing).rejects.toThrow('list Pod in cluster main: the answer is larger than 1048576 bytes');
    await waitUntil(() => isCutOff);
  });

  it('wait as long as a busy server asks, and go again', async () => {
    const busy = json(429, status(429, 'TooManyRequests'), { 'retry-after': '0.05' });
    const { cluster, seen } = await serve({ 'GET call': [busy, busy, json(200, pod('x', '1'))] });
    expect(await cluster.read(ref)).toMatchObject({ metadata: { name: 'x' } });
    expect(seen).toHaveLength(3);
  });

  it('give up when a busy server asks for longer than the deadline', async () => {
    const { cluster, seen } = await serve({
      'GET call': [json(429, status(429, 'TooManyRequests'), { 'retry-after': '60' })],
    });
    await expect(cluster.read(ref)).rejects.toMatchObject({
      reason: 'TooManyRequests',
      retryAfterSeconds: 60,
      isTransient: true,
    });
    expect(seen).toHaveLength(1);
  });

  it('are not sent where a namespace would lead to another path', async () => {
    const { cluster, seen } = await serve({});
    await expect(cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace: '..' })).rejects.toMatchObject({
      reason: 'Invalid',
    });
    await expect(cluster.read({ ...ref, namespace: '..' })).rejects.toMatchObject({ reason: 'Invalid' });
    expect(seen).toEqual([]);
  });

  it('end at the deadline when the server never answers', async () => {
    const { cluster } = await serve({ 'GET call': [() => undefined] }, { deadlineMs: 100 });
    await expect(cluster.read(ref)).rejects.toMatchObject({
      reason: 'Unreachable',
      message: 'read Pod default/x in cluster main: no answer in time',
    });
  });

  it('end at the deadline when the answer stops half-way', async () => {
    const half: Answer = (_request, response) => void response.writeHead(200).write('{"kind":');
    const { cluster } = await serve({ 'GET call': [half] }, { deadlineMs: 100 });
    await expect(cluster.read(ref)).rejects.toMatchObject({ reason: 'Unreachable' });
  });

  it.each([
    [400, 'BadRequest', 'Invalid'],
    [401, 'Unauthorized', 'Forbidden'],
    [403, 'Forbidden', 'Forbidden'],
    [409, 'Conflict', 'Conflict'],
    [409, 'AlreadyExists', 'AlreadyExists'],
    [410, 'Expired', 'Expired'],
    [422, 'Invalid', 'Invalid'],
    [500, 'InternalError', 'Other'],
    [503, 'ServiceUnavailable', 'Unreachable'],
  ])('turn HTTP %i %s into %s', async (code, said, reason) => {
    const { cluster } = await serve({ 'GET call': [json(code, status(code, said, 'the reason in words'))] });
    await expect(cluster.read(ref)).rejects.toMatchObject({
      reason,
      status: code,
      message: expect.stringContaining('the reason in words') as string,
    });
  });

  it('understand a proxy that does not speak JSON, and never show a credential', async () => {
    const proxy: Answer = (_request, response) => void response.writeHead(502).end('<html>Bad gateway</html>');
    const { cluster } = await serve({ 'GET call': [proxy] });
    const error = await cluster.read(ref).catch((caught: unknown) => caught as Error);
    expect(error).toMatchObject({ reason: 'Unreachable', message: expect.stringContaining('Bad gateway') as string });
    expect(JSON.stringify(error) + String(error)).not.toContain('very-secret-token');
  });

  it('say which fields are invalid', async () => {
    const causes = [{ reason: 'FieldValueInvalid', message: 'field is immutable', field: 'spec.selector' }];
    const { cluster } = await serve({ 'PATCH call': [json(422, status(422, 'Invalid', 'it is invalid', { causes }))] });
    await expect(cluster.apply(pod('x', ''))).rejects.toMatchObject({ reason: 'Invalid', fields: ['spec.selector'] });
  });

  it('refuse names that would lead to another path', async () => {
    const { cluster, seen } = await serve({});
    await expect(cluster.read({ ...ref, name: '..' })).rejects.toMatchObject({ reason: 'Invalid' });
    expect(seen).toEqual([]);
  });

  it('follow a list over all its pages', async () => {
    const page = (next: string, item: string) =>
      json(200, { metadata: { continue: next, resourceVersion: '1' }, items: [pod(item, '1')] });
    const { cluster } = await serve({ 'GET call': [page('more', 'a'), page('', 'b')] });
    const items = await cluster.list({ apiVersion: 'v1', kind: 'Pod' });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
  });
});

describe('a watch', () => {
  const event = (type: string, object: object) => ({ type, object });

  async function watching(script: Record<string, Answer[]>, options: Partial<KubernetesClusterOptions> = {}) {
    const { cluster, seen, problems } = await serve(script, options);
    const told: string[] = [];
    const stop = new AbortController();
    const done = cluster.watch(
      { apiVersion: 'v1', kind: 'Pod' },
      ({ type, object }) => void told.push(`${type} ${object.metadata.name}`),
      stop.signal,
    );
    const end = async () => {
      stop.abort();
      await done;
    };
    return { told, seen, problems, end };
  }

  it('goes on from where it was when the connection breaks, telling nothing twice', async () => {
    const { told, seen, end } = await watching({
      'GET call': [podList('5', pod('a', '4'))],
      'GET watch': [
        stream('breaks', event('ADDED', pod('b', '6'))),
        stream('stays', event('ADDED', pod('b', '6')), event('MODIFIED', pod('a', '7'))),
      ],
    });
    await waitUntil(() => told.length === 3);
    await end();
    expect(told).toEqual(['added a', 'added b', 'modified a']);
    expect(seen).toEqual(['GET call', 'GET watch 5', 'GET watch 6']);
  });

  it('lists again when its version has expired, and tells what is new, changed and gone', async () => {
    const expired = event('ERROR', status(410, 'Expired', 'too old resource version'));
    const { told, end } = await watching({
      'GET call': [
        podList('5', pod('kept', '1'), pod('changed', '2'), pod('gone', '3')),
        podList('9', pod('kept', '1'), pod('changed', '8'), pod('new', '9')),
      ],
      'GET watch': [stream('ends', expired), stream('stays')],
    });
    await waitUntil(() => told.length === 6);
    await end();
    expect(told.slice(3).sort()).toEqual(['added new', 'deleted gone', 'modified changed']);
  });

  it('tells an object that was replaced under its name as gone and new', async () => {
    const { told, end } = await watching({
      'GET call': [podList('5', pod('a', '4', 'first'))],
      'GET watch': [stream('stays', event('MODIFIED', pod('a', '8', 'second')))],
    });
    await waitUntil(() => told.length === 3);
    await end();
    expect(told).toEqual(['added a', 'deleted a', 'added a']);
  });

  it('opens a silent connection again', async () => {
    const { told, seen, end } = await watching(
      { 'GET call': [podList('5')], 'GET watch': [stream('stays'), stream('stays', event('ADDED', pod('late', '6')))] },
      { watchIdleMs: 50 },
    );
    await waitUntil(() => told.includes('added late'));
    await end();
    expect(seen.slice(0, 3)).toEqual(['GET call', 'GET watch 5', 'GET watch 5']);
  });

  it('goes on from a bookmark', async () => {
    const { seen, end } = await watching({
      'GET call': [podList('5')],
      'GET watch': [
        stream('ends', event('BOOKMARK', { kind: 'Pod', metadata: { resourceVersion: '50' } })),
        stream('stays'),
      ],
    });
    await waitUntil(() => seen.includes('GET watch 50'));
    await end();
  });

  it('waits for a server that is away, and says so', async () => {
    const away = json(503, status(503, 'ServiceUnavailable'));
    const { told, problems, end } = await watching({
      'GET call': [away, away, podList('5', pod('a', '4'))],
      'GET watch': [stream('stays')],
    });
    await waitUntil(() => told.length === 1);
    await end();
    expect(problems).toHaveLength(2);
  });

  it('survives a line that is no JSON', async () => {
    const odd: Answer = (_request, response) => void response.writeHead(200).end('not json\n');
    const { told, end } = await watching({
      'GET call': [podList('5')],
      'GET watch': [odd, stream('stays', event('ADDED', pod('a', '6')))],
    });
    await waitUntil(() => told.length === 1);
    await end();
  });
});

describe('a kubeconfig', () => {
  it.each([
    ['without such a context', { context: 'absent' }, /no cluster for context "absent"; its contexts are: x/],
    ['that sends credentials in the clear', {}, /without TLS/],
  ])('%s is refused at the start', (_title, options, message) => {
    const kubeconfigText = JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: 'http://127.0.0.1:1' } }],
      users: [{ name: 'u', user: {} }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    });
    expect(() => new KubernetesCluster({ name: 'main', kubeconfigText, ...options })).toThrow(message);
  });
});
