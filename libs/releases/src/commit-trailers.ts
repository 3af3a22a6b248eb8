import { ReleaseKey } from '@shipit/contracts';
import { splitReference, tryParseImage } from '@shipit/images';

/** What one Deploy trailer says: enough to know, from history alone, which push came to which release. */
export interface DeployTrailer {
  /** `namespace/name`. */
  release: string;
  /** Registry and repository. */
  repository: string;
  tag: string;
  digest: string | undefined;
  /** The tag that stood there before; empty where there was none. */
  from: string;
  /** When the tag was pushed, ISO 8601. */
  pushed: string | undefined;
  id: string;
  push: string | undefined;
}

export interface RollbackTrailer {
  release: string;
  of: string;
  to: string;
  id: string;
}

export const requestKinds = ['Lock', 'Unlock', 'Hold', 'Resume', 'Suspend'] as const;
export type RequestKind = (typeof requestKinds)[number];

export interface RequestTrailer {
  kind: RequestKind;
  release: string;
  id: string;
}

export interface CommitTrailers {
  deploys: DeployTrailer[];
  rollbacks: RollbackTrailer[];
  rollbackCause: string | undefined;
  requests: RequestTrailer[];
  allowRemoval: number | undefined;
  traceIds: string[];
  actor: string | undefined;
}

const maxLength = 1024 * 1024;

/** What the last paragraph of a commit message says. Lines that are not understood are passed over. Never throws. */
export function parseTrailers(message: string): CommitTrailers {
  const lines = lastParagraph(message.slice(-maxLength)).map((line) => /^([A-Za-z][A-Za-z-]*): *(.*)$/.exec(line));
  const all = (name: string): string[] =>
    lines.flatMap((line) => (line?.[1]?.toLowerCase() === name.toLowerCase() ? [(line[2] ?? '').trim()] : []));
  const allowed = all('Allow-Removal').find((text) => /^\d{1,6}$/.test(text));
  return {
    deploys: all('Deploy').flatMap((text) => parseDeploy(text) ?? []),
    rollbacks: all('Rollback').flatMap((text) => parseRollback(text) ?? []),
    rollbackCause: all('Rollback-Cause')[0],
    requests: requestKinds.flatMap((kind) => all(kind).flatMap((text) => parseRequest(kind, text) ?? [])),
    allowRemoval: allowed === undefined ? undefined : Number(allowed),
    traceIds: all('Trace-Id').filter((id) => id !== ''),
    actor: all('Actor')[0],
  };
}

/** The subject is no trailer, even where it stands alone. */
function lastParagraph(message: string): string[] {
  const [, ...lines] = message.replaceAll('\r\n', '\n').trimEnd().split('\n');
  return lines.slice(lines.findLastIndex((line) => line.trim() === '') + 1);
}

function parseDeploy(text: string): DeployTrailer | undefined {
  const { release, rest, fields } = parseLine(text);
  const [imageText = ''] = rest;
  const image = tryParseImage(imageText);
  const id = fields.get('id');
  if (!release || !image?.tag || !id || rest.length !== 1) return undefined;
  const repository = splitReference(imageText).name;
  const { tag, digest } = image;
  return {
    release,
    repository,
    tag,
    digest,
    from: fields.get('from') ?? '',
    pushed: fields.get('pushed'),
    id,
    push: fields.get('push'),
  };
}

function parseRollback(text: string): RollbackTrailer | undefined {
  const { release, fields } = parseLine(text);
  const [of, to, id] = [fields.get('of'), fields.get('to'), fields.get('id')];
  return release && of && to && id ? { release, of, to, id } : undefined;
}

function parseRequest(kind: RequestKind, text: string): RequestTrailer | undefined {
  const { release, fields } = parseLine(text);
  const id = fields.get('id');
  return release && id ? { kind, release, id } : undefined;
}

/** `namespace/name word… key=value…` */
function parseLine(text: string): { release: string | undefined; rest: string[]; fields: Map<string, string> } {
  const [key, ...words] = text.split(/ +/);
  const fields = new Map<string, string>();
  const rest: string[] = [];
  for (const word of words) {
    const [, name, value] = /^([a-z]+)=(.+)$/.exec(word) ?? [];
    if (name !== undefined && value !== undefined) fields.set(name, value);
    else rest.push(word);
  }
  return { release: ReleaseKey.safeParse(key).data, rest, fields };
}
