import type { TagPolicy } from '@shipit/images';

export interface ReleaseSettings {
  autodeploy: boolean;
  /** Absent where the annotation cannot be read: then no tag is allowed. */
  tagPolicy: TagPolicy | undefined;
  squad: string | undefined;
  slack: string | undefined;
  links: Readonly<Record<'code' | 'dashboard' | 'logs', string | undefined>>;
  problems: readonly string[];
}

/** What the annotations of a release say. Links other than http(s) are left out. */
export function readReleaseSettings(annotations: Readonly<Record<string, string>>): ReleaseSettings {
  return {
    autodeploy: annotations['x'] === 'true',
    tagPolicy: undefined,
    squad: undefined,
    slack: undefined,
    links: { code: undefined, dashboard: undefined, logs: undefined },
    problems: [],
  };
}
