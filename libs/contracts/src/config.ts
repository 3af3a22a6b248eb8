import { z } from 'zod';
import { Name } from './name.js';

const HttpUrl = z.url({ protocol: /^https?$/ });
const Seconds = z.int().min(1).max(86_400);

const Git = z.strictObject({
  /** Credentials never stand here: GIT_TOKEN holds the token. */
  url: HttpUrl.refine((url) => new URL(url).username === '', 'must hold no credentials: set GIT_TOKEN'),
  branch: z.string().min(1).max(255).default('main'),
  path: z
    .string()
    .regex(/^(?!\/)(?!.*\.\.)[A-Za-z0-9._/-]*$/, 'must be a folder in the repository')
    .default('releases'),
  author: z
    .strictObject({ name: z.string().min(1), email: z.email() })
    .default({ name: 'Ship-it', email: 'ship-it@localhost.localdomain' }),
  pollSeconds: Seconds.default(30),
});

const Registry = z.strictObject({
  account: z.string().regex(/^\d{12}$/, 'must be an AWS account id'),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region'),
  /** Repositories that are watched; absent: all that an event names. A name may end in * . */
  repositories: z.array(z.string()).optional(),
});

const Intake = z.strictObject({
  queueUrl: HttpUrl,
  deadLetterQueueUrl: HttpUrl,
  region: z.string(),
  visibilitySeconds: z.int().min(5).max(43_200).default(30),
});

const Sweep = z.strictObject({ everySeconds: Seconds.default(300), sinceHours: z.int().min(1).max(720).default(24) });

const ClusterConfig = z.strictObject({
  name: Name,
  /** A kubeconfig file; absent: the service account of the pod. */
  kubeconfig: z.string().optional(),
  context: z.string().optional(),
});

const Target = z.strictObject({
  name: Name,
  url: HttpUrl,
  /** The environment variable that holds the signing secret (whsec_…). */
  secretEnv: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
  types: z.array(z.string()).optional(),
  releases: z.array(z.string()).optional(),
  allowPrivate: z.boolean().default(false),
});

/** `shipit.yaml`: one file, read by every service; each takes its section. Secrets come from the environment. */
export const ShipitConfig = z.strictObject({
  git: Git,
  registries: z.array(Registry).min(1),
  intake: Intake,
  sweep: Sweep.prefault({}),
  /** The first cluster is the management cluster, where HelmRelease objects live. */
  clusters: z
    .tuple([ClusterConfig], ClusterConfig)
    .refine((all) => new Set(all.map((one) => one.name)).size === all.length, 'must have different names'),
  commits: z
    .strictObject({
      debounceMs: z.int().min(0).max(10_000).default(200),
      debounceMaxMs: z.int().min(0).max(60_000).default(2_000),
      deadlineSeconds: Seconds.default(60),
    })
    .prefault({}),
  rollback: z
    .strictObject({
      everySeconds: Seconds.default(30),
      outageReleases: z.int().min(1).default(3),
      outageWindowSeconds: Seconds.default(300),
    })
    .prefault({}),
  api: z.strictObject({ url: HttpUrl.default('http://127.0.0.1:8080') }).prefault({}),
  notifier: z.strictObject({ targets: z.array(Target).default([]) }).prefault({}),
});
export type ShipitConfig = z.infer<typeof ShipitConfig>;
