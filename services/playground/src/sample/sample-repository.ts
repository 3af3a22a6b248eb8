import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface SampleImages {
  registryHost: string;
  pushSample(image: { repository: string; tag: string; content?: string }): unknown;
}

/** Address of the https chart repository that one of the samples uses. */
export interface SampleSources {
  chartsUrl: string;
}

/** Each repository's first image: a commit id, like those that builds push. */
const firstTags: Readonly<Record<string, string>> = {
  'word-counts': '78bc9ccf64eb838c6a0e0492ded722274925e2bd',
  'stories-web': '0f3e1c9a7d25b8e64c10fa9be2d37c85e1049b6f',
  'story-index': '5d7c2e81f0a94b36c8e51d07f2b9a3c4e6d80517',
  billing: 'c1e94a7702fd3b5586ea0d1c9f7428b3e60d95aa',
};

const root = new URL('../../../../', import.meta.url).pathname;
const sampleFolder = new URL('../../sample/', import.meta.url).pathname;

/** The files of the GitOps repository at the first start: four services of two squads, and the standard charts beside them. */
export async function sampleFiles(
  { registryHost }: SampleImages,
  { chartsUrl }: SampleSources,
): Promise<Record<string, string | Uint8Array>> {
  const charts = await readFolder(join(root, 'deploy/charts'), 'charts');
  const texts = await readFolder(sampleFolder, '');
  const fill = (text: string): string =>
    text
      .replaceAll('{{registry}}', registryHost)
      .replaceAll('{{charts}}', chartsUrl)
      .replace(/\{\{tag:([a-z-]+)\}\}/g, (_, name: string) => firstTags[name] ?? 'unknown');
  return {
    ...charts,
    ...Object.fromEntries(Object.entries(texts).map(([path, bytes]) => [path, fill(bytes.toString('utf8'))])),
  };
}

/** The images that the samples name: their pushes change nothing, because the repository has them already. */
export function pushFirstImages(images: SampleImages): void {
  for (const [repository, tag] of Object.entries(firstTags))
    images.pushSample({ repository, tag, content: `first image of ${repository}` });
}

async function readFolder(folder: string, prefix: string): Promise<Record<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = files.map(
    async (file) => [join(prefix, file.slice(folder.replace(/\/$/, '').length + 1)), await readFile(file)] as const,
  );
  return Object.fromEntries(await Promise.all(read));
}
