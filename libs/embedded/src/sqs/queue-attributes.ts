import { z } from 'zod';
import { invalidAttributeName, invalidAttributeValue } from './sqs-error.js';

/** What can be set on a queue, parsed. Durations in seconds as in the protocol. */
export interface QueueAttributes {
  DelaySeconds: number;
  MaximumMessageSize: number;
  MessageRetentionPeriod: number;
  ReceiveMessageWaitTimeSeconds: number;
  VisibilityTimeout: number;
  redrive?: RedrivePolicy | undefined;
  /** Attributes that are kept and told again, and change nothing here. */
  kept: Map<string, string>;
}

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

export const maximumMessageBytes = 1024 * 1024;

const numbers = {
  DelaySeconds: { from: 0, to: 900, default: 0 },
  MaximumMessageSize: { from: 1024, to: maximumMessageBytes, default: maximumMessageBytes },
  MessageRetentionPeriod: { from: 60, to: 1_209_600, default: 345_600 },
  ReceiveMessageWaitTimeSeconds: { from: 0, to: 20, default: 0 },
  VisibilityTimeout: { from: 0, to: 43_200, default: 30 },
} as const;

export type NumberAttribute = keyof typeof numbers;
export const numberAttributes = Object.keys(numbers) as NumberAttribute[];

const keptAttributes = [
  'Policy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
];

export const attributeMap = z.record(z.string(), z.string());

const RedrivePolicySchema = z.object({
  deadLetterTargetArn: z.string().regex(/^arn:aws[a-z-]*:sqs:[^:]*:[^:]*:[\w.-]{1,80}$/),
  maxReceiveCount: z.coerce.number().int().min(1).max(1000),
});

export function defaultAttributes(): QueueAttributes {
  const values = Object.fromEntries(numberAttributes.map((name) => [name, numbers[name].default]));
  return { ...(values as Record<NumberAttribute, number>), kept: new Map() };
}

/** @returns `current` with what was given put over it; throws the errors of SetQueueAttributes */
export function withAttributes(current: QueueAttributes, given: Readonly<Record<string, string>>): QueueAttributes {
  const next: QueueAttributes = { ...current, kept: new Map(current.kept) };
  for (const [name, value] of Object.entries(given)) {
    if (isNumberAttribute(name)) next[name] = parseNumber(name, value);
    else if (name === 'RedrivePolicy') next.redrive = parseRedrivePolicy(value);
    else if (keptAttributes.includes(name)) next.kept.set(name, value);
    else throw invalidAttributeName(name);
  }
  return next;
}

/** The attributes as they can be given to `withAttributes` again. */
export function writtenAttributes(attributes: QueueAttributes): Record<string, string> {
  return {
    ...Object.fromEntries(numberAttributes.map((name) => [name, String(attributes[name])])),
    ...(attributes.redrive && { RedrivePolicy: JSON.stringify(attributes.redrive) }),
    ...Object.fromEntries(attributes.kept),
  };
}

function isNumberAttribute(name: string): name is NumberAttribute {
  return Object.hasOwn(numbers, name);
}

function parseNumber(name: NumberAttribute, value: string): number {
  const { from, to } = numbers[name];
  const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
  if (!(number >= from && number <= to)) throw invalidAttributeValue(name);
  return number;
}

/** An empty string takes the policy away. */
function parseRedrivePolicy(value: string): RedrivePolicy | undefined {
  if (value === '') return undefined;
  try {
    return RedrivePolicySchema.parse(JSON.parse(value));
  } catch {
    throw invalidAttributeValue('RedrivePolicy');
  }
}
