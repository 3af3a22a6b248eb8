import type { RenderRequest } from '../../src/chart-renderer.js';
import type { HostileRow } from './hostile-row.js';

type Code = HostileRow['expected'];
type Row = [what: string, expected: Code, says: string, text: string];

const INVALID = 'SHIPIT_CHART_INVALID';
const VALUES = 'SHIPIT_CHART_VALUES';
const SCHEMA = 'SHIPIT_CHART_SCHEMA';

const aliases = ['a: &a [x, x, x, x, x, x, x, x, x]'];
for (let i = 1; i < 9; i++)
  aliases.push(
    `a${i}: &a${i} [${Array(9)
      .fill(`*a${i === 1 ? '' : i - 1}`)
      .join(', ')}]`,
  );
/** Nine to the power of nine, written in a few lines. */
export const aliasBomb = aliases.join('\n');

const head = 'apiVersion: v2\nname: web\nversion: 1.2.3\n';

const identities: Row[] = [
  ['no YAML', INVALID, 'cannot load Chart.yaml', 'name: ['],
  ['a list', INVALID, 'cannot load Chart.yaml', '- a'],
  ['nothing', INVALID, 'chart.metadata', ''],
  ['an unknown apiVersion', INVALID, 'unsupported chart version', 'apiVersion: v9\nname: web\nversion: 1.2.3'],
  ['no name', INVALID, 'name is required', 'apiVersion: v2\nversion: 1.2.3'],
  ['a name that leads out', INVALID, 'name "../../etc" is invalid', 'apiVersion: v2\nname: ../../etc\nversion: 1.2.3'],
  ['a version that is none', INVALID, 'version "latest" is invalid', 'apiVersion: v2\nname: web\nversion: latest'],
  ['a type of its own', INVALID, 'type', `${head}type: malware`],
  ['a number for a name', 'harmless', '', 'apiVersion: v2\nname: 5\nversion: 1.2.3'],
  ['an object for a description', INVALID, 'cannot load Chart.yaml', `${head}description: {a: b}`],
  ['a name that is special to JavaScript', 'harmless', '', 'apiVersion: v2\nname: __proto__\nversion: 1.2.3'],
  ['aliases without end', INVALID, 'cannot load Chart.yaml', `${head}${aliasBomb}`],
  ['deep nesting', INVALID, 'cannot load Chart.yaml', `${head}annotations: ${'['.repeat(20_000)}`],
  ['a MiB of description', 'harmless', '', `${head}description: ${'a'.repeat(2 ** 20)}`],
  ['a range of versions that is none', INVALID, 'incompatible', `${head}kubeVersion: "not a range"`],
  [
    'a dependency that leads out',
    INVALID,
    'missing in charts/',
    `${head}dependencies: [{name: ../../x, version: 1.0.0}]`,
  ],
  ['a dependency without a name', INVALID, '', `${head}dependencies: [{version: 1.0.0}]`],
  ['no dependency', INVALID, '', `${head}dependencies: [null]`],
  [
    'the same dependency twice',
    INVALID,
    'more than one',
    `${head}dependencies: [{name: a, version: 1.0.0}, {name: a, version: 1.0.0}]`,
  ],
  ['no maintainer', INVALID, '', `${head}maintainers: [null]`],
];

const values: Row[] = [
  ['no YAML', INVALID, 'cannot load values.yaml', 'a: ['],
  ['a list', INVALID, 'cannot load values.yaml', '- a'],
  ['binary data', INVALID, 'cannot load values.yaml', '\0\x01\x02\x03'],
  ['aliases without end', INVALID, 'excessive aliasing', aliasBomb],
  ['itself', INVALID, 'contains itself', 'a: &a {b: *a}'],
  ['an alias of nothing', INVALID, 'unknown anchor', 'a: *b'],
  ['a key of JavaScript', VALUES, 'the key __proto__', '__proto__: {isAdmin: true}'],
  ['1,000 levels', VALUES, 'nests deeper than', `${'{a: '.repeat(1000)}1${'}'.repeat(1000)}`],
  ['20,000 levels', INVALID, 'cannot load values.yaml', `a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
  ['a merge of what is no object', INVALID, 'map merge requires', 'a:\n  <<: 5'],
  ['merges', 'harmless', '', 'x: &x {a: 1}\ny:\n  <<: [*x, *x]\n  a: 2'],
  ['what is no number', 'harmless', '', 'a: 1\nb: "NaN"'],
  ['NaN', INVALID, 'NaN', 'a: .nan'],
  ['infinity', INVALID, 'Inf', 'a: -.inf'],
  ['numbers beyond all limits', 'harmless', '', `a: ${'9'.repeat(5000)}`],
  ['tags of other languages', 'harmless', '', 'a: !!python/object/apply:os.system ["id"]'],
  ['5,000 documents', 'harmless', '', '---\na: 1\n'.repeat(5000)],
];

const schemas: Row[] = [
  ['over http', SCHEMA, 'only references within', ref('http://169.254.169.254/latest/meta-data')],
  ['over https', SCHEMA, 'only references within', ref('https://example.com/schema.json')],
  ['to a file', SCHEMA, 'only references within', ref('file:///etc/passwd')],
  ['over ftp', SCHEMA, 'only references within', ref('ftp://example.com/schema.json')],
  ['in capital letters', SCHEMA, 'only references within', ref('HTTPS://example.com/schema.json')],
  ['to a name beside it', VALUES, '', ref('../../etc/passwd')],
  [
    'to a name at another address',
    VALUES,
    '',
    '{"$id": "https://example.com/a/", "properties": {"a": {"$ref": "b.json"}}}',
  ],
  ['to another language of schemas', SCHEMA, 'only references within', '{"$schema": "https://example.com/own"}'],
  [
    'deep inside',
    SCHEMA,
    'only references within',
    `{"allOf": [{"not": {"items": [${ref('https://example.com/x')}]}}]}`,
  ],
  ['to itself', 'harmless', '', '{"properties": {"a": {"$ref": "#"}}}'],
  [
    'in a circle',
    VALUES,
    '',
    '{"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}',
  ],
];

const rules: Row[] = [
  ['is no JSON', VALUES, '', '{'],
  ['is a list', VALUES, '', '[]'],
  ['refuses everything', VALUES, '', 'false'],
  [
    'has a pattern that takes for ever elsewhere',
    VALUES,
    "at '/text'",
    '{"properties": {"text": {"pattern": "^(a+)+$"}}}',
  ],
  ['has a pattern that is too large', VALUES, '', '{"properties": {"text": {"pattern": "((a{1000}){1000}){1000}"}}}'],
  ['has a pattern that is none', VALUES, '', '{"properties": {"text": {"pattern": "("}}}'],
  ['has an unknown format', 'harmless', '', '{"properties": {"text": {"format": "../../etc/passwd"}}}'],
  ['nests 10,000 deep', VALUES, '', `${'{"not": '.repeat(10_000)}{}${'}'.repeat(10_000)}`],
  ['has a key of JavaScript', 'harmless', '', '{"properties": {"__proto__": {"type": "string"}}}'],
  ['wants a billion', VALUES, '', '{"properties": {"text": {"minLength": 1000000000}}}'],
  ['divides by nothing', VALUES, '', '{"properties": {"count": {"multipleOf": 0}}}'],
  ['has choices that multiply', 'harmless', '', choices()],
];

const given: [what: string, expected: Code, says: string, request: Partial<RenderRequest>][] = [
  ['of 10,000 levels', VALUES, '', { values: [`${'{a: '.repeat(10_000)}1${'}'.repeat(10_000)}`] }],
  ['with aliases without end', VALUES, 'excessive aliasing', { values: [aliasBomb] }],
  ['with a key of JavaScript', VALUES, 'the key __proto__', { values: ['a: {__proto__: {b: 1}}'] }],
  ['that are a list', VALUES, '', { values: ['- a'] }],
  ['of a release with a strange name', INVALID, 'release name', { name: '../../x' }],
  [
    'for a cluster of a strange version',
    INVALID,
    'kube version',
    { cluster: { kubeVersion: '../x', apiVersions: [] } },
  ],
];

const text = { 'values.yaml': `text: ${'a'.repeat(5000)}!\ncount: 5\n` };

export const hostileCharts: HostileRow[] = [
  ...identities.map((row) => toRow('a Chart.yaml with', row, (it) => ({ 'Chart.yaml': it }))),
  ...values.map((row) => toRow('a values.yaml with', row, (it) => ({ 'values.yaml': it }))),
  ...schemas.map((row) => toRow('a schema that refers', row, (it) => ({ ...text, 'values.schema.json': it }))),
  ...rules.map((row) => toRow('a schema that', row, (it) => ({ ...text, 'values.schema.json': it }))),
  ...given.map(([what, expected, says, request]): HostileRow => {
    return { what: `values ${what}`, expected, says, run: ({ render }) => render({}, request) };
  }),
];

function toRow(
  kind: string,
  [what, expected, says, it]: Row,
  files: (it: string) => Record<string, string>,
): HostileRow {
  return { what: `${kind} ${what}`, expected, says, run: ({ render }) => render(files(it)) };
}

function ref(to: string): string {
  return JSON.stringify({ properties: { text: { $ref: to } } });
}

/** Two to the power of twenty ways through it. */
function choices(): string {
  const $defs: Record<string, unknown> = { c0: true };
  for (let i = 1; i <= 20; i++)
    $defs[`c${i}`] = { anyOf: [{ $ref: `#/$defs/c${i - 1}` }, { $ref: `#/$defs/c${i - 1}` }] };
  return JSON.stringify({ properties: { text: { $ref: '#/$defs/c20' } }, $defs });
}
