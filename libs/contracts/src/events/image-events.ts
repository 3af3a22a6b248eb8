import { z } from 'zod';
import { PushedImage } from '../image.js';
import { ReleaseKey } from '../name.js';
import { eventSchema } from './envelope.js';

/** Why a push led to a commit or to none: the same words in the feed, in `explain` and in the API. */
export const decisionReasons = [
  'newer',
  'same',
  'older',
  'order unknown',
  'tag not allowed',
  'autodeploy off',
  'suspended',
  'locked',
  'held',
  'blocked',
  'not used here',
  'cannot be edited',
] as const;
export const DecisionReason = z.enum(decisionReasons);
export type DecisionReason = z.infer<typeof DecisionReason>;

/** A tag arrived in a registry and the registry confirmed its digest. `pushedAt` is when the *tag* was pushed. */
export const ImagePushed = eventSchema(
  'image.pushed',
  z.object({
    image: PushedImage,
    pushedAt: z.iso.datetime({ offset: true }),
    origin: z.enum(['event', 'sweep', 'resume']),
    /** False where a sweep cannot tell when the tag was moved: reported, never deployed by itself. */
    isOrderKnown: z.boolean().default(true),
  }),
);
export type ImagePushed = z.infer<typeof ImagePushed>;

/** A message about an image that leads nowhere, and why. */
export const ImageIgnored = eventSchema(
  'image.ignored',
  z.object({ image: z.string().max(600).optional(), reason: z.string().max(200), message: z.string().max(2000) }),
);
export type ImageIgnored = z.infer<typeof ImageIgnored>;

/** A push that could be deployed to a release and is not, with the reason. `release` is absent where no release uses the image. */
export const ReleaseCandidate = eventSchema(
  'release.candidate',
  z.object({
    release: ReleaseKey.optional(),
    image: PushedImage,
    pushedAt: z.iso.datetime({ offset: true }),
    reason: DecisionReason,
    message: z.string().max(2000),
    commit: z.string().max(64).describe('The tip the decision was made on'),
  }),
);
export type ReleaseCandidate = z.infer<typeof ReleaseCandidate>;
