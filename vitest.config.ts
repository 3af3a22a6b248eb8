import { defineConfig } from 'vitest/config';

const conditions = ['@shipit/source', 'node', 'import', 'default'];
const resolve = { conditions };
// Without 'import': Node would give the ESM face of a package to what calls require().
const required = ['@shipit/source', 'node'];
const ssr = { resolve: { conditions: required, externalConditions: required } };
const exclude = ['**/node_modules/**', '**/dist/**'];
const needs = ['**/*.kubernetes.spec.ts', '**/*.moto.spec.ts', '**/*.browser.spec.ts', '**/*.e2e.spec.ts'];

/**
 * unit: no outside. e2e: real Redis, git over HTTP, embedded parts, one file after the other on a small machine.
 * kubernetes: the real control plane, through `npm run test:kubernetes`.
 */
export default defineConfig({
  resolve,
  ssr,
  test: {
    passWithNoTests: false,
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: 'unit',
          include: ['{libs,services,tools}/**/*.spec.ts'],
          exclude: [...exclude, ...needs],
          testTimeout: 20_000,
          setupFiles: ['./tools/vitest-setup.ts'],
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'e2e',
          include: ['{libs,services,tools,test}/**/*.{e2e,moto,browser}.spec.ts'],
          exclude,
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
          setupFiles: ['./tools/vitest-setup.ts'],
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'kubernetes',
          include: ['{libs,services,test}/**/*.kubernetes.spec.ts'],
          exclude,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          setupFiles: ['./tools/vitest-setup.ts'],
        },
      },
    ],
  },
});
