import { AwsError } from '../aws-json/aws-error.js';
import { defaultAttributes, withAttributes, writtenAttributes, type QueueAttributes } from './queue-attributes.js';
import { Queue, type StoredMessage } from './queue.js';
import { invalidParameter, queueDoesNotExist, queueNameExists } from './sqs-error.js';

export interface SqsOwner {
  readonly account: string;
  readonly region: string;
}

/** All queues of one account and region. */
export class Queues {
  private readonly byName = new Map<string, Queue>();
  readonly tags = new Map<string, Record<string, string>>();

  constructor(private readonly owner: SqsOwner) {}

  all(): Queue[] {
    return [...this.byName.values()];
  }

  /** Creating a queue again is fine unless its attributes are to be different ones. */
  create(name: string, given: Readonly<Record<string, string>>): Queue {
    const attributes = withAttributes(defaultAttributes(), given);
    const existing = this.byName.get(name);
    if (existing) {
      refuseDifference(existing, given);
      return existing;
    }
    if (name.endsWith('.fifo')) throw new AwsError('UnsupportedOperation', 'FIFO queues are not supported here');
    if (!/^[\w-]{1,80}$/.test(name)) {
      throw invalidParameter('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
    }
    this.checkRedrive(attributes);
    const queue = new Queue(name, this.arn(name), attributes, (message, from) => this.deadLetter(message, from));
    this.byName.set(name, queue);
    return queue;
  }

  setAttributes(queue: Queue, given: Readonly<Record<string, string>>): void {
    const attributes = withAttributes(queue.attributes, given);
    this.checkRedrive(attributes);
    queue.attributes = attributes;
    queue.modifiedAt = Date.now();
  }

  named(name: string): Queue {
    const queue = this.byName.get(name);
    if (!queue) throw queueDoesNotExist();
    return queue;
  }

  /** Only the path counts: a queue has one name, however its host is spelled. */
  byUrl(url: string): Queue {
    return this.named(
      decodeURIComponent(
        url
          .replace(/^https?:\/\/[^/]*/, '')
          .replace(/\/+$/, '')
          .split('/')
          .at(-1) ?? '',
      ),
    );
  }

  byArn(arn: string): Queue | undefined {
    return this.all().find((queue) => queue.arn === arn);
  }

  /** The queues whose dead letters end in `target`. */
  sourcesOf(target: Queue): Queue[] {
    return this.all().filter((queue) => queue.attributes.redrive?.deadLetterTargetArn === target.arn);
  }

  urlOf(queue: Queue, origin: string): string {
    return `${origin}/${this.owner.account}/${queue.name}`;
  }

  delete(queue: Queue): void {
    this.byName.delete(queue.name);
    this.tags.delete(queue.name);
    queue.close();
  }

  private arn(name: string): string {
    return `arn:aws:sqs:${this.owner.region}:${this.owner.account}:${name}`;
  }

  private checkRedrive(attributes: QueueAttributes): void {
    const target = attributes.redrive?.deadLetterTargetArn;
    if (target !== undefined && !this.byArn(target)) {
      throw invalidParameter(
        `Value {"deadLetterTargetArn":"${target}"} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
      );
    }
  }

  private deadLetter(message: StoredMessage, from: Queue): boolean {
    const target = this.byArn(from.attributes.redrive?.deadLetterTargetArn ?? '');
    target?.put({
      ...message,
      sourceArn: from.arn,
      receiveCount: 0,
      firstReceivedAt: undefined,
      visibleAt: Date.now(),
    });
    return target !== undefined;
  }
}

function refuseDifference(queue: Queue, given: Readonly<Record<string, string>>): void {
  const wanted = writtenAttributes(withAttributes(queue.attributes, given));
  const actual = writtenAttributes(queue.attributes);
  const different = Object.keys(wanted).find((name) => wanted[name] !== actual[name]);
  if (different !== undefined) throw queueNameExists(different);
}
