import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { releaseFiles, setUp, type SetUp } from './playground/set-up.js';

const run = promisify(execFile);
const cli = fileURLToPath(new URL('../services/cli/bin/shipit.js', import.meta.url));
const kubectl = findTool('kubectl');
const helm = findTool('helm');

let pg: SetUp;
beforeAll(async () => {
  pg = await setUp();
});
afterAll(() => pg?.tearDown());

describe('Programs of others work with the playground as they are', () => {
  it('git: a commit by a person is deployed', async () => {
    const { tag } = await pg.push('billing');
    const id = await pg.clone.commit(releaseFiles.billing, (text) => text.replace(/tag: \w+/, `tag: ${tag}`));
    await pg.untilDeployed('billing', { tag });

    const release = await pg.api.release('billing');
    expect(release.commit).toBe(id);
    expect(release.by).toContain('Ann');
  });

  it('git: nobody pushes without the token', async () => {
    const anonymous = join(pg.folder, 'anonymous');
    await run('git', ['clone', '--quiet', pg.ready.git.url, anonymous]);
    const identity = ['-c', 'user.name=Eve', '-c', 'user.email=eve@example.com'];
    await run('git', ['-C', anonymous, ...identity, 'commit', '--quiet', '--allow-empty', '--message', 'Mine now']);
    const env = { ...process.env, GIT_TERMINAL_PROMPT: '0', GIT_ASKPASS: '/bin/false' };

    await expect(run('git', ['-C', anonymous, 'push', '--quiet'], { env })).rejects.toThrow();
  });

  describe.skipIf(!kubectl)(`kubectl${kubectl ? '' : ' (skipped: not on the PATH, not in KUBEBUILDER_ASSETS)'}`, () => {
    const ctl = async (...args: string[]): Promise<string> =>
      (await run(kubectl ?? '', ['--kubeconfig', pg.ready.kubeconfig, ...args])).stdout;

    it('gets releases as a table, by their short name', async () => {
      const [head = '', ...rows] = (await ctl('get', 'rls')).trim().split('\n');

      expect(head.split(/\s+/)).toEqual(expect.arrayContaining(['NAME', 'STATE', 'CHART', 'IMAGE', 'REVISION', 'AGE']));
      expect(rows.map((row) => row.split(/\s+/)[0]).sort()).toEqual(Object.keys(releaseFiles).sort());
    });

    it('waits for a release to be ready', async () => {
      expect(await ctl('wait', '--for=condition=Ready', '--timeout=20s', 'rls/word-counts')).toContain('condition met');
    });

    it('describes a release and a deployment', async () => {
      expect(await ctl('describe', 'rls', 'word-counts')).toContain('Revision 1 runs');
      expect(await ctl('describe', 'deployment', 'word-counts')).toContain('2 available');
    });

    it('applies server-side', async () => {
      const applied = spawn(kubectl ?? '', ['--kubeconfig', pg.ready.kubeconfig, 'apply', '--server-side', '-f', '-']);
      applied.stdin.end(
        JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'mine' }, data: { a: 'b' } }),
      );
      const code = await new Promise((resolve) => applied.on('exit', resolve));

      expect(code).toBe(0);
      expect(await ctl('get', 'configmap', 'mine', '--output=jsonpath={.data.a}')).toBe('b');
    });

    it('watches a release until it is deployed', async () => {
      const watch = spawn(kubectl ?? '', ['--kubeconfig', pg.ready.kubeconfig, 'get', 'rls', 'word-counts', '--watch']);
      let seen = '';
      watch.stdout.on('data', (chunk: Buffer) => (seen += chunk.toString()));
      await pg.until(() => seen.includes('Deployed'));
      const push = await pg.push('word-counts');
      await pg.untilDeployed('word-counts', push);
      await pg.until(() => seen.includes('Deploying'));
      watch.kill();
    });
  });

  describe.skipIf(!helm)(`helm${helm ? '' : ' (skipped: not on the PATH, not in KUBEBUILDER_ASSETS)'}`, () => {
    const ask = async (...args: string[]): Promise<string> =>
      (await run(helm ?? '', ['--kubeconfig', pg.ready.kubeconfig, ...args])).stdout;

    it('lists the releases', async () => {
      const releases = JSON.parse(await ask('list', '--output=json')) as { name: string; status: string }[];

      expect(releases.map(({ name }) => name).sort()).toEqual(Object.keys(releaseFiles).sort());
      for (const { status } of releases) expect(status).toBe('deployed');
    });

    it('tells the history of one, and its values and manifest', async () => {
      const push = await pg.push('stories-web');
      await pg.untilDeployed('stories-web', push);
      const history = JSON.parse(await ask('history', 'stories-web', '--output=json')) as { status: string }[];

      expect(history.map(({ status }) => status)).toEqual(['superseded', 'deployed']);
      expect(await ask('get', 'values', 'stories-web')).toContain(push.tag);
      expect(await ask('get', 'manifest', 'stories-web')).toContain(`:${push.tag}`);
    });
  });
});

describe('shipit in a terminal', () => {
  const shipit = async (...args: string[]): Promise<string> => {
    const env = { ...process.env, SHIPIT_PLAYGROUND: pg.playground.directory };
    return (await run(process.execPath, [cli, ...args], { env })).stdout;
  };

  it('pushes an image, waits until it runs and tells how it came there', async () => {
    const { image } = JSON.parse(await shipit('playground', 'push', 'word-counts', '--json')) as { image: string };
    await shipit('wait', `word-counts:${tagOf(image)}`, '--timeout', '60s');

    expect(await shipit('releases', 'list')).toMatch(/word-counts\s+Deployed/);
    expect(await shipit('releases', 'explain', 'word-counts')).toContain(
      `Deploy word-counts ${tagOf(image).slice(0, 7)}`,
    );
    expect(await shipit('events')).toMatch(/word-counts +Deployed/);
  });
});

function tagOf(image: string): string {
  return image.slice(image.lastIndexOf(':') + 1);
}

/** From where `npm run test:kubernetes` has its binaries, else from the PATH. */
function findTool(name: string): string | undefined {
  const where = 'source tools/control-plane/assets.sh && assets_dir';
  const root = fileURLToPath(new URL('..', import.meta.url));
  const folder = execFileSync('bash', ['-c', where], { cwd: root, encoding: 'utf8' }).trim();
  if (existsSync(join(folder, name))) return join(folder, name);
  const version = spawnSync(name, ['version', '--client'], { stdio: 'ignore' });
  return version.error ? undefined : name;
}
