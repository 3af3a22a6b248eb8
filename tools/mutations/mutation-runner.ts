import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestModule, Vitest } from 'vitest/node';
import { createVitest } from 'vitest/node';
import { applyMutation, type Mutation, specPaths } from './mutation.js';

const conditions = ['@shipit/source', 'node', 'import', 'default'];
/** A broken rule may make a test endless. */
const testTimeout = 10_000;

/** Runs the tests of one broken rule after the other in one process: its start and what did not change are paid for once. */
export class MutationRunner {
  private broken: { path: string; text: string } | undefined;
  private vitest: Vitest | undefined;

  private constructor(private readonly root: string) {}

  static async start(root: string): Promise<MutationRunner> {
    const runner = new MutationRunner(root);
    runner.vitest = await createVitest(
      'test',
      {
        root,
        config: false,
        watch: false,
        bail: 1,
        reporters: [{}],
        include: ['libs/*/src/**/*.spec.ts'],
        testTimeout,
      },
      {
        resolve: { conditions },
        ssr: { resolve: { conditions, externalConditions: conditions } },
        plugins: [
          {
            name: 'broken-rule',
            enforce: 'pre',
            transform: (_code, id) =>
              id === runner.broken?.path ? { code: runner.broken.text, map: null } : undefined,
          },
        ],
      },
    );
    return runner;
  }

  /** @throws Error where a test fails with nothing broken: then each rule would seem to be caught */
  async expectAllGreen(specs: readonly string[]): Promise<void> {
    const failed = await this.firstFailure(specs);
    if (failed !== undefined) throw new Error(`With no rule broken this test fails: ${failed}`);
  }

  /** The name of a test that notices, if one does. */
  async run(mutation: Mutation): Promise<{ failed: string | undefined; milliseconds: number }> {
    const path = join(this.root, mutation.file);
    this.broken = { path, text: applyMutation(await readFile(path, 'utf8'), mutation) };
    const started = performance.now();
    try {
      const failed = await this.firstFailure(specPaths(mutation), path);
      return { failed, milliseconds: performance.now() - started };
    } finally {
      this.broken = undefined;
      this.started.invalidateFile(path);
    }
  }

  async close(): Promise<void> {
    await this.vitest?.close();
  }

  private get started(): Vitest {
    if (!this.vitest) throw new Error('Vitest is not started');
    return this.vitest;
  }

  private async firstFailure(specs: readonly string[], changed?: string): Promise<string | undefined> {
    const vitest = this.started;
    if (changed !== undefined) vitest.invalidateFile(changed);
    // What failed before would count against the next run's first failure.
    vitest.state.filesMap.clear();
    const found = await Promise.all(specs.map((spec) => vitest.globTestSpecifications([spec])));
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(found.flat());
    const failed = testModules.flatMap((module) => [...module.children.allTests('failed')]);
    if (failed[0]) return failed[0].fullName;
    const error = testModules.flatMap(errorsOf)[0] ?? unhandledErrors[0];
    if (error !== undefined) throw new Error('The broken code cannot be loaded, so no test saw it', { cause: error });
    return undefined;
  }
}

function errorsOf(module: TestModule): unknown[] {
  return [...module.errors()];
}
