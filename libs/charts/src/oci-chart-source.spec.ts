import type { IncomingMessage, ServerResponse } from 'node:http';
import { ECRClient } from '@aws-sdk/client-ecr';
import { type EmbeddedOciRegistry, type OciRegistryOptions, startEcr, startOciRegistry } from '@shipit/embedded';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { answerWithoutEnd, archiveWithLink } from '../test/hostile-server.js';
import type { ChartArchive } from './chart-renderer.js';
import { chartSourceContract } from './chart-source.contract.js';
import type { ChartReference } from './chart-source.js';
import { HelmEngine } from './helm-engine.js';
import { chartOf } from './in-memory-chart-source.js';
import { OciAuthorization } from './oci-authorization.js';
import { OciChartSource, type OciChartSourceOptions } from './oci-chart-source.js';
import { digestOf } from './pack-chart.js';
import { type Round, startRound } from './round.js';

const engine = new HelmEngine({ workers: 1 });
const closing: (() => Promise<void>)[] = [];
afterAll(() => engine.close());
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const basicOf = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const ann = { username: 'ann', password: 'se:cret' };
const annAuthorization = basicOf('ann:se:cret');

for (const handshake of [undefined, 'basic', 'token'] as const) {
  chartSourceContract(
    `a registry with ${handshake ?? 'no'} credentials`,
    async ({ archive }) => {
      const bench = await setUp({ isTls: true, ...(handshake && { credentials: { ...ann, handshake } }) });
      bench.registry.pushChart('team/web', '1.2.3', archive);
      const credentials = handshake
        ? [{ prefix: `oci://${bench.registry.host}/team`, authorization: annAuthorization }]
        : [];
      const source = new OciChartSource(engine, { ...trust(bench.registry), credentials });
      return { source, repository: bench.repository, context: {} };
    },
    async (fault) => {
      const onRequest = (_request: IncomingMessage, response: ServerResponse): boolean => {
        if (fault === 'endless') answerWithoutEnd(response);
        return fault !== 'hostile';
      };
      const { registry, source, repository } = await setUp({ onRequest }, { timeoutSeconds: 1 });
      registry.pushChart('team/web', '1.2.3', await archiveWithLink());
      return { source, repository, context: {} };
    },
  );
}

describe('charts in a registry', () => {
  it('lie under the name of the chart, with + in the version as _', async () => {
    const { registry, fetch } = await setUp();
    const chart = await chartOf({}, { version: '1.2.3+build.5' });
    registry.pushChart('team/web', '1.2.3_build.5', chart.archive);
    const digest = digestOf(chart.archive);
    expect(await fetch({ version: '1.2.3+build.5' })).toEqual({ ...chart, digest });
  });

  it('are found by the digest of the manifest, whose tag must agree where there is one', async () => {
    const { registry, source, repository } = await setUp();
    const [older, newer] = [await chartOf({}), await chartOf({ 'values.yaml': 'a: 1' })];
    const digest = registry.pushChart('team/web', '1.2.3', older.archive);
    const byDigest = (version: string, wanted = digest) =>
      source.fetchByDigest({ repository, name: 'web', version }, wanted);
    for (const version of ['', '1.2.3', '7.0.0']) {
      expect(await byDigest(version)).toEqual({ ...older, digest: digestOf(older.archive) });
    }
    const moved = registry.pushChart('team/web', '1.2.3', newer.archive);
    expect((await byDigest('')).digest).toBe(digestOf(older.archive));
    await expect(byDigest('1.2.3')).rejects.toMatchObject({
      code: 'SHIPIT_CHART_DIGEST',
      message: `chart reference digest mismatch: ${moved} is not ${digest}`,
    });
    await expect(byDigest('', `sha256:${'0'.repeat(64)}`)).rejects.toMatchObject({ code: 'SHIPIT_CHART_NOT_FOUND' });
  });

  it('are not taken from a registry that gives another manifest than that of the digest', async () => {
    const other = (await chartOf({})).archive;
    const { registry, source, repository } = await setUp({
      onRequest: (request) => {
        request.url = request.url?.replace(/sha256:0+$/, '1.2.3') ?? '';
        return false;
      },
    });
    registry.pushChart('team/web', '1.2.3', other);
    const fetched = source.fetchByDigest({ repository, name: 'web', version: '' }, `sha256:${'0'.repeat(64)}`);
    await expect(fetched).rejects.toMatchObject({ code: 'SHIPIT_CHART_DIGEST' });
  });

  it('are asked for by manifest each time and downloaded once', async () => {
    const asked: string[] = [];
    const { registry, fetch } = await setUp({ onRequest: (request) => asked.push(request.url ?? '') < 0 });
    registry.pushChart('team/web', '1.2.3', (await chartOf({})).archive);
    await fetch();
    await fetch();
    expect(asked.map((path) => path.split('/')[4])).toEqual(['manifests', 'blobs', 'manifests']);
  });

  it('are got once for many who ask at once', async () => {
    const asked: string[] = [];
    const { registry, fetch } = await setUp({ onRequest: (request) => asked.push(request.url ?? '') < 0 });
    registry.pushChart('team/web', '1.2.3', (await chartOf({})).archive);
    await Promise.all(Array.from({ length: 20 }, () => fetch()));
    expect(asked.map((path) => path.split('/')[4])).toEqual(['manifests', 'blobs']);
  });

  it('of a tag that moved are the new ones, under another digest', async () => {
    const { registry, fetch } = await setUp();
    registry.pushChart('team/web', '1.2.3', (await chartOf({ 'values.yaml': 'a: 1' })).archive);
    const before = await fetch();
    registry.pushChart('team/web', '1.2.3', (await chartOf({ 'values.yaml': 'a: 2' })).archive);
    expect((await fetch()).digest).not.toBe(before.digest);
  });

  it('get a token once for many requests, and a new one when the old one is no longer taken', async () => {
    const asked: string[] = [];
    let refusals = 0;
    const { registry, fetch } = await setUp(
      {
        credentials: { ...ann, handshake: 'token' },
        onRequest: (request, response) => {
          asked.push(request.url?.split('/').at(-2) ?? '');
          if (refusals-- <= 0) return false;
          const realm = `http://${request.headers.host}/token`;
          response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}"` }).end();
          return true;
        },
      },
      {},
      annAuthorization,
    );
    registry.pushChart('team/web', '1.2.3', (await chartOf({})).archive);
    await fetch();
    refusals = 1;
    await fetch();
    expect(asked).toEqual(['manifests', '', 'manifests', 'blobs', 'manifests', '', 'manifests']);
  });

  it('say which credentials to check where they are not taken', async () => {
    const bench = await setUp({ credentials: { ...ann, handshake: 'basic' } });
    await expect(bench.fetch()).rejects.toThrow(
      `check the credentials configured for oci://${bench.registry.host}/team/web`,
    );
    const token = await setUp({ credentials: { ...ann, handshake: 'token' } }, {}, basicOf('ann:wrong'));
    await expect(token.fetch()).rejects.toMatchObject({ code: 'SHIPIT_CHART_DOWNLOAD', isTransient: false });
  });

  it('are followed to the storage behind the registry, which gets no credentials', async () => {
    const seen: (string | undefined)[] = [];
    const { archive } = await chartOf({});
    const storage = await setUp({
      onRequest: ({ headers }, response) => {
        seen.push(headers.authorization);
        response.end(archive);
        return true;
      },
    });
    const bench = await setUp(
      { credentials: { ...ann, handshake: 'token' }, redirectsBlobsTo: storage.registry.url },
      { credentials: [{ prefix: storage.registry.url, authorization: annAuthorization }] },
      annAuthorization,
    );
    bench.registry.pushChart('team/web', '1.2.3', archive);
    expect((await bench.fetch()).digest).toBe(digestOf(archive));
    expect(seen).toEqual([undefined]);
  });

  it.each([
    ['the same credential', annAuthorization, [annAuthorization]],
    ['the credential of somebody else', basicOf('ben:other'), [undefined]],
  ])('get their token at another address where that has %s', async (_what, authorization, sent) => {
    const seen: (string | undefined)[] = [];
    const place = await setUp({
      onRequest: ({ headers }, response) => {
        seen.push(headers.authorization);
        response.end('{"token": "x"}');
        return true;
      },
    });
    const bench = await setUp(
      { onRequest: challenge(`Bearer realm="${place.registry.url}/token"`) },
      { credentials: [{ prefix: place.registry.url, authorization }] },
      annAuthorization,
    );
    await expect(bench.fetch()).rejects.toThrow('answered 401');
    expect(seen).toEqual(sent);
  });

  it('never have our credentials sent to a place that the registry names', async () => {
    const seen: (string | undefined)[] = [];
    const thief = await setUp({
      onRequest: ({ headers }, response) => {
        seen.push(headers.authorization);
        response.end('{"token": "x"}');
        return true;
      },
    });
    const bench = await setUp(
      { onRequest: challenge(`Bearer realm="${thief.registry.url}/token"`) },
      {},
      annAuthorization,
    );
    await expect(bench.fetch()).rejects.toThrow('answered 401');
    expect(seen).toEqual([undefined]);
  });
});

describe('an address in a registry', () => {
  it.each([
    ['credentials', { repository: 'oci://ann:secret@example.com/team' }],
    ['no host', { repository: 'oci:///team' }],
    ['a path that leads out', { repository: 'oci://example.com/../v2' }],
    ['an escaped path', { repository: 'oci://example.com/%2e%2e/v2' }],
    ['a query', { repository: 'oci://example.com/team?x=1' }],
    ['a digest', { repository: 'oci://example.com/team@sha256:00' }],
    ['capital letters', { repository: 'oci://example.com/Team' }],
    ['a name with a path', { name: '../web' }],
    ['a version with a path', { version: '../1.2.3' }],
    ['no version', { version: '' }],
    ['a range', { version: '^1.2.0' }],
  ] as [string, Partial<ChartReference>][])('is refused with %s before anything is asked', async (_what, reference) => {
    const source = new OciChartSource(engine);
    const chart = { repository: 'oci://example.com/team', name: 'web', version: '1.2.3', ...reference };
    const failure = await source.fetch(chart).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'SHIPIT_CHART_SOURCE', isTransient: false });
  });
});

describe('a registry of ECR', () => {
  const host = '723255503624.dkr.ecr.us-east-1.amazonaws.com';
  const reference = { origin: `https://${host}`, host, repository: 'team/web', tag: '1.2.3' };
  const round = (): Round => startRound('Fetching', 10);

  it("gets ECR's own token, once for its lifetime, and no other host does", async () => {
    const ecr = await startEcr({ account: '723255503624', region: 'us-east-1' });
    closing.push(() => ecr.close());
    const regions: string[] = [];
    const authorization = new OciAuthorization({
      ecrClient: (region) => {
        regions.push(region);
        return new ECRClient({ region, endpoint: ecr.url, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
      },
    });
    const token = await authorization.answer(reference, undefined, round());
    expect(Buffer.from(token?.split(' ')[1] ?? '', 'base64').toString()).toMatch(/^AWS:/);
    expect(authorization.current(reference)).toBe(token);
    const other = { ...reference, host: `${host}.example.com` };
    expect(await authorization.answer(other, 'Basic realm="x"', round())).toBeUndefined();
    expect(regions).toEqual(['us-east-1']);
  });

  it('says what is missing where AWS gives no token', async () => {
    const credentials = (): Promise<never> => Promise.reject(new Error('none'));
    const authorization = new OciAuthorization({ ecrClient: (region) => new ECRClient({ region, credentials }) });
    await expect(authorization.answer(reference, undefined, round())).rejects.toThrow('ecr:GetAuthorizationToken');
  });

  it.each([
    ['no credentials', 'CredentialsProviderError', false],
    ['a network that is down', 'TimeoutError', true],
  ])('says with %s whether that may pass by itself', async (_what, name, isTransient) => {
    const credentials = (): Promise<never> => Promise.reject(Object.assign(new Error('none'), { name }));
    const authorization = new OciAuthorization({ ecrClient: (region) => new ECRClient({ region, credentials }) });
    await expect(authorization.answer(reference, undefined, round())).rejects.toMatchObject({ isTransient });
  });
});

type Answer = NonNullable<OciRegistryOptions['onRequest']>;

interface Bench {
  registry: EmbeddedOciRegistry;
  source: OciChartSource;
  repository: string;
  fetch: (reference?: Partial<ChartReference>) => Promise<ChartArchive>;
}

async function setUp(
  options: OciRegistryOptions = {},
  sourceOptions: OciChartSourceOptions = {},
  authorization?: string,
): Promise<Bench> {
  const registry = await startOciRegistry(options);
  closing.push(() => registry.close());
  const repository = `oci://${registry.host}/team`;
  const own = authorization === undefined ? [] : [{ prefix: `${registry.url}/team`, authorization }];
  const credentials = [...own, ...(sourceOptions.credentials ?? [])];
  const source = new OciChartSource(engine, { ...trust(registry), ...sourceOptions, credentials });
  const fetch = (reference: Partial<ChartReference> = {}): Promise<ChartArchive> =>
    source.fetch({ repository, name: 'web', version: '1.2.3', ...reference });
  return { registry, source, repository, fetch };
}

function trust({ ca }: EmbeddedOciRegistry): OciChartSourceOptions {
  return ca === undefined ? { allowPlainHttp: true } : { ca };
}

function challenge(header: string): Answer {
  return (_request, response) => {
    response.writeHead(401, { 'www-authenticate': header }).end();
    return true;
  };
}
