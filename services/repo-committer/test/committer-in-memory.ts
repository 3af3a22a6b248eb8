import { createHash } from 'node:crypto';
import type { ImagePushed, ShipitEvent } from '@shipit/contracts';
import { InMemoryGitRepository } from '@shipit/git/testing';
import { type EventBus, type MessageContext } from '@shipit/messaging';
import { InMemoryEventBus } from '@shipit/messaging/testing';
import { Metrics, SystemClock } from '@shipit/platform';
import { RecordedLog } from '@shipit/platform/testing';
import { InMemoryRegistry } from '@shipit/registries/testing';
import { CommitImagesHandler } from '../src/commit-images/commit-images.handler.js';
import { ImageCommits } from '../src/commit-images/image-commits.js';
import { CommitRequestHandler } from '../src/commit-requests/commit-request.handler.js';
import { NewestImages } from '../src/commit-requests/newest-images.js';
import { CommitRollbackHandler } from '../src/commit-rollbacks/commit-rollback.handler.js';
import { BranchLease } from '../src/publish-edits/branch-lease.js';
import { BranchWriter } from '../src/publish-edits/branch-writer.js';
import { Branch } from '../src/read-branch/branch.js';
import { FollowBranch } from '../src/take-up-pushes/follow-branch.js';

export const registryHost = '723255503624.dkr.ecr.us-east-1.amazonaws.com';

/** A git-sha tag for a readable name. */
export function sha(name: string): string {
  return createHash('sha1').update(name).digest('hex');
}

export function digestOf(tag: string): string {
  return `sha256:${createHash('sha256').update(tag).digest('hex')}`;
}

export interface ReleaseFileOptions {
  tag: string;
  repository?: string;
  autodeploy?: boolean;
  annotations?: string;
  spec?: string;
}

export function releaseFile(name: string, options: ReleaseFileOptions): string {
  const { tag, repository = name, autodeploy = true, annotations = '', spec = '' } = options;
  return `# ${name}, kept by its team
apiVersion: shipit.dev/v1beta1
kind: HelmRelease
metadata:
  name: ${name}
  namespace: default
  annotations:
    shipit.dev/autodeploy: "${autodeploy}"   # on purpose
${annotations}spec:
  chart: {repository: ./charts, name: service}
${spec}  values:
    image:
      repository: ${registryHost}/${repository}
      tag: ${tag}   # set by Ship-it
    replicas: 2
`;
}

export interface PushOptions {
  tag: string;
  repository?: string;
  /** Minutes after the first hour of the test's day. */
  minute?: number;
  isOrderKnown?: boolean;
}

export function pushOf({
  tag,
  repository = 'word-counts',
  minute = 10,
  isOrderKnown = true,
}: PushOptions): ImagePushed {
  const digest = digestOf(tag);
  const id = sha(`${repository} ${tag}`).slice(0, 32);
  return {
    specversion: '1.0',
    id,
    source: 'image-push-listener',
    subject: `${registryHost}/${repository}:${tag}`,
    time: at(minute),
    traceparent: `00-${id}-0123456789abcdef-01`,
    pushid: id,
    type: 'image.pushed',
    data: {
      image: { registry: registryHost, repository, tag, digest },
      pushedAt: at(minute),
      origin: 'event',
      isOrderKnown,
    },
  };
}

const start = Date.now() - 3 * 60 * 60 * 1000;

export function at(minute: number): string {
  return new Date(start + minute * 60_000).toISOString();
}

/** The whole committer on in-memory parts, and the verbs its tests speak. */
export async function startCommitter(files: Record<string, string>) {
  // Commits are from before all pushes, where a test does not say otherwise.
  const git = await InMemoryGitRepository.create(files, { now: () => new Date(start) });
  const registry = new InMemoryRegistry();
  const events = new InMemoryEventBus();
  const problems: string[] = [];
  const replica = (bus: EventBus = events) => createReplica({ git: git.otherClone(), registry, bus, problems });
  const first = replica();
  const context = (signal = new AbortController().signal): MessageContext => ({
    log: new RecordedLog(),
    signal,
    attempt: 1,
  });
  return {
    git,
    registry,
    events,
    problems,
    replica,
    context,
    push: (...pushes: ImagePushed[]) => Promise.all(pushes.map((push) => first.images.handle(push, context()))),
    request: (message: Parameters<CommitRequestHandler['handle']>[0]) => first.requests.handle(message, context()),
    /** One reading of the branch, as every half minute. */
    look: () => first.follow.look(),
    rollback: (message: Parameters<CommitRollbackHandler['handle']>[0]) => first.rollbacks.handle(message, context()),
    told: (type: ShipitEvent['type']) => events.published.filter((event) => event.type === type),
    reasons: () => events.published.flatMap((event) => (event.type === 'release.candidate' ? [event.data.reason] : [])),
    text: (name: string) => git.text(`releases/${name}.yaml`),
    messages: async () => {
      const found: string[] = [];
      for await (const commit of git.history(git.tip, {})) found.push(commit.message);
      return found;
    },
  };
}

interface ReplicaParts {
  git: InMemoryGitRepository;
  registry: InMemoryRegistry;
  bus: EventBus;
  problems: string[];
}

/** One process of the committer. */
function createReplica({ git, registry, bus, problems }: ReplicaParts) {
  const clock = new SystemClock();
  const log = new RecordedLog();
  const branch = new Branch(git, 'releases', (problem) => void problems.push(problem.kind));
  const redis = { set: async () => 'OK' as const, eval: async () => 1 };
  const lease = new BranchLease(redis, clock, log, { key: 'lease', ttlMs: 1_000, waitMs: 10 });
  const author = { name: 'Ship-it', email: 'ship-it@example.com' };
  const writer = new BranchWriter(branch, lease, { clock, log }, { author, deadlineMs: 5_000 });
  const signal = new AbortController().signal;
  const metrics = new Metrics('repo-committer');
  const imageCommits = new ImageCommits(writer, registry, bus, {
    debounceMs: 2,
    debounceMaxMs: 20,
    clock,
    signal,
    metrics,
  });
  const newest = new NewestImages(registry, imageCommits);
  const settings = { everySeconds: 30, sinceHours: 24, clock, log, signal };
  return {
    follow: new FollowBranch(writer, newest, settings),
    images: new CommitImagesHandler(imageCommits),
    rollbacks: new CommitRollbackHandler(writer, bus, clock),
    requests: new CommitRequestHandler(writer, newest, bus, clock),
  };
}
