/** A regular file of a commit. */
export interface GitFile {
  path: string;
  /** Id of the content. */
  blob: string;
  mode: '100644' | '100755';
}

export interface GitAuthor {
  name: string;
  email: string;
}

export interface GitCommit {
  id: string;
  parents: string[];
  /** Subject, body and trailers as written. */
  message: string;
  author: GitAuthor;
  committedAt: Date;
}

/** A set of edits to be published as one commit on top of `parent`. */
export interface GitChange {
  parent: string;
  message: string;
  author: GitAuthor;
  /** Path → new content; null removes the file. Everything not named stays, byte for byte. */
  files: ReadonlyMap<string, Uint8Array | null>;
}

export interface GitPublication {
  outcome: 'published' | 'moved';
  /** Our commit; where the branch moved, its tip as it is now. */
  commit: string;
}

export interface HistoryLimits {
  /** Commits older than this are left out. */
  since?: Date;
  maxCount?: number;
}

/**
 * One branch of one remote repository.
 *
 * Commits and blobs are named by their 40-digit ids. Reading needs a commit of this branch's past or present
 * that a `fetch` has seen. Everything is safe to repeat. Errors are `GitError`s.
 */
export abstract class GitRepository {
  /** Brings over what is new and returns the branch's tip. A force-push by others is followed. */
  abstract fetch(signal?: AbortSignal): Promise<string>;

  /**
   * The regular files under a folder ('' = all), in the order of the tree.
   * Symbolic links, submodules and entries with a name no checkout may have (`..`, `.git`) are not listed.
   */
  abstract listFiles(commit: string, prefix: string): Promise<GitFile[]>;

  abstract readBlob(blob: string): Promise<Uint8Array>;

  /** Paths whose content or mode differ between two commits: added, changed and removed ones, sorted. */
  abstract changedPaths(from: string, to: string): Promise<string[]>;

  /** Commits reachable from one, newest first. */
  abstract history(from: string, limits: HistoryLimits): AsyncIterable<GitCommit>;

  /** A commit counts as its own ancestor. False where either is not in the repository's history. */
  abstract isAncestor(ancestor: string, descendant: string): Promise<boolean>;

  /**
   * Puts one commit on the branch if `parent` is still its tip (compare-and-set, never forced).
   * Where the reply is lost or unclear the branch is read again: 'published' means the commit is on the branch, 'moved' that it was not there.
   * Throws when the server cannot be reached or the outcome cannot be known; then look for the commit in the history before trying again.
   */
  abstract publish(change: GitChange, signal?: AbortSignal): Promise<GitPublication>;
}
