import type { RefusalKind } from '@shipit/yaml-edit';

const filledIn = /^((?:[\w./-]+=)?)(?:\$\{[^{}]*\}|\{\{[^{}]*\}\})(?=\/|$)/;

/** Whether a registry somewhere in the text may be filled in later, by a substitution or a template. */
export function mayBeFilledIn(text: string): boolean {
  return /(?:\$\{|\{\{)[^{}\n]*\}/.test(text);
}

/** The document as it would be if every registry that is filled in later were this one. */
export function withRegistry(value: unknown, registry: string): unknown {
  if (typeof value === 'string') return value.replace(filledIn, (_all, before: string) => before + registry);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withRegistry(item, registry));
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withRegistry(child, registry)]));
}

export function fillingOf(text: string): { kind: RefusalKind; reason: string } {
  return text.includes('${')
    ? { kind: 'substitution', reason: "The image's registry is filled in by a ${…} substitution" }
    : { kind: 'template', reason: "The image's registry is filled in by a template" };
}
