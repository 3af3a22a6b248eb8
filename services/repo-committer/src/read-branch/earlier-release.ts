import { GitError, type GitFile, type GitRepository } from '@shipit/git';
import { readReleaseDocuments, type ReleaseDocument } from '@shipit/releases';

export interface EarlierRelease {
  path: string;
  text: string;
  document: ReleaseDocument;
}

export interface EarlierQuestion {
  commit: string;
  release: string;
  /** Where the release's file is now: it was most likely there before. */
  path: string;
  folder: string;
}

/** How a release was declared at an earlier commit, wherever its file was then. Undefined where commit or release did not exist. */
export async function readEarlierRelease(
  repository: GitRepository,
  { commit, release, path, folder }: EarlierQuestion,
): Promise<EarlierRelease | undefined> {
  if (!/^[0-9a-f]{40}$/.test(commit)) return undefined;
  const files = await listFiles(repository, commit, folder);
  const likely = files.filter((file) => file.path === path);
  const others = files.filter((file) => file.path !== path && /\.ya?ml$/.test(file.path));
  for (const file of [...likely, ...others]) {
    const text = Buffer.from(await repository.readBlob(file.blob)).toString('utf8');
    const document = text.includes(nameOf(release)) && findRelease(file.path, text, release);
    if (document) return { path: file.path, text, document };
  }
  return undefined;
}

async function listFiles(repository: GitRepository, commit: string, folder: string): Promise<GitFile[]> {
  try {
    return await repository.listFiles(commit, folder);
  } catch (error) {
    if (error instanceof GitError && error.code === 'SHIPIT_GIT_NOT_FOUND') return [];
    throw error;
  }
}

function findRelease(path: string, text: string, release: string): ReleaseDocument | undefined {
  return readReleaseDocuments(path, text).releases.find((document) => document.key === release);
}

function nameOf(release: string): string {
  return release.slice(release.indexOf('/') + 1);
}
