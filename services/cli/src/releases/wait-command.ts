import type { Command } from 'commander';
import { setTimeout as wait } from 'node:timers/promises';
import { durationMs, Duration, listOf, ReleaseDetail, ReleaseSummary } from '@shipit/contracts';
import { CliError } from '../output/cli-error.js';
import { printable } from '../output/printable.js';
import type { CommandContext } from '../program.js';
import type { ApiClient } from '../server/api-client.js';
import { releasePath } from './release-path.js';

const pollMs = 500;
const isSettled = { Deployed: true, Failed: false, RolledBack: false } as const;

/** `shipit wait RELEASE|IMAGE`: for CI, which wants an exit code. */
export function addWaitCommand(program: Command, { client, isJson, print, printJson }: CommandContext): void {
  program
    .command('wait TARGET')
    .description(
      'wait until a release, or every release that uses an image (repository:tag), is deployed; exit code 1 if it fails or is rolled back',
    )
    .option('--timeout <DURATION>', 'how long to wait', '10m')
    .action(async (target: string, { timeout }: { timeout: string }) => {
      const limit = Duration.safeParse(timeout);
      if (!limit.success) throw new CliError(`--timeout ${limit.error.issues[0]?.message ?? 'is not a duration'}`, 2);
      const end = performance.now() + durationMs(limit.data);
      const outcome = await waitFor(client(), target, end);
      if (isJson()) printJson(outcome);
      else for (const { release, state, message } of outcome) print(printable(`${release} ${state}: ${message}`));
      if (outcome.some(({ state }) => state !== 'Deployed')) throw new CliError(`${target} is not deployed`);
    });
}

async function waitFor(
  client: ApiClient,
  target: string,
  end: number,
): Promise<Pick<ReleaseSummary, 'release' | 'state' | 'message'>[]> {
  for (;;) {
    const releases = target.includes(':')
      ? await releasesOf(client, target)
      : [await client.get(releasePath(target), ReleaseDetail)];
    if (releases.length > 0 && releases.every(({ state }) => state in isSettled)) return releases;
    if (performance.now() > end)
      throw new CliError(
        releases.length === 0
          ? `no release uses ${target} after the time given; \`shipit events\` may say why`
          : `${target} is still ${releases.map(({ state }) => state).join(', ')} after the time given`,
      );
    await wait(pollMs);
  }
}

async function releasesOf(client: ApiClient, image: string): Promise<ReleaseSummary[]> {
  return (await client.get(`/releases?limit=500&image=${encodeURIComponent(image)}`, listOf(ReleaseSummary))).items;
}
