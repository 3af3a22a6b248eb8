export interface EqualityCase {
  files: Record<string, string>;
  /** YAML, lowest first. */
  values?: string[];
  /** Both are to refuse it, in the same words; of a schema in any order, which is random in Helm. */
  fails?: boolean;
}

const meta = (extra: string): string => `apiVersion: v2\nname: web\nversion: 1.2.3\n${extra}\n`;
const object = (body: string, kind = 'ConfigMap', name = '{{ .Release.Name }}'): string =>
  `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${body}\n`;
const one = (body: string, more: Record<string, string> = {}): EqualityCase => ({
  files: { 'templates/it.yaml': object(body), ...more },
});
const subchart = (name: string, files: Record<string, string>, extra = ''): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ 'Chart.yaml': `apiVersion: v2\nname: ${name}\nversion: 0.1.0\n${extra}`, ...files }).map(
      ([path, text]) => [`charts/${name}/${path}`, text],
    ),
  );

/** Small charts, each for one part of what charts are made of. */
export const cases: Record<string, EqualityCase> = {
  'plain values': {
    ...one('data:\n  a: {{ .Values.a | quote }}\n  big: {{ .Values.big }}\n  list: {{ .Values.list }}', {
      'values.yaml': 'a: x\nbig: 1000000\nlist: [1, 2.5, "3", true, null]',
    }),
  },
  'values over values': {
    ...one('data: {{ toYaml .Values | nindent 2 }}', { 'values.yaml': 'a: {b: 1, c: 2}\nd: [1]\ngone: 1' }),
    values: ['a: {b: 5}\nd: [2, 3]\ngone: null', 'a: {e: {f: g}}\nh: "007"\ni: 0x1F\nj: 1e3\nk: yes'],
  },
  'lists up to what they were made for': one('data:\n  a: {{ slice .Values.list 0 4 | toJson | quote }}', {
    'values.yaml': 'list: [a, b, c]',
  }),
  'flow control': one(
    '{{- with .Values.missing }}x: {{ . }}{{ else }}\nx: none{{ end }}\n{{- range $i, $e := list "a" "b" "c" }}{{ if eq $i 1 }}{{ continue }}{{ end }}\n{{ $e }}: {{ $i }}\n{{- end }}',
  ),
  whitespace: one(
    'data:\n  {{- /* a comment */}}\n  {{ "a: 1" }}   \n\n\n{{- if true }}\n  b: 2\n{{- end }}\n\t\n  {{- "  c: 3" | nindent 0 -}}\n',
  ),
  'named templates': {
    files: {
      'templates/_helpers.tpl':
        '{{- define "web.labels" -}}\napp: {{ .Chart.Name }}\nrelease: {{ .Release.Name }}\n{{- end }}{{ define "web.twice" }}{{ . }}{{ . }}{{ end }}',
      'templates/it.yaml': object(
        '  labels: {{- include "web.labels" . | nindent 4 }}\ndata: {a: {{ template "web.twice" "x" }}}',
      ),
    },
  },
  tpl: one('data:\n  a: {{ tpl .Values.text . }}\n  b: {{ tpl "{{ .Values.text | len }}" $ }}', {
    'values.yaml': 'text: "{{ .Release.Name }}-{{ .Values.more }}"\nmore: "{{ 1 }}"',
  }),
  'files of the chart': {
    ...one(
      '{{- range $path, $_ := .Files.Glob "conf/*.txt" }}\n# {{ $path }}{{ end }}\ndata:\n  a: {{ .Files.Get "conf/a.txt" | quote }}\n  lines: {{ .Files.Lines "conf/a.txt" }}\n  {{- (.Files.Glob "conf/*").AsConfig | nindent 2 }}\n  {{- (.Files.Glob "conf/*").AsSecrets | nindent 2 }}\n  none: {{ .Files.Get "templates/it.yaml" | quote }}',
      { 'conf/a.txt': 'one\ntwo\n', 'conf/b.txt': 'three' },
    ),
  },
  'text functions': one(
    'data:\n  a: {{ "Hello World" | kebabcase | trunc 7 | upper | repeat 2 }}\n  b: {{ regexReplaceAll "l+" "hello" "L" }}\n  c: {{ printf "%05d %q %v" 42 "x" (dict "a" 1) }}\n  d: {{ "a,b" | splitList "," | join "-" }}\n  e: {{ wrap 5 "one two three" | quote }}\n  f: {{ "x" | b64enc }} {{ sha256sum "x" }} {{ "q r" | squote }}',
  ),
  'number functions': one(
    'data:\n  a: {{ add 1 2 }} {{ div 7 2 }} {{ mod 7 2 }} {{ mulf 1.5 2 }} {{ round 3.14159 2 }} {{ floor 2.7 }}\n  b: {{ int "12" }} {{ float64 "1.5" }} {{ int64 3.9 }} {{ toDecimal "0777" }}\n  c: {{ max 1 5 3 }} {{ min 4 2 }} {{ until 3 }} {{ untilStep 0 10 4 }} {{ seq 1 3 }}',
  ),
  'lists and dictionaries': one(
    '{{- $d := dict "a" 1 "b" (dict "c" 2) }}{{ $_ := set $d "z" (list 3 1 2) }}\ndata:\n  a: {{ $d | toJson }}\n  b: x {{ dig "b" "c" "none" $d }} {{ hasKey $d "q" }} {{ keys $d | sortAlpha }}\n  c: x {{ merge (dict "a" 9 "n" 1) $d | toJson | quote }}{{ mergeOverwrite (dict "a" 9) $d | toJson | quote }}\n  d: x {{ $d.z | sortAlpha }} {{ $d.z | first }} {{ without $d.z 1 }} {{ concat $d.z (list "x") | uniq }}\n  e: x {{ pick $d "a" | toJson | b64enc }} {{ omit $d "z" | toJson | b64enc }} {{ deepCopy $d | toJson | b64enc }}',
  ),
  conversions: one(
    'data:\n  a: {{ fromYaml "a: [1, {b: c}]" | toJson }}\n  b: {{ fromJson "{\\"x\\": 1.0, \\"y\\": 12345678901}" | toYaml | quote }}\n  c: {{ fromYamlArray "[1, 2]" | toJson | quote }}\n  d: {{ fromYaml "a: [" | toJson }}\n  e: {{ toToml (dict "a" (dict "b" 1)) | quote }}\n  f: {{ toYamlPretty (dict "a" (list 1)) | quote }}\n  g: {{ toRawJson "<>" }}\n  h: {{ toJson "<>" }}',
  ),
  'versions and types': one(
    'data:\n  a: {{ semverCompare "^1.2.0" "1.9.1" }} {{ (semver "1.2.3-rc.1+b").Prerelease }}\n  b: {{ kindOf 1 }} {{ typeOf (list) }} {{ kindIs "map" (dict) }} {{ default "d" "" }} {{ coalesce nil 0 "z" }} {{ ternary "y" "n" true }}\n  c: {{ empty nil }} {{ not 0 }} {{ and 1 0 }} {{ or "" "x" }}',
  ),
  'dates and durations': one(
    'data:\n  a: {{ dateInZone "2006-01-02T15:04" (toDate "2006-01-02" "2026-11-21") "UTC" }} {{ duration 3600 }} {{ durationRound "2h10m5s" }}\n  b: {{ unixEpoch (toDate "2006-01-02" "2026-11-21") }}',
  ),
  'what the cluster is assumed to be': one(
    'data:\n  a: {{ .Capabilities.KubeVersion }} {{ .Capabilities.KubeVersion.Major }} {{ .Capabilities.HelmVersion.Version }}\n  b: {{ .Capabilities.APIVersions | toJson }}\n  c: {{ .Capabilities.APIVersions.Has "apps/v1" }} {{ lookup "v1" "Secret" "a" "b" }} {{ getHostByName "localhost" | quote }}',
  ),
  'what the release is': one(
    'data:\n  a: {{ .Release | toJson }}\n  b: {{ .Chart | toJson }}\n  c: {{ .Template.Name }} {{ .Template.BasePath }} {{ .Chart.IsRoot }}',
    { 'Chart.yaml': meta('appVersion: "7"\nkeywords: [a]\nmaintainers: [{name: m}]\nannotations: {x: y}') },
  ),
  'every kind in install order': {
    files: {
      'templates/b.yaml': ['Widget', 'Ingress', 'Deployment', 'Service', 'Role', 'CustomResourceDefinition', 'Secret']
        .map((kind) => object('', kind, kind.toLowerCase()))
        .join('---\n'),
      'templates/a.yaml': ['Job', 'Namespace', 'PriorityClass', 'ServiceAccount', 'ClusterRole', 'Pod', 'ConfigMap']
        .map((kind) => object('', kind, kind.toLowerCase()))
        .join('\n---   \n'),
      'templates/sub/c.yaml': object('', 'ConfigMap', 'c'),
    },
  },
  hooks: {
    files: {
      'templates/hooks.yaml': ['pre-install', 'post-upgrade,test', 'nonsense', 'test-success', 'pre-delete']
        .map((hook, i) =>
          object(`  annotations: {helm.sh/hook: "${hook}", helm.sh/hook-weight: "${3 - i}"}`, 'Job', `h${i}`),
        )
        .join('---\n'),
      'templates/it.yaml': object(''),
    },
  },
  'notes, partials and empty files': {
    files: {
      'templates/NOTES.txt': 'Open {{ .Release.Name }}',
      'templates/_part.yaml': 'not: rendered',
      'templates/empty.yaml': '{{ if false }}x{{ end }}\n',
      'templates/comment.yaml': '# only a comment\n---\n# another\n',
      'templates/it.yaml': `---\n${object('')}---\n\n---\n${object('', 'Secret')}---`,
      'templates/windows.yaml': object('data: {a: b}', 'Service').replaceAll('\n', '\r\n'),
    },
  },
  'custom resource definitions': {
    files: {
      'crds/one.yaml': object('', 'CustomResourceDefinition', 'one'),
      'templates/it.yaml': object(''),
    },
  },
  'dependencies, conditions and tags': {
    files: {
      'Chart.yaml': meta(
        'dependencies:\n- {name: a, version: 0.1.0, condition: a.on}\n- {name: b, version: 0.1.0, tags: [back]}\n- {name: c, version: ">0.0.1", alias: see}\n- {name: c, version: 0.1.0, alias: sea, condition: sea.on,also.on}',
      ),
      'values.yaml': 'a: {on: true, x: parent}\ntags: {back: false}\nglobal: {env: prod}\nsea: {x: salt}',
      'templates/it.yaml': object('data: {{ keys .Subcharts | sortAlpha | toJson }}'),
      ...(Object.assign(
        {},
        ...['a', 'b', 'c'].map((name) =>
          subchart(name, {
            'values.yaml': 'x: own\ny: 1',
            'templates/it.yaml': object(
              'data: {x: "{{ .Values.x }}", env: "{{ .Values.global.env }}", chart: "{{ .Chart.Name }}"}',
              'ConfigMap',
              '{{ .Chart.Name }}',
            ),
          }),
        ),
      ) as Record<string, string>),
    },
    values: ['also: {on: false}'],
  },
  'values given to and taken from dependencies': {
    files: {
      'Chart.yaml': meta(
        'dependencies:\n- name: a\n  version: 0.1.0\n  import-values:\n  - data\n  - {child: deep.part, parent: taken}',
      ),
      'values.yaml': 'taken: {own: 1}\na: {deep: {part: {over: 2}}}',
      'templates/it.yaml': object('data: {{ .Values | toJson }}'),
      ...subchart('a', { 'values.yaml': 'exports: {data: {port: 80}}\ndeep: {part: {p: q}}' }),
    },
  },
  'dependencies of dependencies': {
    files: {
      'templates/it.yaml': object('data: {{ .Values | toJson }}'),
      'values.yaml': 'a: {b: {x: top}}\nglobal: {g: 1}',
      ...subchart('a', {
        'values.yaml': 'b: {x: middle, y: middle}',
        'charts/b/Chart.yaml': 'apiVersion: v1\nname: b\nversion: 1.0.0',
        'charts/b/values.yaml': 'x: own\ny: own\nz: own',
        'charts/b/templates/it.yaml': object('data: {{ .Values | toJson }}', 'Secret'),
      }),
    },
  },
  'a library chart': {
    files: {
      'Chart.yaml': meta('dependencies: [{name: lib, version: 0.1.0}]'),
      'templates/it.yaml': '{{ include "lib.map" (dict "name" "x" "root" $) }}',
      ...subchart(
        'lib',
        {
          'templates/_map.tpl': `{{ define "lib.map" }}${object('', 'ConfigMap', '{{ .name }}-{{ .root.Release.Name }}')}{{ end }}`,
          'templates/not.yaml': object('', 'Pod'),
        },
        'type: library',
      ),
    },
  },
  'a chart of the first kind': {
    files: {
      'Chart.yaml': 'name: web\nversion: 1.2.3\ndescription: old\nengine: gotpl',
      'requirements.yaml': 'dependencies: [{name: a, version: 0.1.0, condition: a.on}]',
      'values.yaml': 'a: {on: false}',
      'templates/it.yaml': object('data: {{ .Chart | toJson }}'),
      ...subchart('a', { 'templates/it.yaml': object('', 'Pod') }),
    },
  },
  'values in a fitting schema': {
    ...one('data: {{ .Values | toJson }}', {
      'values.yaml': 'port: 80\nname: web',
      'values.schema.json':
        '{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties": {"port": {"$ref": "#/$defs/port"}}, "$defs": {"port": {"type": "integer", "minimum": 1, "maximum": 65535}}}',
    }),
  },
  'values against its schema': {
    ...one('', {
      'values.yaml': 'port: 80000\nname: ""\nmode: slow',
      'values.schema.json':
        '{"$schema": "http://json-schema.org/draft-07/schema#", "required": ["image", "tag"], "additionalProperties": false, "properties": {"port": {"maximum": 65535}, "name": {"minLength": 1, "pattern": "^[a-z]+$"}, "mode": {"enum": ["fast", "safe"]}}}',
      ...subchart('a', {
        'values.yaml': 'size: small',
        'values.schema.json': '{"properties": {"size": {"type": "integer"}}}',
      }),
    }),
    fails: true,
  },
  'a missing value': { ...one('data:\n\n  a: {{ .Values.a.b.c }}'), fails: true },
  'a required value': { ...one('data: {{ required "image.tag is needed" .Values.tag }}'), fails: true },
  'its own refusal': { ...one('{{ if eq .Release.Name "shop" }}{{ fail "not\\nhere" }}{{ end }}'), fails: true },
  'an unknown function': { ...one('data: {{ env "HOME" }}'), fails: true },
  'an error in an included template': {
    files: {
      'templates/_a.tpl':
        '{{ define "a" }}\n{{ include "b" . }}{{ end }}{{ define "b" }}{{ index (list 1) 5 }}{{ end }}',
      'templates/it.yaml': object('data: {{ include "a" . }}'),
    },
    fails: true,
  },
  'broken YAML': { ...one('data: {a: b: c}'), fails: true },
  'a broken template': { ...one('{{ if }}'), fails: true },
  'dependencies that are not there': {
    files: { 'Chart.yaml': meta('dependencies: [{name: a, version: 0.1.0}]'), 'templates/it.yaml': object('') },
    fails: true,
  },
  'a Chart.yaml of version 3': {
    files: { 'Chart.yaml': meta('').replace('v2', 'v3'), 'templates/it.yaml': object('') },
    fails: true,
  },
  'a Chart.yaml of an unknown version': {
    files: { 'Chart.yaml': meta('').replace('v2', 'v9'), 'templates/it.yaml': object('') },
    fails: true,
  },
  'a demand for another Kubernetes': {
    files: { 'Chart.yaml': meta('kubeVersion: "<1.20"'), 'templates/it.yaml': object('') },
    fails: true,
  },
};
