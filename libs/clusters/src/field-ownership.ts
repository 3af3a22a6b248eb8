import type { FieldConflict } from './cluster-error.js';

export type Tree = Record<string, unknown>;
/** The leaves that one manager has applied, by path. */
export type OwnedFields = Map<string, unknown>;

const separator = '\u0000';

/** Server-side apply in small: maps merge by key, lists and scalars are one field each. */
export class FieldOwnership {
  private readonly byManager = new Map<string, OwnedFields>();

  conflictsOf(manager: string, wanted: Tree, live: Tree): FieldConflict[] {
    const fields = leavesOf(wanted);
    return [...this.byManager].flatMap(([other, owned]) => {
      if (other === manager) return [];
      return [...fields]
        .filter(([path, value]) => owned.has(path) && !isSame(value, valueAt(live, path)))
        .map(([path]) => ({ manager: other, field: `.${path.split(separator).join('.')}` }));
    });
  }

  /** The object after the apply: new fields set, those that the manager had alone and left out removed. */
  apply(manager: string, wanted: Tree, live: Tree): Tree {
    const fields = leavesOf(wanted);
    const result = structuredClone(live);
    const others = [...this.byManager].filter(([name]) => name !== manager).map(([, owned]) => owned);
    for (const path of this.byManager.get(manager)?.keys() ?? []) {
      if (!fields.has(path) && !others.some((owned) => owned.has(path))) removeAt(result, path.split(separator));
    }
    for (const [path, value] of fields) setAt(result, path.split(separator), value);
    return result;
  }

  record(manager: string, wanted: Tree, force: boolean): void {
    const fields = leavesOf(wanted);
    if (force) this.disown(fields);
    this.byManager.set(manager, fields);
  }

  /** Other writers own what they have changed. */
  recordUpdate(manager: string, patch: Tree): void {
    const fields = leavesOf(patch);
    this.disown(fields);
    this.byManager.set(manager, new Map([...(this.byManager.get(manager) ?? []), ...fields]));
  }

  private disown(fields: OwnedFields): void {
    for (const owned of this.byManager.values()) for (const path of fields.keys()) owned.delete(path);
  }
}

function leavesOf(tree: Tree, prefix: string[] = []): OwnedFields {
  const leaves: OwnedFields = new Map();
  for (const [key, value] of Object.entries(tree)) {
    const path = [...prefix, key];
    if (isTree(value) && Object.keys(value).length > 0)
      for (const [leaf, found] of leavesOf(value, path)) leaves.set(leaf, found);
    else leaves.set(path.join(separator), value);
  }
  return leaves;
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, at: unknown) =>
      isTree(at) ? Object.fromEntries(Object.entries(at).sort(([a], [b]) => (a < b ? -1 : 1))) : at,
    ) ?? ''
  );
}

function valueAt(tree: Tree, path: string): unknown {
  return path.split(separator).reduce<unknown>((at, key) => (isTree(at) ? at[key] : undefined), tree);
}

function setAt(tree: Tree, [key = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    tree[key] = structuredClone(value);
    return;
  }
  const next = tree[key];
  const child: Tree = isTree(next) ? next : {};
  tree[key] = child;
  setAt(child, rest, value);
}

function removeAt(tree: Tree, [key = '', ...rest]: string[]): void {
  const next = tree[key];
  if (rest.length === 0 || !isTree(next)) {
    delete tree[key];
    return;
  }
  removeAt(next, rest);
  if (Object.keys(next).length === 0) delete tree[key];
}
