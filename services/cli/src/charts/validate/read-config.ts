import { ShipitConfig } from '@shipit/contracts';
import { decodeFile } from '@shipit/releases';
import { type Position, readDocuments, type YamlDocument } from '@shipit/yaml-edit';
import type { z } from 'zod';
import { readBounded } from '../../images/yaml-files.js';
import { CliError } from '../../output/cli-error.js';
import { maxProblems } from './problem.js';

/** What Ship-it's configuration says that releases depend on. */
export interface KnownConfiguration {
  /** The folder of the repository that holds the releases. */
  folder: string;
  clusters: string[];
}

/** @throws CliError where the file is no configuration */
export function readConfig(file: string): KnownConfiguration {
  const bytes = readBounded(file);
  const decoded = typeof bytes === 'string' ? { problem: bytes } : decodeFile(bytes);
  if ('problem' in decoded) throw new CliError(`${file}: ${decoded.problem}`, 2);
  const read = readDocuments(decoded.text);
  if (!read.ok) throw refuse(file, read.refusals[0].reason, read.refusals[0]);
  const [document] = read.documents;
  const { data, error } = ShipitConfig.safeParse(document?.value);
  if (!data) throw wrong(file, error, document);
  return { folder: data.git.path, clusters: data.clusters.map(({ name }) => name) };
}

function wrong(file: string, error: z.ZodError, document: YamlDocument | undefined): CliError {
  const lines = error.issues.slice(0, maxProblems).map((issue) => {
    const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
    const reason = issue.message.endsWith('received undefined') ? 'must be set' : issue.message;
    return refuse(file, `${path.join('.') || 'the file'}: ${reason}`, document?.keyPositionOf(path)).message;
  });
  return new CliError(lines.join('\n'), 2);
}

function refuse(file: string, reason: string, { line, column }: Position = { line: 1, column: 1 }): CliError {
  return new CliError(`${file}:${line}:${column}: ${reason}`, 2);
}
