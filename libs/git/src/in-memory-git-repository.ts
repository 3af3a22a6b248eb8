import { walkHistory, walkToAncestor } from './commit-walk.js';
import { GitError } from './git-error.js';
import {
  GitRepository,
  type GitAuthor,
  type GitChange,
  type GitCommit,
  type GitFile,
  type GitPublication,
  type HistoryLimits,
} from './git-repository.js';
import {
  formatCommit,
  objectId,
  readBlob,
  readCommit,
  requireCommit,
  type GitObject,
  type ObjectStore,
  type ObjectType,
} from './object-store.js';
import { diffTrees, editTree, listTree } from './tree-edits.js';

export interface ForeignPush {
  message?: string;
  author?: GitAuthor;
  at?: Date;
  /** Default: the tip. Anything else is a force-push. */
  parent?: string;
}

/**
 * A branch in memory, with the verbs a test needs to play the others who push to it.
 * Several writers share it: `otherClone` gives another view of the same remote.
 */
export class InMemoryGitRepository extends GitRepository {
  private readonly faults: ('unreachable' | 'reply-lost')[] = [];

  private constructor(
    private readonly remote: Remote,
    private readonly options: { now?: () => Date },
  ) {
    super();
  }

  static async create(
    files: Record<string, string> = {},
    options: { now?: () => Date } = {},
  ): Promise<InMemoryGitRepository> {
    const repository = new InMemoryGitRepository(new Remote(), options);
    await repository.push(files, { message: 'Initial commit' });
    return repository;
  }

  /** Another clone of the same remote. */
  otherClone(): InMemoryGitRepository {
    return new InMemoryGitRepository(this.remote, this.options);
  }

  get tip(): string {
    return this.remote.tip;
  }

  /** Somebody else pushes; null removes a file. Returns the new tip. */
  async push(files: Record<string, string | null>, push: ForeignPush = {}): Promise<string> {
    const { message = 'A change', author = { name: 'Ann', email: 'ann@example.com' }, at = this.now() } = push;
    for (;;) {
      const seen = this.remote.tip;
      const parent = push.parent ?? seen;
      const root = parent
        ? (await requireCommit(this.remote, parent)).tree
        : this.remote.store('tree', new Uint8Array());
      const { tree } = await editTree(this.remote, root, toFiles(files));
      if (this.remote.tip !== seen) continue;
      this.remote.tip = this.remote.store(
        'commit',
        formatCommit({ tree, parents: parent ? [parent] : [], message, author, committedAt: at }),
      );
      return this.remote.tip;
    }
  }

  /** The text of a file at a commit (default: the tip); undefined where it is absent. */
  async text(path: string, commit = this.remote.tip): Promise<string | undefined> {
    const file = (await this.listFiles(commit, '')).find((candidate) => candidate.path === path);
    return file && Buffer.from(await this.readBlob(file.blob)).toString('utf8');
  }

  /** What happens to the next publications, in this order; a lost reply is a commit that did reach the branch. */
  failNext(...faults: ('unreachable' | 'reply-lost')[]): void {
    this.faults.push(...faults);
  }

  override fetch(signal?: AbortSignal): Promise<string> {
    signal?.throwIfAborted();
    return Promise.resolve(this.remote.tip);
  }

  override async listFiles(commit: string, prefix: string): Promise<GitFile[]> {
    return listTree(this.remote, (await requireCommit(this.remote, commit)).tree, prefix);
  }

  override readBlob(blob: string): Promise<Uint8Array> {
    return readBlob(this.remote, blob);
  }

  override async changedPaths(from: string, to: string): Promise<string[]> {
    const [before, after] = [await requireCommit(this.remote, from), await requireCommit(this.remote, to)];
    return diffTrees(this.remote, before.tree, after.tree);
  }

  override async *history(from: string, limits: HistoryLimits): AsyncIterable<GitCommit> {
    await requireCommit(this.remote, from);
    yield* walkHistory((id) => readCommit(this.remote, id), from, limits);
  }

  override isAncestor(ancestor: string, descendant: string): Promise<boolean> {
    return walkToAncestor((id) => readCommit(this.remote, id), ancestor, descendant);
  }

  override async publish(change: GitChange, signal?: AbortSignal): Promise<GitPublication> {
    signal?.throwIfAborted();
    const parent = await requireCommit(this.remote, change.parent);
    const { tree } = await editTree(this.remote, parent.tree, change.files);
    if (tree === parent.tree)
      throw new GitError('SHIPIT_GIT_NOTHING_TO_COMMIT', 'The change leaves every file as it is');
    const fault = this.faults.shift();
    if (fault === 'unreachable') throw new GitError('SHIPIT_GIT_UNREACHABLE', 'The repository cannot be reached');
    if (this.remote.tip !== change.parent) return { outcome: 'moved', commit: this.remote.tip };
    const { message, author } = change;
    this.remote.tip = this.remote.store(
      'commit',
      formatCommit({ tree, parents: [change.parent], message, author, committedAt: this.now() }),
    );
    if (fault === 'reply-lost') throw new GitError('SHIPIT_GIT_UNREACHABLE', 'The connection was lost');
    return { outcome: 'published', commit: this.remote.tip };
  }

  private now(): Date {
    return this.options.now?.() ?? new Date();
  }
}

class Remote implements ObjectStore {
  tip = '';
  private readonly objects = new Map<string, GitObject>();

  read(id: string): Promise<GitObject | undefined> {
    return Promise.resolve(this.objects.get(id));
  }

  write(type: ObjectType, bytes: Uint8Array): Promise<string> {
    return Promise.resolve(this.store(type, bytes));
  }

  store(type: ObjectType, bytes: Uint8Array): string {
    const id = objectId(type, bytes);
    this.objects.set(id, { type, bytes });
    return id;
  }
}

function toFiles(files: Record<string, string | null>): Map<string, Uint8Array | null> {
  return new Map(Object.entries(files).map(([path, text]) => [path, text === null ? null : Buffer.from(text)]));
}
