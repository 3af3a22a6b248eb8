export { InMemoryGitRepository, type ForeignPush } from './in-memory-git-repository.js';
