import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { workingTree } from './repository-root.js';

const MIB = 1024 * 1024;

describe('the files of a chart in the working tree', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'shipit-tree-'));
    await mkdir(join(root, 'charts/web/templates'), { recursive: true });
  });
  afterEach(() => rm(root, { recursive: true }));

  async function putSparse(path: string, bytes: number): Promise<void> {
    await writeFile(join(root, path), '');
    await truncate(join(root, path), bytes);
  }

  it('are those below its folder', async () => {
    await writeFile(join(root, 'charts/web/Chart.yaml'), 'name: web');
    await writeFile(join(root, 'charts/web/templates/a.yaml'), 'a: 1');
    const files = await workingTree(root)('charts/web');
    expect([...files].map(([path, bytes]) => [path, String(bytes)])).toEqual([
      ['Chart.yaml', 'name: web'],
      ['templates/a.yaml', 'a: 1'],
    ]);
  });

  it('are refused where they are more together than a chart can be', async () => {
    await putSparse('charts/web/a.img', 60 * MIB);
    await putSparse('charts/web/templates/b.img', 60 * MIB);
    await expect(workingTree(root)('charts/web')).rejects.toThrow(
      'charts/web: there are over 100 MiB of files around this chart',
    );
  });

  it('are refused before what is too large is read', async () => {
    // Node reads no file of this size at once: trying to would fail with another message.
    await putSparse('charts/web/core.dump', 3 * 1024 * MIB);
    await expect(workingTree(root)('charts/web')).rejects.toThrow('over 100 MiB');
  });
});
