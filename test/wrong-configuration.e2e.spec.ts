import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const secret = 'hunter2-must-not-be-told';
const badConfig = `
git: {url: "https://ann:${secret}@git.example.com/releases.git", path: "../${secret}"}
registries: [{account: "${secret}", region: us-east-1}]
intake: {queueUrl: "${secret}", deadLetterQueueUrl: "https://sqs.us-east-1.amazonaws.com/1/dead", region: us-east-1}
clusters: [{name: "${secret}!"}]
unheardOf: ${secret}
`;
const badKeys = ['git.url', 'git.path', 'registries[0].account', 'intake.queueUrl', 'clusters[0].name', 'unheardOf'];
const badVariables = { REDIS_URL: `http://${secret}@redis`, LOG_LEVEL: secret, PORT: secret };

describe('A service with a wrong configuration ends at its start', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shipit-e2e-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const run = async (service: string, env: Record<string, string>) => {
    const entry = fileURLToPath(new URL(`../services/${service}/dist/main.js`, import.meta.url));
    const child = fork(entry, [], {
      env: { PATH: process.env['PATH'], ...env },
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = Promise.all([
      once(child, 'exit'),
      ...[child.stdout, child.stderr].map((one) => one && once(one, 'end')),
    ]);
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(timer);
    return { code: child.exitCode, output };
  };

  it.each(['image-push-listener', 'repo-committer', 'deployer', 'rollback-watcher', 'notifier', 'api'])(
    '%s: with code 1, naming every wrong key and telling no value',
    async (service) => {
      const file = join(folder, `${service}.yaml`);
      await writeFile(file, badConfig);
      const { code, output } = await run(service, { SHIPIT_CONFIG: file, ...badVariables });

      expect(code).toBe(1);
      for (const key of [...badKeys, ...Object.keys(badVariables)]) expect(output).toContain(key);
      expect(output).not.toContain(secret);
    },
  );

  it('says so where there is no configuration at all', async () => {
    const { code, output } = await run('deployer', { SHIPIT_CONFIG: join(folder, 'none.yaml') });

    expect(code).toBe(1);
    expect(output).toContain('SHIPIT_CONFIG');
    expect(output).toContain('REDIS_URL');
  });
});
