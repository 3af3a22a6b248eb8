import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GitCommit, GitPublication, GitRepository, HistoryLimits } from './git-repository.js';

/** What a suite needs of one kind of repository: two clones of a remote, and somebody else who pushes to it. */
export interface GitRepositoryHarness {
  /** A remote whose only commit holds these files; two clones that were not fetched yet. */
  open(files: Record<string, string>): Promise<OpenRepository>;
}

export interface OpenRepository {
  repository: GitRepository;
  other: GitRepository;
  /** A commit by a person, on the tip or on another parent (a force-push). */
  push(files: Record<string, string | null>, how?: { parent?: string; at?: Date; message?: string }): Promise<string>;
  close(): Promise<void>;
}

const author = { name: 'Ship-it', email: 'ship-it@example.com' };

export function describeGitRepository(kind: string, harness: GitRepositoryHarness): void {
  describe(`git repository contract: ${kind}`, () => {
    let open: OpenRepository;
    let repository: GitRepository;

    beforeEach(async () => {
      open = await harness.open({ 'README.md': 'hello\n', 'apps/a.yaml': 'tag: one\n', 'apps/b.yaml': 'tag: one\n' });
      repository = open.repository;
    });

    afterEach(() => open.close());

    it('reads the files of a folder at a commit', async () => {
      const tip = await repository.fetch();
      expect((await repository.listFiles(tip, 'apps')).map((file) => file.path)).toEqual([
        'apps/a.yaml',
        'apps/b.yaml',
      ]);
      expect(await repository.listFiles(tip, '')).toHaveLength(3);
      expect(await repository.listFiles(tip, 'absent')).toEqual([]);
      expect(await text(repository, tip, 'apps/a.yaml')).toBe('tag: one\n');
    });

    it('publishes changed, new and removed files and leaves all others as they are', async () => {
      const parent = await repository.fetch();
      const result = await publish(repository, parent, {
        'apps/a.yaml': 'tag: two\n',
        'apps/new/c.yaml': 'x\n',
        'apps/b.yaml': null,
      });
      expect(result.outcome).toBe('published');
      const tip = await open.other.fetch();
      expect(tip).toBe(result.commit);
      expect((await open.other.listFiles(tip, '')).map((file) => file.path)).toEqual([
        'README.md',
        'apps/a.yaml',
        'apps/new/c.yaml',
      ]);
      expect(await text(open.other, tip, 'apps/a.yaml')).toBe('tag: two\n');
      expect(await open.other.changedPaths(parent, tip)).toEqual(['apps/a.yaml', 'apps/b.yaml', 'apps/new/c.yaml']);
    });

    it('keeps message, author and parent of a commit', async () => {
      const parent = await repository.fetch();
      const message = 'Deploy a 2\n\nBecause.\n\nDeploy: x\n';
      await repository.publish({
        parent,
        message,
        author,
        files: new Map([['apps/a.yaml', Buffer.from('tag: two\n')]]),
      });
      const [newest] = await history(open.other, await open.other.fetch());
      expect(newest).toMatchObject({ parents: [parent], message, author });
      expect(Math.abs((newest?.committedAt.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
    });

    it('says moved and writes nothing when somebody else was first', async () => {
      const parent = await repository.fetch();
      const theirs = await open.push({ 'README.md': 'theirs\n' });
      expect(await publish(repository, parent, { 'apps/a.yaml': 'ours\n' })).toEqual({
        outcome: 'moved',
        commit: theirs,
      });
      expect(await repository.fetch()).toBe(theirs);
      expect(await text(repository, theirs, 'apps/a.yaml')).toBe('tag: one\n');
    });

    it('never makes an empty commit', async () => {
      const parent = await repository.fetch();
      const same = publish(repository, parent, { 'apps/a.yaml': 'tag: one\n' });
      await expect(same).rejects.toMatchObject({ code: 'SHIPIT_GIT_NOTHING_TO_COMMIT' });
      expect(await repository.fetch()).toBe(parent);
    });

    it.each([
      '../outside',
      'apps/../x',
      '/etc/passwd',
      '.git/config',
      'apps/.GIT/hooks/x',
      'a//b',
      '',
      'apps/a.yaml/below',
      'apps',
    ])('refuses to write to %j', async (path) => {
      const parent = await repository.fetch();
      await expect(publish(repository, parent, { [path]: 'x' })).rejects.toMatchObject({ code: 'SHIPIT_GIT_BAD_PATH' });
      expect(await repository.fetch()).toBe(parent);
    });

    it('tells history newest first and stops at the date and the count asked for', async () => {
      const first = await repository.fetch();
      const hour = 3_600_000;
      const soon = Date.now() + hour;
      for (let n = 1; n <= 4; n += 1)
        await open.push({ 'README.md': `${n}\n` }, { message: `change ${n}`, at: new Date(soon + n * hour) });
      const tip = await repository.fetch();
      const subjects = (await history(repository, tip)).map((commit) => commit.message.trim());
      expect(subjects.slice(0, 4)).toEqual(['change 4', 'change 3', 'change 2', 'change 1']);
      expect(await history(repository, tip, { since: new Date(soon + 3 * hour - 1000) })).toHaveLength(2);
      expect(await history(repository, tip, { maxCount: 3 })).toHaveLength(3);
      expect(await repository.isAncestor(first, tip)).toBe(true);
      expect(await repository.isAncestor(tip, tip)).toBe(true);
      expect(await repository.isAncestor(tip, first)).toBe(false);
      expect(await repository.isAncestor('0'.repeat(40), tip)).toBe(false);
    });

    it('follows a force-push by others and does not count what is gone as history', async () => {
      const first = await repository.fetch();
      const gone = await publish(repository, first, { 'apps/a.yaml': 'tag: two\n' });
      const theirs = await open.push({ 'README.md': 'forced\n' }, { parent: first });
      const tip = await repository.fetch();
      expect(tip).toBe(theirs);
      expect(await text(repository, tip, 'apps/a.yaml')).toBe('tag: one\n');
      expect(await repository.isAncestor(gone.commit, tip)).toBe(false);
    });

    it('loses no commit when two writers race for the branch', async () => {
      const writers = [open.repository, open.other];
      await Promise.all(writers.map((writer, n) => writeTwenty(writer, n)));
      const tip = await repository.fetch();
      const subjects = (await history(repository, tip)).map((commit) => commit.message.trim());
      expect(subjects).toHaveLength(41);
      expect(new Set(subjects).size).toBe(41);
      const files = await repository.listFiles(tip, 'race');
      expect(files).toHaveLength(40);
    });

    it('names what it cannot find', async () => {
      await repository.fetch();
      await expect(repository.listFiles('1'.repeat(40), '')).rejects.toMatchObject({ code: 'SHIPIT_GIT_NOT_FOUND' });
      await expect(repository.readBlob('2'.repeat(40))).rejects.toMatchObject({ code: 'SHIPIT_GIT_NOT_FOUND' });
      await expect(repository.listFiles('HEAD', '')).rejects.toMatchObject({ code: 'SHIPIT_GIT_NOT_FOUND' });
    });
  });
}

async function writeTwenty(repository: GitRepository, writer: number): Promise<void> {
  let parent = await repository.fetch();
  for (let n = 0; n < 20;) {
    const files = new Map([[`race/${writer}-${n}.txt`, Buffer.from(`${writer} ${n}\n`)]]);
    const { outcome, commit } = await repository.publish({
      parent,
      message: `writer ${writer} commit ${n}`,
      author,
      files,
    });
    if (outcome === 'published') n += 1;
    parent = commit;
  }
}

function publish(
  repository: GitRepository,
  parent: string,
  files: Record<string, string | null>,
): Promise<GitPublication> {
  const bytes = Object.entries(files).map(
    ([path, content]) => [path, content === null ? null : Buffer.from(content)] as const,
  );
  return repository.publish({ parent, message: 'ours', author, files: new Map(bytes) });
}

async function history(repository: GitRepository, from: string, limits: HistoryLimits = {}): Promise<GitCommit[]> {
  const commits: GitCommit[] = [];
  for await (const commit of repository.history(from, limits)) commits.push(commit);
  return commits;
}

async function text(repository: GitRepository, commit: string, path: string): Promise<string | undefined> {
  const file = (await repository.listFiles(commit, '')).find((candidate) => candidate.path === path);
  return file && Buffer.from(await repository.readBlob(file.blob)).toString('utf8');
}
