import type { ShipitConfig } from '@shipit/contracts';

export type Target = ShipitConfig['notifier']['targets'][number];

/** Each target's signing secret comes from the variable that the target names. */
export function secretVariables({ notifier }: ShipitConfig): string[] {
  return notifier.targets.map(({ secretEnv }) => secretEnv);
}
