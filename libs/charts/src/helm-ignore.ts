import { ChartError } from './chart-error.js';
import { pathMatcher, PatternError } from './match-path.js';

interface Rule {
  isNegated: boolean;
  isFolderOnly: boolean;
  matches: (path: string) => boolean;
}

/** Whether a path of a chart's folder is left out of the chart. */
export type IsIgnored = (path: string, isFolder: boolean) => boolean;

/**
 * A `.helmignore` as Helm understands it, which is not as git does: the first rule that says something decides, and
 * `!rule` leaves out everything that it does not match.
 *
 * @throws ChartError where a rule cannot be understood
 */
export function parseHelmIgnore(text: string): IsIgnored {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  // Helm adds the last one: files of editors among the templates.
  const rules = [...lines.map((line) => line.trim()), 'templates/.?*']
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(parseRule);
  return (path, isFolder) => {
    for (const { isNegated, isFolderOnly, matches } of rules) {
      if (isFolderOnly && !isFolder) {
        if (isNegated) return true;
      } else if (matches(path) !== isNegated) {
        return true;
      }
    }
    return false;
  };
}

function parseRule(line: string): Rule {
  if (line.includes('**')) throw unclear('double-star (**) syntax is not supported');
  try {
    pathMatcher(line);
    const isNegated = line.startsWith('!');
    const isFolderOnly = line.endsWith('/');
    const pattern = line.slice(isNegated ? 1 : 0, isFolderOnly ? -1 : undefined);
    const matches = pathMatcher(pattern.replace(/^\//, ''));
    const isOfName = !pattern.includes('/');
    return { isNegated, isFolderOnly, matches: isOfName ? (path) => matches(nameOf(path)) : matches };
  } catch (error) {
    if (error instanceof PatternError) throw unclear(error.message);
    throw error;
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function unclear(reason: string): ChartError {
  return new ChartError('SHIPIT_CHART_INVALID', reason);
}
