import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SourceProcess, startSource, waitUntil } from '@shipit/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const sample = new URL('./sample-service.ts', import.meta.url);
const secret = 'whsec_dGhpcy1pcy1hLXNlY3JldA==';
const good = `
git: {url: "https://git.example.com/shop.git"}
registries: [{account: "723255503624", region: us-east-1}]
intake: {queueUrl: "http://sqs.example.com/q", deadLetterQueueUrl: "http://sqs.example.com/d", region: us-east-1}
clusters: [{name: main}]
notifier: {targets: [{name: hook, url: "https://hook.example.com", secretEnv: HOOK_SECRET}]}
`;

describe('a service', { timeout: 20_000 }, () => {
  let folder: string;
  const started: SourceProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'shipit-platform-'));
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((service) => service.stop('SIGKILL')));
    rmSync(folder, { recursive: true });
  });

  function start(config: string, environment: Record<string, string> = {}): SourceProcess {
    const file = join(folder, 'shipit.yaml');
    writeFileSync(file, config);
    const service = startSource(sample, {
      SHIPIT_CONFIG: file,
      REDIS_URL: 'redis://127.0.0.1:1',
      HOOK_SECRET: secret,
      SAMPLE_TOKEN: 'tok-123456789',
      ...environment,
    });
    started.push(service);
    return service;
  }

  it('starts, tells its parent where it listens, and answers for its health, metrics and own routes', async () => {
    const { address } = await start(good).ready();
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    await waitUntil(async () => (await fetch(`${address}/readyz`)).status === 200);
    expect(await (await fetch(`${address}/metrics`)).text()).toContain('service="sample"');
    expect(await (await fetch(`${address}/hello`)).json()).toEqual({ hello: 'world' });
    expect((await fetch(`${address}/nothing`)).status).toBe(404);
  });

  it('names every wrong key of file and environment at once, and no value', async () => {
    const wrong = good
      .replace('"https://git.example.com/shop.git"', '"ftp://hidden-value"')
      .replace('us-east-1}]', 'hidden-region}]')
      .replace('name: main', 'name: Hidden_Name, colour: hidden-colour');
    const service = start(wrong, {
      PORT: 'hidden-port',
      LOG_LEVEL: 'hidden-level',
      REDIS_URL: 'hidden-url',
      HOOK_SECRET: '',
      SAMPLE_LIMIT: 'hidden-limit',
    });
    expect(await service.ended()).toEqual({ code: 1, signal: null });
    const text = service.output();
    for (const key of [
      'PORT',
      'LOG_LEVEL',
      'REDIS_URL',
      'SAMPLE_LIMIT',
      'shipit.yaml: git.url',
      'shipit.yaml: registries[0].region',
      'shipit.yaml: clusters[0].name',
      'shipit.yaml: clusters[0].colour',
    ])
      expect(text).toContain(`  ${key}: `);
    expect(text).not.toMatch(/hidden/i);
  });

  it('says which variables are missing that the configuration names', async () => {
    const service = start(good, { HOOK_SECRET: '' });
    expect((await service.ended()).code).toBe(1);
    expect(service.output()).toContain('HOOK_SECRET: must be set');
  });

  it('says that the file is missing or no YAML', async () => {
    const missing = start(good, { SHIPIT_CONFIG: '/nowhere/at-all.yaml' });
    const broken = start('git: {url: [');
    expect([(await missing.ended()).code, (await broken.ended()).code]).toEqual([1, 1]);
    expect(missing.output()).toContain('SHIPIT_CONFIG: names no readable file');
    expect(broken.output()).toMatch(/shipit.yaml: is not YAML: \S+ at line \d/);
  });

  it('writes JSON lines with its name on each and without a secret', async () => {
    const service = start(good);
    const { address } = await service.ready();
    await fetch(`${address}/hello`);
    const line = await waitUntil(() =>
      service
        .output()
        .split('\n')
        .find((text) => text.includes('said hello')),
    );
    expect(JSON.parse(line)).toMatchObject({ level: 'info', service: 'sample', note: 'token is [secret]' });
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('lets work in hand go and ends well on %s', async (signal) => {
    const service = start(good);
    await service.ready();
    expect(await service.stop(signal)).toEqual({ code: 0, signal: null });
    expect(service.output()).toContain('work let go');
  });

  it('ends at once on a second signal', async () => {
    const service = start(good, { STUBBORN: 'yes' });
    await service.ready();
    service.child.kill('SIGTERM');
    await waitUntil(() => service.output().includes('service stops'));
    expect(await service.stop('SIGTERM')).toEqual({ code: 1, signal: null });
  });

  it('ends when its parent is gone', async () => {
    const service = start(good);
    await service.ready();
    service.child.disconnect();
    expect(await service.ended()).toEqual({ code: 0, signal: null });
  });

  it('is killed at the crash point that a test names', async () => {
    const service = start(good, { SHIPIT_CRASH_AT: 'sample.hello' });
    const { address } = await service.ready();
    await expect(fetch(`${address}/hello`)).rejects.toThrow();
    expect((await service.ended()).signal).toBe('SIGKILL');
  });
});
