// `npm run bench [-- pipeline|charts|edits …] [--json]`: how fast this is here and now, as tables or as JSON.
// Promises are printed as kept or missed; none fails the command.
import { cpus } from 'node:os';
import { printTable, withVerdict } from './report.mjs';

const names = ['pipeline', 'charts', 'edits'];
const words = process.argv.slice(2);
const isJson = words.includes('--json');
const wanted = words.filter((word) => word !== '--json');
const unknown = wanted.find((word) => !names.includes(word));
if (unknown !== undefined) {
  console.error(`There is no bench "${unknown}"; there are: ${names.join(', ')}`);
  process.exit(1);
}

const results = {};
for (const name of wanted.length > 0 ? wanted : names) {
  const { bench } = await import(`./${name}.mjs`);
  results[name] = (await bench()).map(withVerdict);
  if (!isJson) printTable(name, results[name]);
}
if (isJson) console.log(JSON.stringify({ cpus: cpus().length, node: process.version, ...results }, null, 2));
