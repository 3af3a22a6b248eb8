import type { HelmRelease } from '@shipit/contracts';

/** Which cluster a release is meant for, by name. */
export class ClusterNames {
  constructor(private readonly names: readonly string[]) {}

  of({ spec }: HelmRelease): string {
    return spec.cluster ?? this.names[0] ?? '';
  }
}
