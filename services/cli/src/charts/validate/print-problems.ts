import { CliError } from '../../output/cli-error.js';
import { printable } from '../../output/printable.js';
import type { CommandContext } from '../../program.js';
import type { Problem } from './problem.js';

export interface Checked {
  files: number;
  releases: number;
  charts: number;
}

/**
 * A line for each problem, as compilers print them; then how much was checked.
 *
 * @throws CliError where there are errors, or no release in folders that should have one
 */
export function printProblems(
  context: CommandContext,
  problems: readonly Problem[],
  checked: Checked,
  { emptyFolders }: { emptyFolders: readonly string[] },
): void {
  const line = context.environment['GITHUB_ACTIONS'] === 'true' ? annotation : plainLine;
  if (context.isJson()) context.printJson({ problems, checked });
  else context.write(problems.map((problem) => `${line(problem)}\n`).join(''));
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const found = [counted(errors, 'error'), counted(problems.length - errors, 'warning')].filter((text) => text !== '');
  const summary = `${found.join(' and ') || 'no problem'} in ${sizeOf(checked)}`;
  if (errors > 0) throw new CliError(summary, 1);
  if (checked.releases === 0 && emptyFolders.length > 0)
    throw new CliError(`no release found below ${emptyFolders.join(', ')}: look at the path`, 1);
  if (!context.isJson()) context.print(summary);
}

function sizeOf({ files, releases, charts }: Checked): string {
  const rendered = charts > 0 ? ` and ${counted(charts, 'chart')}` : '';
  return `${counted(files, 'file') || 'no file'} with ${counted(releases, 'release') || 'no release'}${rendered}`;
}

/** A template that includes itself is told at length by Helm. */
const maxMessage = 800;

function plainLine({ file, line, column, severity, message }: Problem): string {
  const short = message.length > maxMessage ? `${message.slice(0, maxMessage)}…` : message;
  return printable(`${file}:${line}:${column}: ${severity}: ${short.replace(/\s*\n\s*/g, ' ')}`);
}

/** A workflow command: GitHub shows it beside the line in the pull request. */
function annotation({ file, line, column, severity, message, code }: Problem): string {
  const place = { file, line, col: column, title: code };
  const properties = Object.entries(place).map(
    ([name, value]) => `${name}=${escaped(String(value)).replace(/[:,]/g, percent)}`,
  );
  return `::${severity} ${properties.join(',')}::${escaped(message)}`;
}

function escaped(text: string): string {
  return printable(text.replace(/\s*\n\s*/g, ' ')).replace(/%/g, percent);
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

function counted(count: number, what: string): string {
  if (count === 0) return '';
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}
