import { setTimeout as sleep } from 'node:timers/promises';
import { BareClone } from './bare-clone.js';
import { walkHistory, walkToAncestor } from './commit-walk.js';
import { GitError } from './git-error.js';
import {
  GitRepository,
  type GitChange,
  type GitCommit,
  type GitFile,
  type GitPublication,
  type HistoryLimits,
} from './git-repository.js';
import { HttpTransport } from './http-transport.js';
import { formatCommit, readBlob, readCommit, requireCommit, type StoredCommit } from './object-store.js';
import { sendPack, type PushReply } from './receive-pack.js';
import { diffTrees, editTree, listTree } from './tree-edits.js';

export interface IsomorphicGitRepositoryOptions {
  /** `https://…`; no credentials in it. */
  url: string;
  branch: string;
  token?: string | undefined;
  /** Default `x-access-token`. */
  username?: string | undefined;
  /** Where the throw-away clone goes; default: the system's temporary folder. */
  directory?: string | undefined;
  /** Commits brought over at first (default 50); older ones follow when they are asked for. */
  depth?: number | undefined;
  requestTimeoutSeconds?: number | undefined;
  maxResponseBytes?: number | undefined;
  maxFileBytes?: number | undefined;
}

const ATTEMPTS = 3;
const MAX_REMEMBERED_COMMITS = 20_000;

/**
 * A branch over smart HTTP. Reads from a throw-away bare clone that is made at the first use and replaced when it breaks.
 * Within the process all writing to the clone is one after the other.
 */
export class IsomorphicGitRepository extends GitRepository {
  private readonly transport: HttpTransport;
  private clone: BareClone | undefined;
  /** Histories are read again and again; a commit never changes. */
  private readonly commits = new Map<string, StoredCommit>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: IsomorphicGitRepositoryOptions) {
    super();
    this.transport = new HttpTransport({
      url: options.url,
      token: options.token,
      username: options.username,
      requestTimeoutMs: (options.requestTimeoutSeconds ?? 30) * 1000,
      maxResponseBytes: options.maxResponseBytes ?? 512 * 1024 * 1024,
    });
  }

  override fetch(signal?: AbortSignal): Promise<string> {
    return this.exclusive(() => this.fetchNow(signal));
  }

  override async listFiles(commit: string, prefix: string): Promise<GitFile[]> {
    const { tree } = await this.commit(commit);
    return listTree(this.opened(), tree, prefix);
  }

  override async readBlob(blob: string): Promise<Uint8Array> {
    const bytes = await readBlob(this.opened(), blob);
    const limit = this.options.maxFileBytes ?? 16 * 1024 * 1024;
    if (bytes.byteLength > limit)
      throw new GitError(
        'SHIPIT_GIT_TOO_LARGE',
        `File content ${blob} has ${bytes.byteLength} bytes, ${limit} are allowed`,
      );
    return bytes;
  }

  override async changedPaths(from: string, to: string): Promise<string[]> {
    const [before, after] = [await this.commit(from), await this.commit(to)];
    return diffTrees(this.opened(), before.tree, after.tree);
  }

  override async *history(from: string, limits: HistoryLimits): AsyncIterable<GitCommit> {
    await this.commit(from);
    yield* walkHistory((id) => this.findCommit(id), from, limits);
  }

  override async isAncestor(ancestor: string, descendant: string): Promise<boolean> {
    return walkToAncestor((id) => this.findCommit(id), ancestor, descendant);
  }

  override publish(change: GitChange, signal?: AbortSignal): Promise<GitPublication> {
    return this.exclusive(async () => {
      const clone = this.opened();
      const parent = await requireCommit(clone, change.parent);
      const edit = await editTree(clone, parent.tree, change.files);
      if (edit.tree === parent.tree)
        throw new GitError('SHIPIT_GIT_NOTHING_TO_COMMIT', 'The change leaves every file as it is');
      const { message, author } = change;
      const commit = await clone.write(
        'commit',
        formatCommit({ tree: edit.tree, parents: [change.parent], message, author, committedAt: new Date() }),
      );
      const pack = await clone.pack([...new Set([...edit.written, commit])]);
      return this.push({ from: change.parent, to: commit, pack }, signal);
    });
  }

  /** Removes the clone. The repository may be used again and then clones anew. */
  async close(): Promise<void> {
    await this.exclusive(() => this.discard());
  }

  /**
   * Sending the same commit again is harmless: the server takes it only on top of the same parent.
   * So it is repeated while the branch stands still, and what the server holds decides, never what it said.
   */
  private async push(
    update: { from: string; to: string; pack: Uint8Array },
    signal?: AbortSignal,
  ): Promise<GitPublication> {
    const ref = `refs/heads/${this.options.branch}`;
    for (let attempt = 1; ; attempt += 1) {
      const reply = await sendPack(this.transport, this.options.url, { ref, ...update }, signal).catch(
        (error: unknown) => unclear(error),
      );
      if (reply.accepted) {
        await this.opened().moveLocalTip(update.to);
        return { outcome: 'published', commit: update.to };
      }
      const tip = await this.fetchNow(signal);
      if (await this.isOnBranch(update.to, tip)) return { outcome: 'published', commit: update.to };
      if (tip !== update.from) return { outcome: 'moved', commit: tip };
      if (attempt === ATTEMPTS)
        throw new GitError('SHIPIT_GIT_REFUSED', `${this.transport.where} does not take the commit: ${reply.reason}`, {
          cause: reply.cause,
        });
      await sleep(50 * attempt + Math.random() * 50, undefined, { signal });
    }
  }

  /** Looks only at what is here: a fetch has just brought everything between the old tip and the new one. */
  private isOnBranch(commit: string, tip: string): Promise<boolean> {
    return walkToAncestor((id) => readCommit(this.opened(), id), commit, tip);
  }

  private async fetchNow(signal?: AbortSignal): Promise<string> {
    this.clone ??= await BareClone.create({
      transport: this.transport,
      url: this.options.url,
      branch: this.options.branch,
      directory: this.options.directory,
      depth: this.options.depth ?? 50,
    });
    try {
      return await this.clone.fetch(signal);
    } catch (error) {
      const isOutside = error instanceof GitError && error.code !== 'SHIPIT_GIT_BROKEN';
      if (isOutside || signal?.aborted) throw error;
      await this.discard();
      throw new GitError(
        'SHIPIT_GIT_BROKEN',
        `The clone of ${this.transport.where} broke and is made anew at the next try`,
        { cause: error },
      );
    }
  }

  private async commit(id: string): Promise<StoredCommit> {
    const commit = await this.findCommit(id);
    return commit ?? requireCommit(this.opened(), id);
  }

  /** Older history is brought over as far as it is needed to find the commit. */
  private async findCommit(id: string): Promise<StoredCommit | undefined> {
    for (;;) {
      const clone = this.opened();
      const commit = this.commits.get(id) ?? (await readCommit(clone, id));
      if (commit) this.remember(commit);
      if (commit || !/^[0-9a-f]{40}$/.test(id)) return commit;
      const isDeeper = await this.exclusive(async () => (await clone.read(id)) !== undefined || clone.deepen());
      if (!isDeeper) return undefined;
    }
  }

  private remember(commit: StoredCommit): void {
    if (this.commits.size >= MAX_REMEMBERED_COMMITS) this.commits.clear();
    this.commits.set(commit.id, commit);
  }

  private opened(): BareClone {
    if (!this.clone)
      throw new GitError('SHIPIT_GIT_BROKEN', `${this.transport.where} has to be fetched before it is read`);
    return this.clone;
  }

  private async discard(): Promise<void> {
    this.commits.clear();
    const clone = this.clone;
    this.clone = undefined;
    await clone?.remove();
  }

  private exclusive<T>(work: () => Promise<T>): Promise<T> {
    const run = this.last.then(work);
    this.last = run.catch(() => undefined);
    return run;
  }
}

/** A refusal of our rights or an oversized answer is final; a lost connection is not. */
function unclear(error: unknown): PushReply {
  if (error instanceof GitError && error.code === 'SHIPIT_GIT_DENIED') throw error;
  return { accepted: false, reason: error instanceof Error ? error.message : String(error), cause: error };
}
