import { aliasBomb } from './hostile-charts.js';
import type { HostileRow } from './hostile-row.js';

type Row = [what: string, expected: HostileRow['expected'], says: string, template: string];

const TEMPLATE = 'SHIPIT_CHART_TEMPLATE';
const TOO_LARGE = 'SHIPIT_CHART_TOO_LARGE';
const DEADLINE = 'SHIPIT_CHART_DEADLINE';
const CRASH = 'SHIPIT_CHART_CRASH';

const define = (body: string): string => `{{ define "x" }}${body}{{ end }}\n{{ include "x" . }}`;
const map = (data = ''): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n${data}`;

/** `it.yaml:2` in a message: what is wrong stands in the second line. */
const calls: Row[] = [
  ['loops for ever', DEADLINE, 'stopped in web/templates/it.yaml:2;', '\n{{ range 9223372036854775807 }}{{ end }}'],
  [
    'loops over loops',
    DEADLINE,
    'stopped in web/templates/it.yaml:2;',
    '\n{{ range until 1000000 }}{{ range until 1000000 }}{{ end }}{{ end }}',
  ],
  [
    'makes keys for ever',
    DEADLINE,
    'stopped in web/templates/it.yaml:2;',
    '\n{{ range 1000000 }}{{ genPrivateKey "rsa" }}{{ end }}',
  ],
  [
    'makes passwords for ever',
    DEADLINE,
    'stopped in web/templates/it.yaml:2;',
    '\n{{ range 1000000 }}{{ derivePassword 1 "long" "a" "b" "c" }}{{ end }}',
  ],
  [
    'prints for ever',
    CRASH,
    '512 MiB it may use in web/templates/it.yaml:2',
    `\n{{ range 9223372036854775807 }}${'a'.repeat(100_000)}{{ end }}`,
  ],
  ['repeats without limit', CRASH, '512 MiB it may use in web/templates/it.yaml:2', '\n{{ repeat 2000000000 "a" }}'],
  [
    'doubles without limit',
    CRASH,
    '512 MiB it may use in web/templates/it.yaml:2',
    '\n{{ $x := "aaaaaaaa" }}{{ range until 60 }}{{ $x = print $x $x }}{{ end }}',
  ],
  ['counts without limit', CRASH, 'in web/templates/it.yaml:2', '\n{{ until 2000000000 | len }}'],
  ['indents without limit', CRASH, 'in web/templates/it.yaml:2', '\n{{ indent 2000000000 "a" }}'],
  [
    'prints an object that holds itself',
    CRASH,
    'nest too deeply in web/templates/it.yaml:2',
    '{{ $d := dict }}{{ $_ := set $d "d" $d }}\n{{ $d }}',
  ],
  [
    'writes an object that holds itself',
    'harmless',
    '',
    '{{ $d := dict }}{{ $_ := set $d "d" $d }}\n# {{ toYaml $d }}',
  ],
  [
    'expands itself',
    DEADLINE,
    'included by web/templates/it.yaml:2;',
    '{{ $d := dict "t" "{{ tpl .t . }}" }}\n{{ tpl $d.t $d }}',
  ],
  ['includes itself', TEMPLATE, 'it.yaml', define('{{ include "x" . }}')],
  [
    'is itself',
    TEMPLATE,
    'maximum template depth',
    '{{ define "x" }}{{ template "x" . }}{{ end }}{{ template "x" . }}',
  ],
  ['includes itself twice each time', TEMPLATE, 'it.yaml', define('{{ include "x" . }}{{ include "x" . }}')],
  ['fails', TEMPLATE, 'it.yaml:2:3', '\n{{ fail "no" }}'],
  ['panics by dividing', TEMPLATE, 'divi', '\n{{ div 1 0 }}'],
  ['panics by an index', TEMPLATE, 'it.yaml:2', '\n{{ index (list 1) 5 }}'],
  ['panics by cutting', TEMPLATE, 'it.yaml:2', '\n{{ slice "abc" 2 1 }}'],
  ['panics by repeating', TEMPLATE, 'it.yaml:2', '\n{{ repeat -1 "a" }}'],
  ['panics by asking nothing', TEMPLATE, 'nil pointer', '\n{{ .Values.a.b.c }}'],
  ['asks for the environment', TEMPLATE, 'function "env" not defined', '{{ env "HOME" }}'],
  ['expands the environment', TEMPLATE, 'function "expandenv" not defined', '{{ expandenv "$HOME" }}'],
  ['nests 100,000 parentheses', TEMPLATE, 'it.yaml', `{{ ${'('.repeat(100_000)}1${')'.repeat(100_000)} }}`],
  [
    'nests a million conditions',
    CRASH,
    'nest too deeply in web/templates/it.yaml',
    `${'{{ if 1 }}'.repeat(1_000_000)}${'{{ end }}'.repeat(1_000_000)}`,
  ],
  ['has a pattern that is too large', TEMPLATE, 'it.yaml', '{{ regexMatch "((a{1000}){1000}){1000}" "a" }}'],
  [
    'has a pattern that takes for ever elsewhere',
    'harmless',
    '',
    `# {{ regexMatch "^(a+)+$" "${'a'.repeat(5000)}!" }}`,
  ],
  [
    'reads files of the machine',
    'harmless',
    '',
    '# {{ .Files.Get "../../../../etc/passwd" }}{{ .Files.Get "/etc/passwd" }}{{ .Files.Glob "/**" | len }}',
  ],
  ['asks for names of hosts', 'harmless', '', '# {{ getHostByName "metadata.google.internal" }}'],
  ['asks for time zones by path', 'harmless', '', '# {{ dateInZone "2006" now "../../etc/passwd" }}'],
  ['prints two billion blanks', 'harmless', '', '# {{ printf "%2000000000d" 1 }}'],
  ['reads deep JSON', 'harmless', '', `# {{ "${'['.repeat(50_000)}" | fromJsonArray }}`],
  ['reads aliases without end', 'harmless', '', `# {{ fromYaml ${JSON.stringify(aliasBomb)} | len }}`],
];

const documents: Row[] = [
  ['20 MiB', TOO_LARGE, 'more than the limit of 10485760', `{{ range 200000 }}# ${'a'.repeat(100)}\n{{ end }}`],
  [
    '2,001 objects',
    TOO_LARGE,
    '2001 objects',
    `{{ range $i := until 2001 }}\n---\n${map().replace('name: a', 'name: a{{ $i }}')}{{ end }}`,
  ],
  [
    '2,001 objects in a list',
    TOO_LARGE,
    '2001 objects',
    `apiVersion: v1\nkind: List\nitems:\n{{ range $i := until 2001 }}- {apiVersion: v1, kind: ConfigMap, metadata: {name: a{{ $i }}}}\n{{ end }}`,
  ],
  ['a list', TEMPLATE, 'web/templates/it.yaml', '- a\n- b'],
  ['a word', TEMPLATE, 'web/templates/it.yaml', 'word'],
  ['no kind', TEMPLATE, 'no apiVersion or no kind', 'apiVersion: v1\nmetadata: {name: a}'],
  ['no name', TEMPLATE, 'no metadata.name', 'apiVersion: v1\nkind: ConfigMap'],
  ['a number for a kind', TEMPLATE, 'web/templates/it.yaml', 'apiVersion: v1\nkind: 5\nmetadata: {name: a}'],
  ['a list for metadata', TEMPLATE, 'web/templates/it.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: [a]'],
  ['a list with a word in it', TEMPLATE, 'item 0', 'apiVersion: v1\nkind: List\nitems: [word]'],
  ['lists in lists', TEMPLATE, '', `${'{apiVersion: v1, kind: List, items: ['.repeat(300)}${']}'.repeat(300)}`],
  ['a key of JavaScript', TEMPLATE, 'the key __proto__', map('data: {__proto__: {a: b}}')],
  ['300 levels', TEMPLATE, 'nests deeper than 200', map(`data: ${'['.repeat(300)}${']'.repeat(300)}`)],
  ['20,000 levels', TEMPLATE, 'web/templates/it.yaml', map(`data: ${'['.repeat(20_000)}${']'.repeat(20_000)}`)],
  ['aliases without end', TEMPLATE, 'web/templates/it.yaml', map(aliasBomb)],
  ['NaN', TEMPLATE, 'web/templates/it.yaml', map('data: .nan')],
  ['broken YAML', TEMPLATE, 'web/templates/it.yaml', 'a: b: c'],
  ['the same key twice', 'harmless', '', map('data: {a: x, a: y}')],
  ['a hook of an unknown event', 'harmless', '', hook('helm.sh/hook: at-midnight')],
  ['a hook with a weight that is none', 'harmless', '', hook('helm.sh/hook: pre-install, helm.sh/hook-weight: heavy')],
  [
    'a hook with a weight beyond all numbers',
    'harmless',
    '',
    hook(`helm.sh/hook: pre-install, helm.sh/hook-weight: "${'9'.repeat(50)}"`),
  ],
  [
    'a hook with an unknown delete policy',
    'harmless',
    '',
    hook('helm.sh/hook: pre-install, helm.sh/hook-delete-policy: never'),
  ],
];

const others: HostileRow[] = [
  {
    what: 'a template whose name clears the screen, and that loops',
    expected: DEADLINE,
    says: 'stopped in web/templates/\ufffd[2J\n.yaml:1;',
    run: ({ render }) => render({ 'templates/\x1b[2J\n.yaml': '{{ range 9223372036854775807 }}{{ end }}' }),
  },
  {
    what: 'a template whose name clears the screen, and that fails',
    expected: TEMPLATE,
    says: 'web/templates/\ufffd[2J.yaml',
    run: ({ render }) => render({ 'templates/\x1b[2J.yaml': '{{ fail "\\x1b[2J" }}' }),
  },
  {
    what: 'notes of 20 MiB',
    expected: TOO_LARGE,
    says: 'more than the limit of 10485760',
    run: ({ render }) => render({ 'templates/NOTES.txt': `{{ repeat 20 (repeat 1048576 "a") }}` }),
  },
  {
    what: 'CRDs of 20 MiB',
    expected: TOO_LARGE,
    says: 'more than the limit of 10485760',
    run: ({ render }) => render({ 'crds/a.yaml': `# ${'a'.repeat(20 * 2 ** 20)}` }),
  },
  {
    what: 'a CRD that is no object',
    expected: TEMPLATE,
    says: 'crds/a.yaml',
    run: ({ render }) => render({ 'crds/a.yaml': 'word' }),
  },
  {
    what: 'a template that looks for 201 objects',
    expected: TEMPLATE,
    says: 'more than 200 different look-ups',
    run: ({ render }) =>
      render({ 'templates/it.yaml': '{{ range $i := until 201 }}{{ lookup "v1" "Secret" "" (print $i) }}{{ end }}' }),
  },
  {
    what: 'a template whose look-ups never end',
    expected: TEMPLATE,
    says: 'depend on each other more than 5 deep',
    run: ({ render }) => {
      const next = '{{ $n := "0" }}{{ range 50 }}{{ $n = (lookup "v1" "Secret" "" $n).next | default $n }}{{ end }}';
      const lookup = ({ name }: { name?: string }): Promise<Record<string, unknown>> =>
        Promise.resolve({ next: `${name ?? ''}1` });
      return render({ 'templates/it.yaml': next }, { lookup });
    },
  },
];

export const hostileTemplates: HostileRow[] = [
  ...calls.map((row) => toRow('a template that', row)),
  ...documents.map((row) => toRow('a template that gives', row)),
  ...others,
];

function toRow(kind: string, [what, expected, says, template]: Row): HostileRow {
  return { what: `${kind} ${what}`, expected, says, run: ({ render }) => render({ 'templates/it.yaml': template }) };
}

function hook(annotations: string): string {
  return `apiVersion: batch/v1\nkind: Job\nmetadata: {name: a, annotations: {${annotations}}}`;
}
