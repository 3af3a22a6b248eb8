// `npm run mutations [-- WORD…]`: breaks each rule once and looks whether a test notices. WORD picks rules by their words.
// The checkout stays as it is: the broken text is only what the tests are given to load.
import { fileURLToPath } from 'node:url';
import { specPaths } from './mutation.js';
import { MutationRunner } from './mutation-runner.js';
import { mutations } from './mutations.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const words = process.argv.slice(2).map((word) => word.toLowerCase());
const wanted = mutations.filter(({ rule, file }) =>
  words.every((word) => `${rule} ${file}`.toLowerCase().includes(word)),
);
if (wanted.length === 0) throw new Error(`No rule has the words ${words.join(' ')}`);

const runner = await MutationRunner.start(root);
const started = performance.now();
let survived = 0;
try {
  await runner.expectAllGreen([...new Set(wanted.flatMap(specPaths))]);
  for (const [at, mutation] of wanted.entries()) {
    const { failed, milliseconds } = await runner.run(mutation);
    if (failed === undefined) survived += 1;
    const seen = failed === undefined ? `SURVIVED  ${mutation.file}` : `caught by "${failed}"`;
    console.log(`${at + 1}/${wanted.length} ${mutation.rule}: ${seen} (${(milliseconds / 1000).toFixed(1)} s)`);
  }
} finally {
  await runner.close();
}
const seconds = ((performance.now() - started) / 1000).toFixed(0);
console.log(`${wanted.length - survived} of ${wanted.length} broken rules were caught, in ${seconds} s`);
process.exit(survived === 0 ? 0 : 1);
