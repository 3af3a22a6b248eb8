import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { generatedFiles } from './files.js';

const root = new URL('../../', import.meta.url).pathname;

it.each([...generatedFiles()])('%s is what the schemas say (npm run generate writes it)', (path, text) => {
  if (process.env['SHIPIT_GENERATE'] === 'write') {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  expect(readFileSync(join(root, path), 'utf8')).toBe(text);
});
