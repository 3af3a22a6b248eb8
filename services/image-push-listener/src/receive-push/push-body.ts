import { isPlainData } from '@shipit/contracts';
import { z } from 'zod';

const Text = z.string().max(300).nullish();

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html */
export const EcrEvent = z.object({
  account: z.string().regex(/^\d{12}$/),
  region: z.string().max(40),
  time: z.iso.datetime({ offset: true }),
  detail: z.object({
    result: z.string().max(40),
    'action-type': z.string().max(40),
    'repository-name': z.string().min(1).max(256),
    'image-digest': Text,
    'image-tag': Text,
    'manifest-media-type': Text,
    'artifact-media-type': Text,
  }),
});
export type EcrEvent = z.infer<typeof EcrEvent>;

/** Ship-it's own short form; the region comes from configuration. */
export const FlatPush = z.object({
  eventTime: z.iso.datetime({ offset: true }),
  repositoryName: z.string().min(1).max(256),
  tag: Text,
  registryId: z.union([z.string().regex(/^\d{12}$/), z.int().positive().max(999_999_999_999)]).transform(toAccount),
});
export type FlatPush = z.infer<typeof FlatPush>;

export type PushBody =
  | { readonly form: 'ecr'; readonly fields: unknown }
  | { readonly form: 'flat'; readonly fields: unknown }
  | { readonly form: 'foreign'; readonly what: string }
  | { readonly form: 'broken'; readonly reason: string };

/** Tells which of the accepted forms a body has, out of its SNS wrapping where it has one. */
export function recognizePush(body: unknown): PushBody {
  if (!isObject(body)) return { form: 'foreign', what: 'not a JSON object' };
  if (!isSnsMessage(body)) return recognizePlain(body);
  if (typeof body['Message'] !== 'string') return { form: 'foreign', what: `an SNS ${textOf(body['Type'])}` };
  if (body['Type'] !== 'Notification') return { form: 'foreign', what: `an SNS ${textOf(body['Type'])}` };
  return recognizeWrapped(body['Message']);
}

function recognizeWrapped(text: string): PushBody {
  let inner: unknown;
  try {
    inner = JSON.parse(text);
  } catch {
    return { form: 'broken', reason: 'The SNS message holds no JSON' };
  }
  if (!isPlainData(inner))
    return { form: 'broken', reason: 'The SNS message is nested too deeply or holds a key such as __proto__' };
  return isObject(inner) ? recognizePlain(inner) : { form: 'foreign', what: 'not a JSON object' };
}

function recognizePlain(body: Record<string, unknown>): PushBody {
  if (body['source'] === 'aws.ecr' && body['detail-type'] === 'ECR Image Action') return { form: 'ecr', fields: body };
  if ('source' in body || 'detail-type' in body) {
    return { form: 'foreign', what: `an event ${textOf(body['detail-type'])} of ${textOf(body['source'])}` };
  }
  if ('repositoryName' in body || 'registryId' in body) return { form: 'flat', fields: body };
  return { form: 'foreign', what: 'neither an ECR event nor a push' };
}

function isSnsMessage(body: Record<string, unknown>): boolean {
  return typeof body['Type'] === 'string' && ('TopicArn' in body || 'Message' in body);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 60) : 'without a name';
}

function toAccount(id: string | number): string {
  return String(id).padStart(12, '0');
}
