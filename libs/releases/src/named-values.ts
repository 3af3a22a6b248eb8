import { readDocuments, type YamlPath } from '@shipit/yaml-edit';
import type { ImagePlace } from './image-place.js';

/**
 * Images whose values are named by paths, as `helm --set` has them: `parameters` of Argo CD's `helm`, `set` of Helmfile and of k3s,
 * `setValues` of Skaffold. They are laid over the values beside them, which may name the repository.
 */
export function findNamedValues(
  map: Readonly<Record<string, unknown>>,
  path: YamlPath,
  find: (document: unknown) => ImagePlace[],
): ImagePlace[] {
  const named = keysOf(path).flatMap((key) => namedValues(map[key], [...path, key]));
  if (named.length === 0) return [];
  const values = new Values();
  values.lay(map['values'], [...path, 'values']);
  values.lay(map['valuesObject'], [...path, 'valuesObject']);
  for (const { steps, text, at } of named) values.set(steps, text, at);
  const given = new Set(named.map(({ at }) => at));
  return find(values.tree).flatMap((place) => {
    const scalars = place.scalars.map((scalar) => ({ ...scalar, path: values.placeOf(scalar.path) ?? [] }));
    const first = scalars.find(({ path: at }) => given.has(at));
    return first && scalars.every(({ path: at }) => at.length > 0) ? [{ ...place, scalars, path: first.path }] : [];
  });
}

function keysOf(path: YamlPath): string[] {
  return [...(path.at(-1) === 'helm' ? ['parameters'] : []), 'set', 'setString', 'setValues'];
}

interface NamedValue {
  steps: string[];
  text: string;
  at: YamlPath;
}

/** `[{name: image.tag, value: v1}]` or `{image.tag: v1}`. */
function namedValues(value: unknown, path: YamlPath): NamedValue[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries = Array.isArray(value)
    ? value.map((item: unknown, index) => {
        const { name, value: text } = Object(item) as Record<string, unknown>;
        return { name, text, at: [...path, index, 'value'] };
      })
    : Object.entries(value).map(([name, text]: [string, unknown]) => ({ name, text, at: [...path, name] }));
  return entries.flatMap(({ name, text, at }) => {
    const steps = typeof name === 'string' && typeof text === 'string' ? stepsOf(name) : [];
    return steps.length > 0 ? [{ steps, text: text as string, at }] : [];
  });
}

/** `a.b[0].c`, where `\.` is a dot of the key. */
function stepsOf(name: string): string[] {
  const steps = [...name.matchAll(/((?:\\.|[^\\.[\]])+)|\[(\d+)\]/g)].map(([, key, index]) => key ?? index ?? '');
  return steps.length <= 32 ? steps.map((step) => step.replace(/\\(.)/g, '$1')) : [];
}

type Tree = { [step: string]: Tree | string };

/** A tree of texts that knows where each was written. */
class Values {
  readonly tree = emptyTree();
  private readonly places = new Map<string, YamlPath>();

  placeOf(steps: YamlPath): YamlPath | undefined {
    return this.places.get(JSON.stringify(steps));
  }

  /** Maps, the maps of a list (Helmfile), and a text that is a map by itself (Argo CD), whose parts have no place of their own. */
  lay(value: unknown, at: YamlPath): void {
    if (typeof value === 'string') this.layTree(readTree(value), [], undefined);
    else if (Array.isArray(value)) value.forEach((item, index) => this.layTree(item, [], [...at, index]));
    else this.layTree(value, [], at);
  }

  private layTree(value: unknown, steps: readonly string[], at: YamlPath | undefined): void {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries(value)) {
      const [below, childAt] = [[...steps, key], at && [...at, Array.isArray(value) ? Number(key) : key]];
      if (typeof child === 'string') this.set(below, child, childAt);
      else this.layTree(child, below, childAt);
    }
  }

  set(steps: readonly string[], text: string, at: YamlPath | undefined): void {
    let tree = this.tree;
    for (const step of steps.slice(0, -1)) {
      const next = tree[step];
      tree = typeof next === 'object' ? next : (tree[step] = emptyTree());
    }
    tree[steps.at(-1) ?? ''] = text;
    if (at) this.places.set(JSON.stringify(steps), at);
    else this.places.delete(JSON.stringify(steps));
  }
}

function emptyTree(): Tree {
  return Object.create(null) as Tree;
}

function readTree(text: string): unknown {
  const read = readDocuments(text);
  return read.ok ? read.documents[0]?.texts : undefined;
}
