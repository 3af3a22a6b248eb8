import type { YamlPath } from '@shipit/yaml-edit';

/** One thing that a chart's schema refuses. */
export interface ValuesError {
  /** From the root of the release's values. */
  path: YamlPath;
  message: string;
}

type Values = Readonly<Record<string, unknown>>;

/**
 * Takes apart what Helm says of values that a schema refuses: for each chart its name and then, the deeper the more
 * indented, lines such as `- at '/image/tag': got number, want string`. Empty for any other message.
 */
export function readValuesErrors(message: string, chart: string, values: Values): ValuesError[] {
  const [, ...sections] = message.split(/^(\S.*):\n(?=\s*- at ')/m);
  const errors: ValuesError[] = [];
  for (let at = 0; at + 1 < sections.length; at += 2) {
    const name = sections[at] ?? '';
    const base = name === chart ? [] : pathOfChart(name, values);
    errors.push(...treesOf(sections[at + 1] ?? '').flatMap((node) => errorsOf(node, base, values)));
  }
  return errors;
}

/** What stands deeper is told at this depth. */
const maxDepth = 32;

interface Node {
  depth: number;
  pointer: string;
  text: string;
  children: Node[];
}

function treesOf(section: string): Node[] {
  const roots: Node[] = [];
  let open: Node[] = [];
  for (const [, indent = '', pointer = '', text = ''] of section.matchAll(/^( *)- at '(.*?)': (.*)$/gm)) {
    const node = { depth: indent.length, pointer, text, children: [] };
    open = open.filter(({ depth }) => depth < node.depth).slice(0, maxDepth);
    const siblings = open.at(-1)?.children ?? roots;
    siblings.push(node);
    open.push(node);
  }
  return roots;
}

/** What must hold together is told one by one; alternatives are told together. */
function errorsOf({ pointer, text, children }: Node, base: YamlPath, values: Values): ValuesError[] {
  const inner = children.flatMap((child) => errorsOf(child, base, values));
  const isAll = text === 'validation failed' || text.startsWith("'allOf' failed");
  if (isAll && inner.length > 0) return inner;
  const path = stepsOf(pointer, base, values);
  const [, unwanted = ''] = /^additional propert(?:y|ies) (.+) not allowed$/.exec(text) ?? [];
  const keys = [...unwanted.matchAll(/'(.*?)'(?=, '|$)/g)].map(([, key = '']) => [...path, key]);
  if (keys.length > 0)
    return keys.map((key) => ({ path: key, message: `${pathText(key)}: the chart has no such value` }));
  const reasons = new Set([text, ...inner.map(({ message }) => message)]);
  return [{ path, message: `${pathText(path)}: ${[...reasons].join('; ')}` }];
}

/** A JSON pointer below a path; what is an index is known from the values. */
function stepsOf(pointer: string, base: YamlPath, values: Values): YamlPath {
  const path = [...base];
  let value = base.reduce<unknown>(childOf, values);
  for (const part of pointer.split('/').slice(1)) {
    const text = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const step = Array.isArray(value) && /^\d+$/.test(text) ? Number(text) : text;
    path.push(step);
    value = childOf(value, step);
  }
  return path;
}

/** Values for a dependency stand under its name; how deep, Helm does not say. */
function pathOfChart(name: string, values: Values): YamlPath {
  let level: { path: string[]; value: unknown }[] = [{ path: [], value: values }];
  for (let depth = 0; depth < 5 && level.length > 0 && level.length < 1000; depth += 1) {
    const found = level.find(({ value }) => isMap(childOf(value, name)));
    if (found) return [...found.path, name];
    level = level.flatMap(({ path, value }) =>
      isMap(value) ? Object.entries(value).map(([key, child]) => ({ path: [...path, key], value: child })) : [],
    );
  }
  return [];
}

function childOf(value: unknown, step: string | number): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    ? (value as Record<string | number, unknown>)[step]
    : undefined;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function pathText(path: YamlPath): string {
  return ['values', ...path].join('.');
}
