import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { setUpRepository } from './git-remote.js';

const app = 'registry.example.com:5000/team/app';
const release = (name: string, image: string) =>
  `apiVersion: shipit.dev/v1beta1\nkind: HelmRelease\nmetadata: {name: ${name}, namespace: default}\nspec:\n  chart: {repository: https://charts.example.com, name: microservice, version: 0.2.2}\n  values:\n    image: {repository: ${image}, tag: v1} # of ${name}\n`;

describe('shipit image set --repository', () => {
  let remote: Awaited<ReturnType<typeof setUpRepository>>;
  const open = async (files: Record<string, string | Uint8Array>) => (remote = await setUpRepository(files));
  afterEach(() => remote.close());

  it('shows what it would commit, says so, and leaves the branch alone', async () => {
    await open({ 'apps/a.yaml': `image: ${app}:v1\n`, 'other/b.yaml': `image: ${app}:v1\n` });
    const { code, out, error } = await remote.set(`${app}:v2 apps`);
    expect({ code, out }).toEqual({
      code: 0,
      out: `--- a/apps/a.yaml\n+++ b/apps/a.yaml\n@@ -1,1 +1,1 @@\n-image: ${app}:v1\n+image: ${app}:v2\n`,
    });
    expect(error).toMatch(/^shipit: nothing was pushed to main \([0-9a-f]{7}\): --push commits this to 1 file\n$/);
    expect(await remote.subjects()).toEqual(['Initial commit']);
  });

  it('commits it with --push, and nothing when it runs again', async () => {
    await open({
      'releases/a.yaml': `${release('word-counts', app)}---\n${release('word-lists', app)}`,
      'k8s/b.yaml': `image: ${app}:v0\n`,
    });
    const { code, out, error } = await remote.set(`${app}:v2 --push --author 'Ann <ann@example.com>'`);
    expect(code).toBe(0);
    expect(out).toContain('+++ b/releases/a.yaml');
    expect(error).toMatch(/^shipit: pushed [0-9a-f]{7} to main \(2 files\)\n$/);
    expect(await remote.git('log', '-1', '--format=%an <%ae>%n%B', 'main')).toBe(
      'Ann <ann@example.com>\nDeploy 2 services\n\n- k8s/b.yaml: v0 -> v2\n- default/word-counts: v1 -> v2\n- default/word-lists: v1 -> v2\n\nActor: Ann <ann@example.com>\n\n',
    );
    const again = await remote.set(`${app}:v2 --push --json`);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.out)).toMatchObject({ isPushed: false, branch: 'main', attempts: 1 });
    expect((await remote.set(`${app}:v2 --push`)).error).toMatch(/already so on main .*: nothing to commit/);
    expect(await remote.subjects()).toHaveLength(2);
  });

  it('changes the bytes of the value and no others', async () => {
    const windows = `\ufeff# größe\r\nimage:\r\n  repository: ${app}\r\n  tag: "v1" # x`;
    await open({ 'a.yml': windows, 'b.txt': `image: ${app}:v1`, 'node_modules/c.yaml': `image: ${app}:v1\n` });
    expect((await remote.set(`${app}:v2 --push`)).code).toBe(0);
    expect(await remote.show('a.yml')).toBe(windows.replace('"v1"', '"v2"'));
    expect((await remote.git('diff', '--name-only', 'main~', 'main')).trim()).toBe('a.yml');
  });

  it('commits the rest where it refuses something, and ends with 2', async () => {
    await open({ 'a.yaml': `image: ${app}:v1\n`, 'b.yaml': `image: "${app}:\${TAG}"\n` });
    const { code, error, out } = await remote.set(`${app}:v2 --push --json`);
    expect(code).toBe(2);
    expect(error).toContain('1 place was refused');
    const { commit, places } = JSON.parse(out) as { commit: string; places: unknown[] };
    expect(places).toMatchObject([
      { file: 'a.yaml', outcome: 'changed', from: `${app}:v1`, to: `${app}:v2` },
      { file: 'b.yaml', outcome: 'refused', line: 1, reason: expect.stringContaining('substitution') as string },
    ]);
    expect((await remote.git('rev-parse', 'main')).trim()).toBe(commit);
    expect(await remote.show('a.yaml')).toBe(`image: ${app}:v2\n`);
  });

  it('lands the commits of eight runs at once, one after the other, and loses none', async () => {
    const names = Array.from({ length: 8 }, (_, n) => `app-${n}`);
    await open(Object.fromEntries(names.map((name) => [`releases/${name}.yaml`, release(name, `e.com/${name}`)])));
    const runs = await Promise.all(names.map((name) => remote.set(`e.com/${name}:v2 --push --json`)));
    expect(runs.map(({ code }) => code)).toEqual(names.map(() => 0));
    expect((await remote.subjects()).sort()).toEqual([...names.map((name) => `Deploy ${name} v2`), 'Initial commit']);
    for (const name of names)
      expect(await remote.show(`releases/${name}.yaml`)).toBe(
        release(name, `e.com/${name}`).replace('tag: v1', 'tag: v2'),
      );
    expect(await remote.git('log', '--merges', '--oneline', 'main')).toBe('');
  });

  it('makes one commit where two runs set the same image', async () => {
    await open({ 'a.yaml': `image: ${app}:v1\n` });
    const runs = await Promise.all([1, 2].map(() => remote.set(`${app}:v2 --push --json`)));
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    expect(await remote.subjects()).toEqual(['Deploy app v2', 'Initial commit']);
    // Within one second both make the very same commit, and both are right to say that it was pushed.
    const tip = (await remote.git('rev-parse', 'main')).trim();
    const told = runs.map(({ out }) => JSON.parse(out) as { isPushed: boolean; commit?: string });
    expect(told.filter(({ isPushed }) => isPushed).map(({ commit }) => commit)).toContain(tip);
  });

  it('decides again on what somebody pushed in between', async () => {
    await open({ 'a.yaml': `image: ${app}:v1\n`, 'b.yaml': 'x: 1\n' });
    const theirs = { 'a.yaml': `# moved\nimage: ${app}:v1\n`, 'b.yaml': `image: ${app}:v1\n` };
    const address = await remote.behind(() => remote.push(theirs));
    const { code, out } = await remote.set(`${app}:v2 --push --json`, { address });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ isPushed: true, attempts: 2 });
    expect(await remote.subjects()).toEqual(['Deploy app v2', 'By hand', 'Initial commit']);
    expect(await remote.show('a.yaml')).toBe(`# moved\nimage: ${app}:v2\n`);
    expect(await remote.show('b.yaml')).toBe(`image: ${app}:v2\n`);
  });

  it.each(['cut the reply', 'drop the request'] as const)('commits once where the network fails: %s', async (fault) => {
    await open({ 'a.yaml': `image: ${app}:v1\n` });
    const { code, error } = await remote.set(`${app}:v2 --push`, { address: await remote.behind(fault) });
    expect({ code, error }).toMatchObject({ code: 0, error: expect.stringContaining('pushed ') as string });
    expect(await remote.subjects()).toEqual(['Deploy app v2', 'Initial commit']);
  });

  it('repeats what a protected branch answers, and forces nothing', async () => {
    await open({ 'a.yaml': `image: ${app}:v1\n` });
    await remote.hook('pre-receive', 'echo "main takes pull requests only" >&2; exit 1');
    const { code, error } = await remote.set(`${app}:v2 --push`);
    expect(code).toBe(1);
    expect(error).toContain('does not take the commit');
    expect(error).toContain('pre-receive hook declined');
    expect(error).toContain('main takes pull requests only');
    expect(await remote.subjects()).toHaveLength(1);
  });

  it('leaves links, submodules and names that no checkout may have as they are', async () => {
    await open({ 'a.yaml': `image: ${app}:v1\n` });
    const [blob, commit] = (await remote.git('rev-parse', 'main:a.yaml', 'main')).trim().split('\n');
    const entries = `120000 blob ${blob}\tlink.yaml\n160000 commit ${commit}\tmodule.yaml\n100644 blob ${blob}\ta.yaml\n`;
    const path = (await remote.git('rev-parse', '--absolute-git-dir')).trim();
    const sub = git(path, ['mktree'], `100644 blob ${blob}\tb.yaml\n`);
    const tree = git(path, ['mktree'], `${entries}040000 tree ${sub}\t.git.\n`);
    const tip = git(path, [
      '-c',
      'user.name=E',
      '-c',
      'user.email=e@e.com',
      'commit-tree',
      tree,
      '-p',
      'main',
      '-m',
      'x',
    ]);
    git(path, ['update-ref', 'refs/heads/main', tip]);
    const { code, out } = await remote.set(`${app}:v2 --push --json`);
    expect(code).toBe(0);
    expect((JSON.parse(out) as { places: unknown[] }).places).toMatchObject([{ file: 'a.yaml', outcome: 'changed' }]);
    expect(await remote.git('diff', '--name-status', 'main~', 'main')).toBe('M\ta.yaml\n');
    expect((await remote.set(`${app}:v2 link.yaml`)).error).toContain('link.yaml is not in the repository');
  });

  it('says that a release is locked, and commits all the same', async () => {
    await open({
      'releases/a/word-counts.yaml': release('word-counts', app),
      'releases/locks.yaml': 'version: 1\nresource_locks:\n  default/word-counts: {reasons: [release freeze]}\n',
    });
    const { code, error } = await remote.set(`${app}:v2 --push`);
    expect(code).toBe(0);
    expect(error).toContain(
      'default/word-counts is locked (release freeze): a commit by hand is deployed all the same',
    );
    expect((await remote.subjects())[0]).toBe('Deploy word-counts v2');
  });

  it('takes the branch named, the author of the environment and a message with trailers', async () => {
    await open({ 'a.yaml': `image: ${app}:v1\n` });
    await remote.git('branch', 'staging');
    const environment = { GIT_TOKEN: remote.token, GIT_AUTHOR_NAME: 'Ci', GIT_AUTHOR_EMAIL: 'ci@e.com' };
    const words = `${app}:v2 ./a.yaml --branch staging --push --message 'Ship it\n\nAllow-Removal: 4'`;
    expect((await remote.set(words, { environment })).error).toContain('to staging (1 file)');
    expect(await remote.git('log', '-1', '--format=%an <%ae>%n%B', 'staging')).toBe(
      'Ci <ci@e.com>\nShip it\n\nAllow-Removal: 4\nActor: Ci <ci@e.com>\n\n',
    );
    expect(await remote.subjects()).toHaveLength(1);
  });

  it('takes the branch that the repository calls its own, and a token that was read from a file', async () => {
    await open({ 'a.yaml': `image: ${app}:v1\n` });
    await remote.git('branch', 'trunk');
    await remote.git('symbolic-ref', 'HEAD', 'refs/heads/trunk');
    const environment = { GIT_TOKEN: `${remote.token}\n` };
    expect((await remote.set(`${app}:v2 --push`, { environment })).error).toContain('to trunk (1 file)');
    expect(await remote.show('a.yaml', 'trunk')).toBe(`image: ${app}:v2\n`);
    expect(await remote.subjects()).toHaveLength(1);
  });

  it('ends with 1 and the next step where it cannot begin, and never tells a credential', async () => {
    await open({ 'a.yaml': `image: ${app}:v1\n` });
    const { url } = remote;
    for (const [words, address, why] of [
      ['', 'git@github.com:example/gitops.git', 'is reached by SSH: give the https:// address'],
      ['', 'ssh://git@github.com/example/gitops.git', 'ssh:// is not supported: give the https:// address'],
      ['', 'https://ann:s3cret@example.com/gitops', 'the address of example.com holds credentials'],
      ['', 'http://example.com/gitops', 'in the open: use https://'],
      ['', 'gitops', 'no address of a repository'],
      ['', 'http://127.0.0.1:9/gitops.git', 'cannot be reached'],
      ['', url.replace('gitops', 'absent'), 'does not exist or the token may not see it'],
      ['--branch absent', url, 'has no branch "absent"'],
      ['absent.yaml', url, 'absent.yaml is not in the repository'],
      ['../a.yaml', url, '../a.yaml is no path inside the repository'],
      ['-', url, '- is no path inside the repository'],
      ['--write', url, 'with --repository it is --push'],
      ["--message 'a\n\nDeploy: default/a b:v1 id=1'", url, 'ends in lines that only Ship-it writes'],
      ["--message 'a\n\nHold: default/a id=1'", url, 'ends in lines that only Ship-it writes'],
      ["--author 'Ann'", url, 'has the form "Ann <ann@example.com>"'],
    ] as const) {
      const { code, out, error } = await remote.set(`${app}:v2 --push ${words}`, { address });
      expect({ code, out, error }).toMatchObject({ code: 1, out: '', error: expect.stringContaining(why) as string });
      expect(error).not.toContain('s3cret');
    }
    const wrong = await remote.set(`${app}:v2 --push`, { environment: { GIT_TOKEN: 'wrong-s3cret' } });
    expect(wrong).toMatchObject({ code: 1, error: expect.stringContaining('answered 401: check the token') as string });
    expect(wrong.error).not.toContain('s3cret');
    expect((await remote.set(`${app}:v2`, { environment: {} })).error).toContain('GIT_TOKEN is not set');
    expect(await remote.subjects()).toHaveLength(1);
  });
});

function git(path: string, words: string[], input = ''): string {
  const { stdout, stderr, status } = spawnSync('git', ['--git-dir', path, ...words], { input });
  if (status !== 0) throw new Error(stderr.toString());
  return stdout.toString().trim();
}
