import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

const tests = ['**/*.spec.ts', '**/*.contract.ts', '**/test/**/*.ts', '**/bench/**/*.ts'];

/** Who may import whom: the table of docs/decisions/0001. */
const boundaries = {
  allow: [],
  enforceBuildableLibDependency: false,
  depConstraints: [
    {
      sourceTag: 'pure',
      onlyDependOnLibsWithTags: ['pure'],
      allowedExternalImports: ['zod', 'yaml', 'semver', '@noble/hashes', '@noble/hashes/*', 're2js'],
    },
    { sourceTag: 'adapter', onlyDependOnLibsWithTags: ['pure', 'adapter'] },
    { sourceTag: 'embedded', onlyDependOnLibsWithTags: ['pure', 'adapter'] },
    { sourceTag: 'testing', onlyDependOnLibsWithTags: ['pure', 'adapter', 'embedded', 'testing'] },
    { sourceTag: 'service', onlyDependOnLibsWithTags: ['pure', 'adapter'] },
    { sourceTag: 'playground', onlyDependOnLibsWithTags: ['pure', 'adapter', 'embedded'] },
    { sourceTag: 'tools', onlyDependOnLibsWithTags: ['pure', 'adapter', 'embedded', 'testing'] },
    { sourceTag: 'web', onlyDependOnLibsWithTags: ['contracts'] },
  ],
};

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '.nx/**',
      '.playground/**',
      '**/coverage/**',
      'libs/charts/wasm/**',
      'tools/control-plane/**',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    plugins: { '@nx': nx, 'import-x': importX },
    settings: {
      'import-x/extensions': ['.ts', '.tsx'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
      'import-x/resolver-next': [
        createNodeResolver({
          extensions: ['.ts', '.tsx', '.js'],
          extensionAlias: { '.js': ['.ts', '.tsx', '.js'] },
          conditionNames: ['@shipit/source', 'import', 'node', 'default'],
        }),
      ],
    },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@nx/enforce-module-boundaries': ['error', boundaries],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { arguments: false, attributes: false } },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' },
      ],
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      'no-control-regex': 'off',
      'no-redeclare': 'off',
      complexity: ['error', 10],
      'max-depth': ['error', 3],
      'max-params': ['error', 4],
      'max-lines': ['error', { max: 300, skipBlankLines: false }],
      'import-x/no-default-export': 'error',
      'import-x/no-cycle': ['error', { maxDepth: 6 }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.object.name='vi'][callee.property.name=/^(mock|doMock)$/]",
          message: 'Replace the outside at the socket, not the module.',
        },
        { selector: 'TSEnumDeclaration', message: 'Use a union of strings.' },
        {
          selector: 'CallExpression[callee.property.name=/^(only|skip)$/][callee.object.name=/^(it|test|describe)$/]',
          message: 'Use skipIf with the reason in the title.',
        },
      ],
    },
  },
  {
    files: ['libs/{contracts,images,yaml-edit,releases,health}/src/**/*.ts'],
    ignores: tests,
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['node:*', 'fs', 'path', 'crypto', 'os'], message: 'Pure libraries do no I/O.' }] },
      ],
      'no-restricted-globals': ['error', 'process', 'fetch', 'setTimeout', 'setInterval'],
    },
  },
  {
    files: ['services/*/src/**/*.ts'],
    ignores: [...tests, 'services/playground/**', 'services/*/src/config.ts', 'services/*/src/main.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only config.ts reads the environment.' },
      ],
    },
  },
  // The router's route types are circular by design; tsc resolves them, the linter's type service gives up with any.
  { files: ['services/web/src/main.tsx'], rules: { '@typescript-eslint/no-unsafe-assignment': 'off' } },
  {
    files: tests,
    rules: {
      'max-lines': ['error', { max: 400 }],
      complexity: 'off',
      '@nx/enforce-module-boundaries': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}', '**/*.config.{ts,js}'],
    ...tseslint.configs.disableTypeChecked,
    rules: {
      ...tseslint.configs.disableTypeChecked.rules,
      'import-x/no-default-export': 'off',
      '@nx/enforce-module-boundaries': 'off',
      'no-undef': 'off',
    },
  },
);
