import { performance } from 'node:perf_hooks';
import { startRemote } from '../test/git-remote.js';

/** How long one commit takes in a repository of 2,000 files. Prints figures, asserts nothing. */
const files = Object.fromEntries(
  Array.from({ length: 2000 }, (_, n) => [
    `releases/team-${n % 20}/service-${n}.yaml`,
    `image: {tag: "${n}"}\n# ${'x'.repeat(400)}\n`,
  ]),
);
const remote = await startRemote(files);
try {
  const [writer, reader] = [remote.clone(), remote.clone()];
  let parent = await timed('first fetch', () => writer.fetch());
  await reader.fetch();
  await timed('list 2,000 files', () => writer.listFiles(parent, ''));
  const publish: number[] = [];
  const fetch: number[] = [];
  const nothing: number[] = [];
  for (let n = 0; n < 30; n += 1) {
    const change = {
      parent,
      message: 'Deploy',
      author: { name: 'b', email: 'b' },
      files: new Map([[`releases/team-3/service-3.yaml`, Buffer.from(`${n}\n`)]]),
    };
    publish.push(await took(async () => void (parent = (await writer.publish(change)).commit)));
    fetch.push(await took(() => reader.fetch()));
    nothing.push(await took(() => reader.fetch()));
  }
  report('publish one file', publish);
  report('fetch one commit', fetch);
  report('fetch nothing', nothing);
} finally {
  await remote.close();
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  console.log(`${what}: ${(performance.now() - start).toFixed(0)} ms`);
  return result;
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function report(what: string, times: number[]): void {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(0);
  console.log(`${what}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`);
}
