import { annotationPrefix } from '@shipit/contracts';
import { parseTagPolicy, type TagPolicy, TagPolicyError } from '@shipit/images';

export interface ReleaseSettings {
  autodeploy: boolean;
  /** Absent where the annotation cannot be read: then no tag is allowed. */
  tagPolicy: TagPolicy | undefined;
  squad: string | undefined;
  slack: string | undefined;
  links: Readonly<Record<'code' | 'dashboard' | 'logs', string | undefined>>;
  problems: readonly { annotation: string; message: string }[];
}

/** Annotations that Ship-it reads, without their prefix. `image.<alias>` and `image-name.<alias>` are read beside them. */
export const releaseSettingNames: readonly string[] = [
  'autodeploy',
  'image-tags',
  'squad',
  'slack',
  'code',
  'dashboard',
  'logs',
];

/** What the annotations of a release say. Links other than http(s) are left out. */
export function readReleaseSettings(annotations: Readonly<Record<string, string>>): ReleaseSettings {
  const get = (name: string) => annotations[annotationPrefix + name]?.trim() || undefined;
  const autodeploy = get('autodeploy') ?? 'false';
  const policy = readPolicy(get('image-tags'));
  const problems = typeof policy === 'string' ? [{ annotation: `${annotationPrefix}image-tags`, message: policy }] : [];
  if (autodeploy !== 'true' && autodeploy !== 'false')
    problems.push({ annotation: `${annotationPrefix}autodeploy`, message: 'must be "true" or "false"' });
  return {
    autodeploy: autodeploy === 'true',
    tagPolicy: typeof policy === 'string' ? undefined : policy,
    squad: get('squad'),
    slack: get('slack'),
    links: { code: webLink(get('code')), dashboard: webLink(get('dashboard')), logs: webLink(get('logs')) },
    problems,
  };
}

function readPolicy(text: string | undefined): TagPolicy | string {
  try {
    return parseTagPolicy(text);
  } catch (error) {
    if (error instanceof TagPolicyError) return error.message;
    throw error;
  }
}

function webLink(text: string | undefined): string | undefined {
  return text !== undefined && text.length <= 2048 && /^https?:\/\/[^\s"'<>]+$/.test(text) ? text : undefined;
}
