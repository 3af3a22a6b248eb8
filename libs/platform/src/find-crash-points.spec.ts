import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findCrashPoints } from './find-crash-points.js';

it('finds every crash point in sources, and none in tests', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crash-points-'));
  writeFileSync(join(folder, 'b.ts'), "crashPoint('b.after'); crashPoint(\n  'a.before',\n);");
  writeFileSync(join(folder, 'b.spec.ts'), "crashPoint('only-in-a-test');");
  expect(findCrashPoints(folder)).toEqual(['a.before', 'b.after']);
  rmSync(folder, { recursive: true });
});
