const chart = (name: string, extra = ''): string => `apiVersion: v2\nname: ${name}\nversion: 1.2.3\n${extra}\n`;
const object = (kind: string, name: string, body = ''): string =>
  `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${body}`;
const hook = (events: string, weight = 0): string =>
  `  annotations:\n    helm.sh/hook: ${events}\n    helm.sh/hook-weight: "${weight}"\n`;

/** Charts and values in a folder; `@/` stands for it. */
export const templateFiles: Record<string, string> = {
  'web/Chart.yaml': chart('web', 'appVersion: "7"'),
  'web/values.yaml': 'replicas: 1\nlabels: {}\nlist: [a, b]\nimage: {tag: v1}\n',
  'web/templates/_helpers.tpl': '{{ define "web.name" }}{{ .Release.Name }}-{{ .Chart.Name }}{{ end }}',
  'web/templates/values.yaml': object(
    'ConfigMap',
    '{{ include "web.name" . }}',
    '  namespace: {{ .Release.Namespace }}\ndata:\n  values: |\n    {{- toYaml .Values | nindent 4 }}\n  release: {{ .Release | toJson | quote }}\n  kube: {{ .Capabilities.KubeVersion.Version }} {{ .Capabilities.KubeVersion.Minor }}\n  api: {{ .Capabilities.APIVersions.Has "example.com/v1/Thing" }} {{ .Capabilities.APIVersions.Has "b/v2" }}\n',
  ),
  'web/templates/several.yaml': [
    '# a comment\n',
    object('Service', 'one'),
    object('Secret', 'two', 'data: {}\n'),
    '  \n',
    object('Namespace', 'three'),
  ].join('---\n'),
  'web/templates/deep/er/sa.yaml': object('ServiceAccount', 'deep'),
  'web/templates/empty.yaml': '{{ if false }}a: b{{ end }}\n',
  'web/templates/hook.yaml': object('Job', 'before', hook('pre-install,pre-upgrade', -5)),
  'web/templates/hooks.yaml': `${object('Job', 'after', hook('post-install', 3))}---\n${object('Pod', 'plain')}`,
  'web/templates/tests/test.yaml': object('Pod', 'test', hook('test')),
  'web/templates/tests/old.yaml': object('Pod', 'old', hook('test-success')),
  'web/templates/NOTES.txt': 'Notes of {{ .Release.Name }}\n',
  'web/crds/b.yaml': 'kind: CustomResourceDefinition # b\n\n\n',
  'web/crds/a/c.yaml': 'kind: CustomResourceDefinition # c\n---\nkind: Other\n',
  'web/crds/a-b.yaml': 'kind: CustomResourceDefinition # a-b',
  'a.yaml': 'replicas: 2\nlabels: {from: a, a: "1"}\n',
  'b.yaml': 'labels: {from: b}\nlist: [c]\nimage: null\n',
  'broken.yaml': 'a: [1\n',
  'list.yaml': '- 1\n',
  'text,1.txt': 'one\ntwo, "three"\n',
  'text.txt': 'größe\n',
};

export interface TemplateCase {
  input?: string;
}

export const templateCases: [title: string, words: string[], options?: TemplateCase][] = [
  ['a folder', ['shop', '@/web']],
  ['a chart without a name', ['@/web']],
  ['another namespace', ['shop', '@/web', '-n', 'prod']],
  ['a namespace behind an equals sign', ['shop', '@/web', '--namespace=prod']],
  ['one file of values', ['shop', '@/web', '-f', '@/a.yaml']],
  ['two files of values', ['shop', '@/web', '-f', '@/a.yaml', '--values', '@/b.yaml']],
  ['two files the other way round', ['shop', '@/web', '-f', '@/b.yaml,@/a.yaml']],
  ['values from standard input', ['shop', '@/web', '-f', '-'], { input: 'replicas: 9\n' }],
  ['an assignment', ['shop', '@/web', '--set', 'replicas=3,labels.x=y,image.tag=null']],
  ['assignments over files, whatever their order', ['shop', '@/web', '--set', 'labels.from=set', '-f', '@/a.yaml']],
  [
    'the kinds of assignments in their order',
    [
      ...['shop', '@/web', '--set-literal', 'v=l', '--set-string', 'v=1,w=2,x=3,y=4', '--set', 'v=1,w=2,x=3'],
      ...['--set-json', 'v=1,w={"a":[1,2.5,"x"]}', '--set-file', 'w=@/text.txt'],
    ],
  ],
  ['assignments to lists', ['shop', '@/web', '--set', 'list[1]=z,list[3]=q,new={a,b},deep.er[0].x=1']],
  [
    'assignments of numbers and truths',
    ['shop', '@/web', '--set', 'a=true,b=007,c=1.0,d=1e3,e=,f=nan,g=9007199254740993'],
  ],
  ['assignments with escapes', ['shop', '@/web', '--set', 'a\\.b=c\\,d,e=f=g', '--set-string', 'n=0x1F']],
  ['an object in JSON', ['shop', '@/web', '--set-json', '{"labels": {"j": [1]}, "replicas": 7}']],
  ['the content of a file', ['shop', '@/web', '--set-file', 'a.b=@/text.txt,c=@/text\\,1.txt']],
  ['a literal', ['shop', '@/web', '--set-literal', 'a.b=c,d={e}\\f']],
  ['another version of Kubernetes', ['shop', '@/web', '--kube-version', 'v1.30']],
  ['another version with a patch', ['shop', '@/web', '--kube-version', '1.31.4+k3s1']],
  ['API versions', ['shop', '@/web', '--api-versions', 'example.com/v1/Thing', '-a', 'a/v1,b/v2']],
  ['definitions as well', ['shop', '@/web', '--include-crds']],
  ['no hooks', ['shop', '@/web', '--no-hooks']],
  ['no tests', ['shop', '@/web', '--skip-tests']],
  ['an upgrade', ['shop', '@/web', '--is-upgrade']],
  ['one template', ['shop', '@/web', '-s', 'templates/several.yaml']],
  [
    'two templates in the order given',
    ['shop', '@/web', '--show-only', 'templates/values.yaml', '-s', 'templates/hook.yaml'],
  ],
  ['templates by a pattern', ['shop', '@/web', '-s', 'templates/[h-s]*.yaml']],
  ['templates below a folder', ['shop', '@/web', '-s', 'templates/*/*/*.yaml']],
  ['a definition alone', ['shop', '@/web', '-s', 'crds/*.yaml', '--include-crds']],
  ['hooks alone', ['shop', '@/web', '-s', 'templates/tests/*', '--no-hooks']],
  ['a template that is not there', ['shop', '@/web', '-s', 'templates/none.yaml']],
  ['a template that made nothing', ['shop', '@/web', '-s', 'templates/empty.yaml']],
  ['a pattern that is none', ['shop', '@/web', '-s', 'templates/[a']],
  ['a folder that is not there', ['shop', '@/nowhere']],
  ['a relative folder that is not there', ['shop', './nowhere']],
  ['a name without a repository', ['shop', 'nowhere']],
  ['a repository that is not known', ['shop', 'stable/nowhere']],
  ['a folder without a chart', ['shop', '@/web/templates']],
  ['a file of values that is not there', ['shop', '@/web', '-f', '@/none.yaml']],
  ['a file of values that is no YAML', ['shop', '@/web', '-f', '@/broken.yaml']],
  ['a file of values that is a list', ['shop', '@/web', '-f', '@/list.yaml']],
  ['an assignment without a value', ['shop', '@/web', '--set', 'a']],
  ['an assignment to what is no list', ['shop', '@/web', '--set', 'list[x]=1']],
  ['text without a value', ['shop', '@/web', '--set-string', 'a.b']],
  ['JSON that is none', ['shop', '@/web', '--set-json', 'a={']],
  ['a JSON object that is none', ['shop', '@/web', '--set-json', '{"a"']],
  ['a literal without a value', ['shop', '@/web', '--set-literal', 'a']],
  ['a content without a file', ['shop', '@/web', '--set-file', 'a']],
  ['a content that is not there', ['shop', '@/web', '--set-file', 'a=@/none.txt']],
  ['a version that is none', ['shop', '@/web', '--kube-version', 'latest']],
  ['a name that is none', ['Shop_1', '@/web']],
  ['a name that is too long', ['a'.repeat(54), '@/web']],
  ['three words', ['shop', '@/web', 'more']],
];
