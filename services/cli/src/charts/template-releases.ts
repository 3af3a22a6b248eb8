import { readFile, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { ChartArchive, ValuesLayer } from '@shipit/charts';
import type { HelmReleaseSpec } from '@shipit/contracts';
import { decodeFile, type ReleaseDocument, readReleaseDocuments, targetNameOf } from '@shipit/releases';
import { whyNot } from '../images/yaml-files.js';
import { CliError } from '../output/cli-error.js';
import type { CommandContext } from '../program.js';
import type { ChartTools } from './chart-tools.js';
import { checkRoot, findRepositoryRoot, workingTree } from './repository-root.js';

/** A release as its file declares it. */
export interface DeclaredRelease {
  /** `namespace/name` of the HelmRelease. */
  key: string;
  /** What Helm calls it. */
  name: string;
  namespace: string;
  values: ValuesLayer[];
  fetchChart: () => Promise<ChartArchive>;
}

/** Whether a word names a file of releases, and no chart. */
export async function isReleaseFile(word: string): Promise<boolean> {
  if (word === '-') return true;
  if (!/\.ya?ml$/i.test(word)) return false;
  return !(await stat(word).catch(() => undefined))?.isDirectory();
}

export interface ReadReleases {
  releases: DeclaredRelease[];
  /** Those that their schema refuses, which is told. */
  refused: number;
}

/** Every HelmRelease of a file, or of standard input. @throws CliError that says what is wrong with the file, and where */
export async function readReleases(
  tools: ChartTools,
  context: CommandContext,
  { file, root }: { file: string; root: string | undefined },
): Promise<ReadReleases> {
  const { releases, problems, isReadable } = readReleaseDocuments(file, await readText(context, file));
  for (const { path, line, column, message } of problems) context.warn(`${path}:${line}:${column}: ${message}`);
  // A release without a name could be any.
  if (!isReadable) throw new CliError(`${file} was not rendered`);
  if (releases.length === 0) throw new CliError(`${file} holds no HelmRelease${hintFor(file)}`);
  tellUnreadValues(context, releases);
  await checkRoot(root);
  const readRepository = readerOf(root ?? (await findRepositoryRoot(file === '-' ? '.' : dirname(file))));
  const readable = releases.flatMap((release) =>
    release.spec ? declared(tools, readRepository, release, release.spec) : [],
  );
  return { releases: readable, refused: releases.length - readable.length };
}

function hintFor(file: string): string {
  return basename(file) === 'Chart.yaml' ? `; to render the chart, name its folder: ${dirname(file)}` : '';
}

type ReadRepository = (folder: string) => Promise<ReadonlyMap<string, Uint8Array>>;

function readerOf(root: string | undefined): ReadRepository {
  if (root !== undefined) return workingTree(root);
  return (folder) =>
    Promise.reject(
      new CliError(
        `${folder} is a folder of the GitOps repository: there is no git working tree here, name its root with --root`,
      ),
    );
}

function declared(
  tools: ChartTools,
  readRepository: ReadRepository,
  release: ReleaseDocument,
  spec: HelmReleaseSpec,
): DeclaredRelease {
  const { repository, name, version = '' } = spec.chart;
  return {
    key: release.key,
    ...targetNameOf(release, spec),
    values: [spec.values],
    fetchChart: () => tools.chooseSource(repository).fetch({ repository, name, version }, { readRepository }),
  };
}

/** What cannot be seen from here of the values that the deployer would use. */
function tellUnreadValues(context: CommandContext, releases: readonly ReleaseDocument[]): void {
  for (const { key, spec } of releases)
    for (const from of spec?.valuesFrom ?? [])
      context.warn(
        `${key}: ${from.kind} ${from.name} with the key ${from.key} is not read here: give its values with -f`,
      );
}

/** As the deployer reads it. */
async function readText(context: CommandContext, file: string): Promise<string> {
  const decoded = decodeFile(await readBytes(context, file));
  if ('problem' in decoded) throw new CliError(`${file} ${decoded.problem}`);
  return decoded.text;
}

async function readBytes(context: CommandContext, file: string): Promise<Uint8Array> {
  if (file === '-') return context.readInput();
  return readFile(file).catch((error: unknown) => {
    throw new CliError(`${file} cannot be read: ${whyNot(error)}`);
  });
}
