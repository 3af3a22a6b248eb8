export {
  GitRepository,
  type GitAuthor,
  type GitChange,
  type GitCommit,
  type GitFile,
  type GitPublication,
  type HistoryLimits,
} from './git-repository.js';
export { GitError, type GitErrorCode } from './git-error.js';
export { IsomorphicGitRepository, type IsomorphicGitRepositoryOptions } from './isomorphic-git-repository.js';
export { wasChangedSince } from './was-changed-since.js';
export { findDefaultBranch } from './find-default-branch.js';
