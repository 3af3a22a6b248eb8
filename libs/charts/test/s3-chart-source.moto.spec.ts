import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { findMoto, type RunningMoto } from '@shipit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chartSources } from '../src/chart-source-for.js';
import { chartSourceContract } from '../src/chart-source.contract.js';
import { HelmEngine } from '../src/helm-engine.js';
import { chartOf } from '../src/in-memory-chart-source.js';
import { digestOf } from '../src/pack-chart.js';
import { S3ChartSource } from '../src/s3-chart-source.js';
import { archiveWithLink } from './hostile-server.js';

const moto = await findMoto();
const title = moto.isThere ? 'charts in S3, as moto plays it' : `charts in S3 (skipped: ${moto.reason})`;
const settings = ['AWS_ENDPOINT_URL_S3', 'AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];

describe.skipIf(!moto.isThere)(title, () => {
  const engine = new HelmEngine({ workers: 1 });
  let server: RunningMoto;
  let client: S3Client;
  let buckets = 0;
  const before = settings.map((name) => [name, process.env[name]] as const);

  beforeAll(async () => {
    if (!moto.isThere) return;
    server = await moto.start();
    const values = [server.url, server.region, 'id', 'secret'];
    settings.forEach((name, at) => (process.env[name] = values[at]));
    client = new S3Client({ forcePathStyle: true });
  });
  afterAll(async () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    client.destroy();
    await server.close();
    await engine.close();
  });

  async function createBucket(objects: Record<string, Uint8Array>): Promise<string> {
    const Bucket = `charts-${++buckets}`;
    await client.send(new CreateBucketCommand({ Bucket }));
    for (const [Key, Body] of Object.entries(objects)) await client.send(new PutObjectCommand({ Bucket, Key, Body }));
    return `s3://${Bucket}`;
  }

  chartSourceContract('a bucket of moto', async ({ archive }) => {
    const repository = `${await createBucket({ 'a/b/web-1.2.3.tgz': archive })}/a/b`;
    return { source: chartSources(engine)(repository), repository, context: {} };
  });

  it('are the same again where the bucket says that they are', async () => {
    const [first, second] = [await chartOf({}), await chartOf({ 'values.yaml': 'a: 2' })];
    const repository = await createBucket({ 'web-1.2.3.tgz': first.archive });
    const source = new S3ChartSource(engine);
    const fetch = async () => (await source.fetch({ repository, name: 'web', version: '1.2.3' })).digest;
    expect([await fetch(), await fetch()]).toEqual([digestOf(first.archive), digestOf(first.archive)]);
    const Bucket = repository.replace('s3://', '');
    await client.send(new PutObjectCommand({ Bucket, Key: 'web-1.2.3.tgz', Body: second.archive }));
    expect(await fetch()).toBe(digestOf(second.archive));
  });

  it('are found by an index, at the root of a bucket too', async () => {
    const { archive } = await chartOf({});
    const entry = `{name: web, version: 1.2.3, digest: ${digestOf(archive).slice(7)}, urls: [files/web.tgz]}`;
    const index = Buffer.from(`apiVersion: v1\nentries:\n  web:\n  - ${entry}\n`);
    const repository = await createBucket({ 'index.yaml': index, 'files/web.tgz': archive });
    const found = await new S3ChartSource(engine).fetch({ repository, name: 'web', version: '1.2.3' });
    expect(found).toMatchObject({ version: '1.2.3', digest: digestOf(archive) });
  });

  it('are chosen by a range among the archives and the index, on however many pages', async () => {
    const names = [
      'web-1.0.0.tgz',
      'web-1.2.0.tgz',
      'web-2.0.0-rc.1.tgz',
      'web-api-9.0.0.tgz',
      'web-1.9.0.tgz.prov',
      'old/web-1.8.0.tgz',
    ];
    const many = Array.from({ length: 1001 }, (_, at) => `web-0.0.${at}.tgz`);
    const entries = ['1.1.0', '1.3.0'].map((version) => `{name: web, version: ${version}, urls: [x.tgz]}`);
    const index = Buffer.from(`apiVersion: v1\nentries:\n  web: [${entries.join(', ')}]\n`);
    const objects = Object.fromEntries([...many, ...names].map((name) => [`a/${name}`, Buffer.from('')]));
    const repository = `${await createBucket({ ...objects, 'a/index.yaml': index })}/a`;
    const source = new S3ChartSource(engine);
    const newest = (version: string, name = 'web') => source.resolveVersion({ repository, name, version });
    expect(await newest('')).toBe('1.3.0');
    expect(await newest('~1.2')).toBe('1.2.0');
    expect(await newest('>1.9.0-0')).toBe('2.0.0-rc.1');
    expect(await newest('<0.0.1001-0 >0.0.999')).toBe('0.0.1000');
    expect(await newest('7.7.7')).toBe('7.7.7');
    await expect(newest('^9')).rejects.toThrow(`chart "web" version "^9" not found in ${repository} repository`);
    await expect(newest('', 'none')).rejects.toMatchObject({ code: 'SHIPIT_CHART_NOT_FOUND' });
    await expect(newest('newest')).rejects.toThrow('is neither a version nor a range');
  });

  it('are refused with a link in them, and told where there is no bucket', async () => {
    const repository = await createBucket({ 'web-1.2.3.tgz': await archiveWithLink() });
    const source = new S3ChartSource(engine);
    const chart = { repository, name: 'web', version: '1.2.3' };
    await expect(source.fetch(chart)).rejects.toMatchObject({ code: 'SHIPIT_CHART_ARCHIVE' });
    const nowhere = { ...chart, repository: 's3://no-such-bucket' };
    await expect(source.fetch(nowhere)).rejects.toThrow('the bucket does not exist');
  });
});
