import type { ChartHook, HookDeletePolicy, HookEvent } from './chart-renderer.js';

/** The hooks of one event in the order they run: by weight, then name, one after the other. */
export function hooksFor(hooks: readonly ChartHook[], event: HookEvent): ChartHook[] {
  return hooks
    .filter(({ events }) => events.includes(event))
    .sort((a, b) => a.weight - b.weight || (a.name < b.name ? -1 : Number(a.name > b.name)));
}

/** What becomes of a hook's object; as in Helm, a hook without a policy makes way for its next run. */
export function deletePoliciesOf({ deletePolicies }: ChartHook): readonly HookDeletePolicy[] {
  return deletePolicies.length > 0 ? deletePolicies : ['before-hook-creation'];
}

/** Go writes an empty list as null. */
export function readHooks(hooks: readonly ChartHook[] | null | undefined): ChartHook[] {
  return (hooks ?? []).map((hook) => ({ ...hook, deletePolicies: hook.deletePolicies ?? [] }));
}
