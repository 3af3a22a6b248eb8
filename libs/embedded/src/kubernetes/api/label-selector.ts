import { badRequest } from '../api-error.js';
import { objectAt, objectsAt, textAt, textsAt, type JsonObject } from '../json.js';
import type { KubeObject } from '../objects.js';

type Labels = Record<string, unknown>;
type Test = (labels: Labels) => boolean;

/** Whether labels satisfy a `LabelSelector` object; an empty selector matches everything. */
export function matchesLabels(selector: JsonObject, labels: Labels): boolean {
  const equal = Object.entries(objectAt(selector, 'matchLabels')).every(([key, value]) => labels[key] === value);
  return equal && objectsAt(selector, 'matchExpressions').every((expression) => matchesExpression(expression, labels));
}

function matchesExpression(expression: JsonObject, labels: Labels): boolean {
  const key = textAt(expression, 'key') ?? '';
  const values = textsAt(expression, 'values');
  const isThere = Object.hasOwn(labels, key);
  switch (textAt(expression, 'operator')) {
    case 'In':
      return isThere && values.includes(String(labels[key]));
    case 'NotIn':
      return !isThere || !values.includes(String(labels[key]));
    case 'Exists':
      return isThere;
    case 'DoesNotExist':
      return !isThere;
    default:
      return false;
  }
}

/** Reads `a=b,c!=d,e in (f,g),h notin (i),j,!k`. Throws 400 for what is no selector. */
export function parseLabelSelector(text: string): (object: KubeObject) => boolean {
  const tests = splitTerms(text).map(parseTerm);
  return (object) => tests.every((test) => test(object.metadata.labels ?? {}));
}

function splitTerms(text: string): string[] {
  const terms = text.match(/(?:[^,(]|\([^)]*\))+/g) ?? [];
  return terms.map((term) => term.trim()).filter((term) => term !== '');
}

function parseTerm(term: string): Test {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(term);
  if (set) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    const isIn = (labels: Labels): boolean => Object.hasOwn(labels, key) && values.includes(String(labels[key]));
    return operator === 'in' ? isIn : (labels) => !isIn(labels);
  }
  const equality = /^([^\s=!]+)\s*(==|=|!=)\s*([^\s=!]*)$/.exec(term);
  if (equality) {
    const [, key = '', operator, value] = equality;
    return operator === '!='
      ? (labels) => labels[key] !== value
      : (labels) => Object.hasOwn(labels, key) && labels[key] === value;
  }
  const presence = /^(!?)\s*([^\s=!,()]+)$/.exec(term);
  if (!presence) throw badRequest(`unable to parse requirement: found '${term}'`);
  const [, absent, key = ''] = presence;
  return (labels) => Object.hasOwn(labels, key) === (absent !== '!');
}
