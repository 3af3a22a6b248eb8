type Labels = Record<string, string>;

/** Whether labels match a selector as kubectl's -l has it; throws on what is no selector. */
export function matchesLabels(selector: string | undefined, labels: Labels = {}): boolean {
  return requirementsOf(selector ?? '').every((requirement) => matches(requirement, labels));
}

/** Commas part requirements, except inside the parentheses of a set. */
function requirementsOf(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function matches(requirement: string, labels: Labels): boolean {
  const inSet = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(requirement);
  if (inSet) {
    const [, key = '', operator, list = ''] = inSet;
    const value = labels[key];
    const isIn =
      value !== undefined &&
      list
        .split(',')
        .map((item) => item.trim())
        .includes(value);
    return operator === 'in' ? isIn : !isIn;
  }
  const equality = /^([^\s=!]+)\s*(==|=|!=)\s*(\S*)$/.exec(requirement);
  if (equality) {
    const [, key = '', operator, value = ''] = equality;
    return (labels[key] === value) === (operator !== '!=');
  }
  const existence = /^(!?)\s*([^\s=!]+)$/.exec(requirement);
  if (!existence) throw new Error(`"${requirement}" is not a label selector`);
  return Object.hasOwn(labels, existence[2] ?? '') === (existence[1] === '');
}
