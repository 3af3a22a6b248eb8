import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const loader = new URL('../../../libs/testing/source-loader/register.mjs', import.meta.url).href;
const name = 'registry.example.com:5000/team/app';
const deployment = `apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - name: app # ours\n          image: "${name}:v1"\n`;

describe('shipit image, as a process', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shipit-image-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function put(files: Record<string, string | Uint8Array>): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
  }

  const read = (path: string) => readFile(join(folder, path), 'utf8');

  async function shipit(words: string[], input: string | Uint8Array = '') {
    const child: ChildProcess = spawn(
      process.execPath,
      ['--conditions', '@shipit/source', '--import', loader, main, 'image', ...words],
      { cwd: folder, env: { PATH: process.env['PATH'], NODE_ENV: 'test' } },
    );
    child.stdin?.end(input);
    const [out, error, [code]] = await Promise.all([buffer(child.stdout!), buffer(child.stderr!), once(child, 'exit')]);
    return { code: code as number, out: out.toString(), error: error.toString() };
  }

  it('shows a difference that git and patch can apply, and changes nothing', async () => {
    await put({ 'apps/app.yaml': deployment, 'apps/other.yml': 'image: registry.example.com:5000/team/other:v1\n' });
    const { code, out, error } = await shipit(['set', `${name}:v2`]);
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(out).toContain('--- a/apps/app.yaml\n+++ b/apps/app.yaml\n@@ ');
    expect(out).toContain(`-          image: "${name}:v1"\n+          image: "${name}:v2"\n`);
    expect(out).not.toContain('other');
    expect(await read('apps/app.yaml')).toBe(deployment);
    const applied = spawnSync('git', ['apply', '-'], { cwd: folder, input: out });
    expect(applied.status, applied.stderr.toString()).toBe(0);
    expect(await read('apps/app.yaml')).toBe(deployment.replace(':v1', ':v2'));
    expect(await shipit(['set', `${name}:v2`, '--write'])).toEqual({ code: 0, out: '', error: '' });
  });

  it('writes every place of every file with --write, and keeps line ends, marks and modes', async () => {
    const windows = `\ufeff# größe\r\nimage:\r\n  repository: ${name}\r\n  tag: v1 # x`;
    await put({ 'a.yaml': `${deployment}---\nimage: ${name}:v0\n`, 'deep/er/b.yml': windows });
    await chmod(join(folder, 'a.yaml'), 0o640);
    expect(await shipit(['set', `${name}:v2`, '.', '--write'])).toMatchObject({ code: 0, error: '' });
    expect(await read('a.yaml')).toBe(`${deployment.replace(':v1', ':v2')}---\nimage: ${name}:v2\n`);
    expect(await read('deep/er/b.yml')).toBe(windows.replace('tag: v1', 'tag: v2'));
    expect((await stat(join(folder, 'a.yaml'))).mode & 0o777).toBe(0o640);
  });

  it('says what it refuses, does the rest and ends with 2', async () => {
    await put({
      'a.yaml': `image: ${name}:v1\n`,
      'b.yaml': `one: {image: "${name}:v1"}\ntwo: {image: "${name}:\${TAG}"}\n`,
      'chart/templates/c.yaml': `app: {{ .Values.app }}\nname: app\n`,
      'd.yaml': `image: "${name}:v1"\n  a: [\n`,
    });
    const { code, out, error } = await shipit(['set', `${name}:v2`, '--write']);
    expect(code).toBe(2);
    expect(out).toContain('+++ b/a.yaml');
    expect(error).toContain('b.yaml:2:14: This value is filled in by a ${…} substitution');
    expect(error).toContain('b.yaml:1:14: Not changed, because another place of this file was refused');
    expect(error).toContain('d.yaml:2:');
    expect(error).not.toContain('c.yaml');
    expect(await read('a.yaml')).toBe(`image: ${name}:v2\n`);
    expect(await read('b.yaml')).toContain('v1');
  });

  it('lists every place as JSON with file, line, path, from and to, or the reason', async () => {
    await put({ 'a.yaml': deployment, 'b.yaml': `x:\n- image: ${name}:v2\n- image: >-\n    ${name}:v1\n` });
    const { code, out } = await shipit(['set', `${name}:v2`, '--json']);
    expect(code).toBe(2);
    const { image, isWritten, places } = JSON.parse(out) as { image: string; isWritten: boolean; places: unknown[] };
    expect({ image, isWritten }).toEqual({ image: `${name}:v2`, isWritten: false });
    expect(places).toMatchObject([
      {
        ...{ file: 'a.yaml', line: 8, document: 0, path: 'spec.template.spec.containers[0].image' },
        ...{ outcome: 'changed', from: `${name}:v1`, to: `${name}:v2` },
      },
      { file: 'b.yaml', line: 3, path: 'x[1].image', outcome: 'refused', reason: 'This is a block of text' },
      { file: 'b.yaml', line: 2, path: 'x[0].image', outcome: 'refused' },
    ]);
    const same = await shipit(['set', `${name}:v1`, 'a.yaml', '--json']);
    expect(same.code).toBe(0);
    expect((JSON.parse(same.out) as { places: unknown[] }).places).toMatchObject([{ outcome: 'same', line: 8 }]);
  });

  it('edits standard input to standard output, byte for byte', async () => {
    const text = `\ufeff# ä\r\nimage: ${name}:v1 # x`;
    expect(await shipit(['set', `${name}:v2`, '-'], text)).toEqual({
      code: 0,
      out: text.replace('v1', 'v2'),
      error: '',
    });
    expect(await shipit(['set', `${name}:v2`, '-'], 'a: 1')).toEqual({ code: 0, out: 'a: 1', error: '' });
    const refused = `image: ${name}:{{ .Values.tag }}\n`;
    expect(await shipit(['set', `${name}:v2`, '-'], refused)).toMatchObject({ code: 2, out: refused });
    expect(await shipit(['set', `${name}:v2`, '-'], new Uint8Array([0xff, 0xfe]))).toMatchObject({ code: 1, out: '' });
  });

  it('reads only YAML files, and neither .git, node_modules nor what links lead to', async () => {
    const text = `image: ${name}:v1\n`;
    await put({ '.git/a.yaml': text, 'node_modules/a.yaml': text, 'a.txt': text, 'b.YAML': text, '.ci/c.yml': text });
    await symlink(join(folder, 'b.YAML'), join(folder, 'link.yaml'));
    await symlink(folder, join(folder, 'loop'));
    const { places } = JSON.parse((await shipit(['find', name, '--json'])).out) as { places: { file: string }[] };
    expect(places.map(({ file }) => file)).toEqual(['.ci/c.yml', 'b.YAML']);
    expect((await shipit(['find', name, 'a.txt', './a.txt', 'loop'])).out.match(/:1 /g)).toHaveLength(3);
  });

  it('shows where an image stands, with its tag only where it stands with that tag', async () => {
    await put({ 'a.yaml': deployment, 'b.yaml': `image: {repository: ${name}, tag: 1.10}\n` });
    const { code, out } = await shipit(['find', name]);
    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.split(/\s+/))).toEqual([
      ['WHERE', 'PATH', 'TAG'],
      ['a.yaml:8', 'spec.template.spec.containers[0].image', 'v1'],
      ['b.yaml:1', 'image', '1.10'],
      [''],
    ]);
    expect((await shipit(['find', `${name}:1.10`])).out).not.toContain('a.yaml');
    expect(await shipit(['find', `${name}:v9`])).toEqual({ code: 0, out: '', error: '' });
  });

  it('ends with 1 and says why where it cannot begin', async () => {
    await put({ 'a.yaml': deployment });
    for (const [words, why] of [
      [['set', name], 'has no tag'],
      [['set', 'not/An Image:v1'], 'is no image reference'],
      [['set', `${name}:v1`, 'absent'], 'absent cannot be read: it does not exist'],
      [['set', `${name}:v1`, '-', '--write'], 'leave out --write'],
      [['set', `${name}:v1`, '-', 'a.yaml'], 'goes with no other path'],
      [['set'], 'missing required argument'],
    ] as const)
      expect(await shipit([...words])).toMatchObject({ code: 1, error: expect.stringContaining(why) as string });
    expect(await read('a.yaml')).toBe(deployment);
  });

  it('says that a tag which stands there already wants a digest', async () => {
    await put({ 'a.yaml': deployment });
    const { code, error } = await shipit(['set', `${name}:v1@sha256:${'a'.repeat(64)}`]);
    expect(code).toBe(0);
    expect(error).toContain('pin the digest');
  });
});
