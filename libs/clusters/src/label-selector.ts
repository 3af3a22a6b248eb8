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
  const test = setTest(requirement) ?? equalityTest(requirement) ?? existenceTest(requirement);
  if (!test) throw new Error(`"${requirement}" is not a label selector`);
  return test(labels);
}

type LabelTest = ((labels: Labels) => boolean) | undefined;

function setTest(requirement: string): LabelTest {
  const [, key, operator, list = ''] = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(requirement) ?? [];
  if (key === undefined) return undefined;
  const values = list.split(',').map((item) => item.trim());
  return (labels) => values.includes(labels[key] ?? '\0') === (operator === 'in');
}

function equalityTest(requirement: string): LabelTest {
  const [, key, operator, value] = /^([^\s=!]+)\s*(==|=|!=)\s*(\S*)$/.exec(requirement) ?? [];
  if (key === undefined) return undefined;
  return (labels) => (labels[key] === value) === (operator !== '!=');
}

function existenceTest(requirement: string): LabelTest {
  const [, negation, key] = /^(!?)\s*([^\s=!]+)$/.exec(requirement) ?? [];
  if (key === undefined) return undefined;
  return (labels) => Object.hasOwn(labels, key) === (negation === '');
}
