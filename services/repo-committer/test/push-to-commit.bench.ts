import { performance } from 'node:perf_hooks';
import { startRedis } from '@shipit/testing';
import { releaseFile, sha } from './committer-in-memory.js';
import { pushTo, setUp } from './running-committer.js';

/** From a push's message to its commit being announced, in a repository of 2,000 releases. Prints figures, asserts nothing. */
const rounds = 30;
const files = Object.fromEntries(
  Array.from({ length: 2_000 }, (_, n) => [
    `releases/team-${n % 20}/service-${n}.yaml`,
    releaseFile(`service-${n}`, { tag: sha('one') }),
  ]),
);
const redis = await startRedis();
const committer = await setUp(redis, files);
try {
  await committer.start();
  const times: number[] = [];
  for (let n = 0; n <= rounds; n += 1) {
    const push = pushTo(committer.ecr, `service-${n}`, sha(`${n}`));
    const start = performance.now();
    await committer.publish(push);
    await committer.told('release.committed', n + 1);
    if (n > 0) times.push(performance.now() - start);
  }
  report('push to commit, one at a time, 200 ms debounce included', times);
  const start = performance.now();
  const many = Array.from({ length: 50 }, (_, n) => pushTo(committer.ecr, `service-${n + 100}`, sha(`${n}`)));
  const before = (await committer.commits()).length;
  await Promise.all(many.map((push) => committer.publish(push)));
  await committer.told('release.committed', rounds + 51);
  console.log(
    `50 pushes at once: ${(performance.now() - start).toFixed(0)} ms, ${(await committer.commits()).length - before} commits`,
  );
} finally {
  await committer.close();
  await redis.close();
}

function report(what: string, times: readonly number[]): void {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(0);
  console.log(`${what}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`);
}
