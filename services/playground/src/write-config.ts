import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ShipitConfig } from '@shipit/contracts';
import { stringify } from 'yaml';
import type { z } from 'zod';
import { account, type AwsPart, region } from './parts/aws.js';

export const webhookSecretVariable = 'WEBHOOK_SECRET';

/** Writes the `shipit.yaml` that all services of the playground read. Answers its path. */
export async function writeConfig(
  directory: string,
  parts: { aws: AwsPart; gitUrl: string; kubeconfig: string; apiUrl: string; webhook: string | undefined },
): Promise<string> {
  const config: z.input<typeof ShipitConfig> = {
    git: {
      url: parts.gitUrl,
      branch: 'main',
      path: 'releases',
      author: { name: 'Ship-it', email: 'ship-it@playground.invalid' },
      pollSeconds: 5,
    },
    registries: [{ account, region }],
    intake: { queueUrl: parts.aws.queueUrl, deadLetterQueueUrl: parts.aws.deadLetterQueueUrl, region },
    sweep: { everySeconds: 15 },
    clusters: [{ name: 'playground', kubeconfig: parts.kubeconfig }],
    api: { url: parts.apiUrl },
    ...(parts.webhook !== undefined && {
      notifier: {
        targets: [{ name: 'webhook', url: parts.webhook, secretEnv: webhookSecretVariable, allowPrivate: true }],
      },
    }),
  };
  const file = join(directory, 'shipit.yaml');
  await writeFile(file, stringify(config));
  return file;
}
