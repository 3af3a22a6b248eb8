import type { KubernetesObject } from '@shipit/clusters';
import { releaseAnnotation } from '../reconcile-release/run-hook.js';

/** The release a hook's object was made for. */
export function hookReleaseOf({ metadata }: KubernetesObject): string | undefined {
  return metadata.annotations?.[releaseAnnotation];
}
