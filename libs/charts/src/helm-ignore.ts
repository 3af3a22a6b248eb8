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
  const isNegated = line.startsWith('!');
  const isFolderOnly = line.endsWith('/');
  const pattern = line.slice(isNegated ? 1 : 0, isFolderOnly ? -1 : undefined);
  return { isNegated, isFolderOnly, matches: isUnderstood(line) ? matcherOf(pattern) : () => false };
}

function matcherOf(pattern: string): (path: string) => boolean {
  const matches = pathMatcher(pattern.replace(/^\//, ''));
  return pattern.includes('/') ? matches : (path) => matches(nameOf(path));
}

/** A mistake that Helm does not see where it tries a rule makes the rule match nothing. @throws ChartError for one that it sees */
function isUnderstood(line: string): boolean {
  try {
    pathMatcher(line);
    return true;
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    // The path with which Helm tries every rule.
    if (error.head === '' || pathMatcher(error.head)('abc')) throw unclear(error.message);
    return false;
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function unclear(reason: string): ChartError {
  return new ChartError('SHIPIT_CHART_INVALID', reason);
}
