import { Digest, RepositoryName, Tag } from '@shipit/contracts';
import { findForeignKind, formatEcrRegistry } from '@shipit/images';
import type { z } from 'zod';
import type { IgnoredPush } from '../pushes/push-events.js';
import { isWatched, type WatchedRegistry } from '../pushes/watched-repositories.js';
import { EcrEvent, FlatPush, recognizePush } from './push-body.js';

export interface ClaimedPush {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  /** Absent in the flat form. */
  readonly digest?: string | undefined;
  /** When the tag was pushed, as the message has it. */
  readonly pushedAt: Date;
}

export type PushDecision =
  | { readonly outcome: 'accepted'; readonly push: ClaimedPush }
  | ({ readonly outcome: 'ignored' } & IgnoredPush)
  | { readonly outcome: 'rejected'; readonly reason: string };

export interface PushCircumstances {
  readonly registries: readonly WatchedRegistry[];
  readonly now: Date;
}

/** A push cannot come from later than this; a clock may be wrong by less. */
const futureLimitMs = 5 * 60_000;

/**
 * What is to be done with the body of a message: the push that it claims, or why it is none.
 * Rejected is only what should have been one of the accepted forms and is not understood; all else is ignored with a reason.
 */
export function decidePush(body: unknown, circumstances: PushCircumstances): PushDecision {
  const recognized = recognizePush(body);
  switch (recognized.form) {
    case 'ecr':
      return decideEcrEvent(recognized.fields, circumstances);
    case 'flat':
      return decideFlatPush(recognized.fields, circumstances);
    case 'foreign':
      return ignored('not an image push', `The message is ${recognized.what}`);
    case 'broken':
      return { outcome: 'rejected', reason: recognized.reason };
  }
}

function decideEcrEvent(fields: unknown, circumstances: PushCircumstances): PushDecision {
  const parsed = EcrEvent.safeParse(fields);
  if (!parsed.success) return misfit('ECR event', parsed.error);
  const { account, region, time, detail } = parsed.data;
  const repository = detail['repository-name'];
  const action = detail['action-type'];
  const tag = detail['image-tag'];
  const image = imageName(`${account}.dkr.ecr.${region}`, repository, tag);
  if (detail.result !== 'SUCCESS' || !['PUSH', 'REPLICATE'].includes(action)) {
    return ignored('not a successful push', `${action} ended with ${detail.result}`, image);
  }
  const registry = circumstances.registries.find((one) => one.account === account && one.region === region);
  const claim = { registry, repository, tag, digest: detail['image-digest'], time, image };
  const kind = {
    mediaType: detail['manifest-media-type'] ?? undefined,
    artifactMediaType: detail['artifact-media-type'] ?? undefined,
  };
  return decideClaim(claim, kind, circumstances.now);
}

function decideFlatPush(fields: unknown, { registries, now }: PushCircumstances): PushDecision {
  const parsed = FlatPush.safeParse(fields);
  if (!parsed.success) return misfit('push', parsed.error);
  const { registryId, repositoryName: repository, eventTime: time, tag } = parsed.data;
  const ofAccount = registries.filter(({ account }) => account === registryId);
  const registry = ofAccount.find((one) => isWatched(one, repository)) ?? ofAccount[0];
  return decideClaim({ registry, repository, tag, time, image: imageName(registryId, repository, tag) }, {}, now);
}

interface Claim {
  registry: WatchedRegistry | undefined;
  repository: string;
  tag: string | null | undefined;
  digest?: string | null | undefined;
  time: string;
  image: string;
}

function decideClaim(
  claim: Claim,
  kind: { mediaType?: string | undefined; artifactMediaType?: string | undefined },
  now: Date,
): PushDecision {
  const { registry, repository, tag, digest, image } = claim;
  if (!registry) return ignored('registry not configured', `No registry of shipit.yaml is that of ${image}`, image);
  if (!isWatched(registry, repository))
    return ignored('repository not configured', `shipit.yaml does not watch ${repository}`, image);
  if (!tag) return ignored('no tag', `The image in ${repository} was pushed without a tag`, image);
  const foreign = findForeignKind({ tag, ...kind });
  if (foreign !== undefined) return ignored('not a container image', `${image} is ${foreign}`, image);
  const problem = findProblem(claim, tag, now);
  if (problem !== undefined) return { outcome: 'rejected', reason: problem };
  const push = {
    registry: formatEcrRegistry(registry),
    repository,
    tag,
    digest: digest ?? undefined,
    pushedAt: new Date(claim.time),
  };
  return { outcome: 'accepted', push };
}

function findProblem({ repository, digest, time }: Claim, tag: string, now: Date): string | undefined {
  if (!RepositoryName.safeParse(repository).success) return 'The repository name is none';
  if (!Tag.safeParse(tag).success) return 'The tag is none';
  if (digest && !Digest.safeParse(digest).success) return 'The digest is none';
  if (new Date(time).getTime() > now.getTime() + futureLimitMs) return 'The time lies in the future';
  return undefined;
}

function ignored(reason: string, message: string, image?: string): PushDecision {
  return { outcome: 'ignored', reason, message, image };
}

function misfit(form: string, error: z.ZodError): PushDecision {
  const paths = [...new Set(error.issues.map(({ path }) => path.join('.')))].slice(0, 10);
  return { outcome: 'rejected', reason: `The ${form} is not understood at ${paths.join(', ')}` };
}

function imageName(registry: string, repository: string, tag: string | null | undefined): string {
  return `${registry.slice(0, 100)}/${repository}${tag ? `:${tag.slice(0, 128)}` : ''}`;
}
