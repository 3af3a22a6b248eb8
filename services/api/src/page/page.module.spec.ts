import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from '../../test/api-in-memory.js';

describe('the page', () => {
  let api: Awaited<ReturnType<typeof startApi>>;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shipit-page-'));
    await mkdir(join(folder, 'page', 'assets'), { recursive: true });
    await writeFile(join(folder, 'page', 'index.html'), '<title>Ship-it</title>');
    await writeFile(join(folder, 'page', 'assets', 'app.js'), 'let x');
    await writeFile(join(folder, 'secret.txt'), 'top secret');
    api = await startApi({ page: join(folder, 'page') });
  });
  afterAll(async () => {
    await api.close();
    await rm(folder, { recursive: true });
  });

  it.each(['/', '/releases/default/word-counts'])(
    'is served at %s with a policy against foreign scripts',
    async (path) => {
      const response = await api.anybody().get(path).expect(200);
      expect(response.text).toContain('Ship-it');
      expect(response.headers['content-security-policy']).toContain("default-src 'self'");
      expect(response.headers['x-content-type-options']).toBe('nosniff');
    },
  );

  it('serves its assets, and 404 for one that is not there', async () => {
    await api.anybody().get('/assets/app.js').expect(200);
    const missing = await api.anybody().get('/assets/gone.js');
    expect(missing.body).toMatchObject({ status: 404, code: 'SHIPIT_NOT_FOUND' });
  });

  it.each(['/../secret.txt', '/assets/../../secret.txt', '/%2e%2e/secret.txt', '/assets/..%2f..%2fsecret.txt'])(
    'gives nothing out from beside the folder at %s',
    async (path) => expect(await raw(path)).not.toContain('top secret'),
  );

  /** As a client would that does not tidy the path up first. */
  function raw(path: string): Promise<string> {
    const { hostname, port } = new URL(api.url);
    return new Promise((resolve, reject) => {
      let text = '';
      const socket = connect(Number(port), hostname);
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      socket.once('end', () => resolve(text)).once('error', reject);
      socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    });
  }
});
