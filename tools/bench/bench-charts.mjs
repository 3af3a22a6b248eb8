import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { packChart } from '../../libs/charts/dist/index.js';

const run = promisify(execFile);
const standard = fileURLToPath(new URL('../../deploy/charts/', import.meta.url));
const components = 20;

/** Charts of one workload: the standard ones, one of a single template, and where there is a helm what `helm create` makes. */
export async function usualCharts(folder, command) {
  const charts = [];
  for (const [name, values] of [
    ['service', workloadValues],
    ['worker', workloadValues],
    ['cron', cronValues],
  ]) {
    charts.push(await chartIn(folder, name, await filesIn(join(standard, name)), values));
  }
  charts.push(await chartIn(folder, 'settings', settingsFiles(), workloadValues));
  if (command) {
    const made = join(folder, 'made');
    await mkdir(made);
    await run(command, ['create', join(made, 'starter')]);
    charts.push(await chartIn(folder, 'starter', await filesIn(join(made, 'starter')), starterValues));
  }
  return charts;
}

/** Charts of many workloads: one that has the standard ones as five subcharts, and one of 60 templates. */
export async function largeCharts(folder) {
  return [
    await chartIn(folder, 'umbrella', await umbrellaFiles(), umbrellaValues),
    await chartIn(folder, 'components', componentFiles(), componentValues),
  ];
}

/** The same files as a folder for Helm and as an archive for us. */
async function chartIn(folder, name, files, values) {
  const root = join(folder, name);
  for (const [path, content] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  const archive = await packChart(name, '0.1.0', files);
  return {
    name,
    folder: root,
    archive,
    values,
    templates: [...files.keys()].filter((path) => path.endsWith('.yaml') && path.includes('templates/')).length,
  };
}

async function filesIn(root) {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = new Map();
  for (const entry of entries.filter((entry) => entry.isFile())) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    files.set(path.slice(root.length + 1), await readFile(path));
  }
  return files;
}

function workloadValues(n) {
  return {
    image: { repository: `registry.example.com/team/app-${n}`, tag: `v1.0.${n}` },
    replicas: (n % 5) + 1,
    env: { LOG_LEVEL: 'info', RELEASE_NUMBER: n, TOKEN: { secretKeyRef: { name: 'tokens', key: `app-${n}` } } },
    configMap: { data: { GREETING: `hello ${n}`, LIMIT: 1000000 + n } },
    autoscaling: { enabled: n % 2 === 0 },
    disruptionBudget: { enabled: true },
    migrate: { enabled: n % 3 === 0, command: ['./migrate'] },
  };
}

function cronValues(n) {
  const { image, env, configMap } = workloadValues(n);
  return { image, env, configMap, schedule: `${n % 60} 3 * * *` };
}

function starterValues(n) {
  const { image, replicas } = workloadValues(n);
  return { image, replicaCount: replicas, ingress: { enabled: n % 2 === 0 }, autoscaling: { enabled: n % 3 === 0 } };
}

function settingsFiles() {
  const files = {
    'Chart.yaml': 'apiVersion: v2\nname: settings\nversion: 0.1.0\n',
    'values.yaml': 'configMap: { data: {} }\n',
    'templates/settings.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata: {{- toYaml .Values.configMap.data | nindent 2 }}\n',
  };
  return new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));
}

const subcharts = { web: 'service', api: 'service', admin: 'service', mailer: 'worker', importer: 'worker' };

async function umbrellaFiles() {
  const dependencies = Object.entries(subcharts).map(
    ([alias, name]) => `  - { name: ${name}, alias: ${alias}, version: 0.1.0, tags: [parts] }\n`,
  );
  const files = new Map([
    [
      'Chart.yaml',
      Buffer.from(`apiVersion: v2\nname: umbrella\nversion: 0.1.0\ndependencies:\n${dependencies.join('')}`),
    ],
    ['values.yaml', Buffer.from('tags: { parts: true }\n')],
    ['templates/NOTES.txt', Buffer.from('{{ .Release.Name }} has {{ len .Subcharts }} parts\n')],
  ]);
  for (const name of new Set(Object.values(subcharts))) {
    for (const [path, content] of await filesIn(join(standard, name))) files.set(`charts/${name}/${path}`, content);
  }
  return files;
}

function umbrellaValues(n) {
  return Object.fromEntries(Object.keys(subcharts).map((alias) => [alias, workloadValues(n)]));
}

function componentFiles() {
  const files = new Map([
    ['Chart.yaml', 'apiVersion: v2\nname: components\nversion: 0.1.0\nappVersion: "1.0"\n'],
    ['templates/_helpers.tpl', helpers],
    ['templates/NOTES.txt', '{{ range $name, $_ := .Values.components }}{{ $name }} {{ end }}\n'],
  ]);
  const defaults = Array.from({ length: components }, (_, n) => `  part-${n}:\n${componentDefaults}`);
  files.set('values.yaml', `image: { registry: registry.example.com, tag: "" }\ncomponents:\n${defaults.join('')}`);
  for (let n = 0; n < components; n += 1) {
    for (const [kind, text] of Object.entries(kinds)) {
      files.set(`templates/part-${n}-${kind}.yaml`, text.replaceAll('PART', `part-${n}`));
    }
  }
  return new Map([...files].map(([path, text]) => [path, Buffer.from(text)]));
}

function componentValues(n) {
  const parts = Array.from({ length: components }, (_, at) => [`part-${at}`, { replicas: ((n + at) % 4) + 1 }]);
  return { image: { tag: `v1.0.${n}` }, components: Object.fromEntries(parts) };
}

const componentDefaults = `    replicas: 1
    port: 8080
    annotations: {}
    env: { LOG_LEVEL: info, REGION: eu-west-1, CACHE_URL: "redis://{{ .Release.Name }}-cache:6379" }
    resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 256Mi } }
    files: { application.properties: "mode=live\\nretries=3\\n", logging.json: '{"level": "info"}' }
`;

const helpers = `{{- define "components.fullname" -}}
{{- printf "%s-%s" .root.Release.Name .part | trunc 63 | trimSuffix "-" -}}
{{- end }}
{{- define "components.selector" -}}
app.kubernetes.io/name: {{ .part }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}
{{- define "components.labels" -}}
{{ include "components.selector" . }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ .root.Values.image.tag | default .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}
`;

const head = `{{- $part := index .Values.components "PART" }}
{{- $scope := dict "root" $ "part" "PART" }}
`;
const metadata = `metadata:
  name: {{ include "components.fullname" $scope }}
  namespace: {{ .Release.Namespace }}
  labels: {{- include "components.labels" $scope | nindent 4 }}
`;
const kinds = {
  deployment: `${head}apiVersion: apps/v1
kind: Deployment
${metadata}spec:
  replicas: {{ $part.replicas }}
  selector:
    matchLabels: {{- include "components.selector" $scope | nindent 6 }}
  template:
    metadata:
      annotations:
        checksum/config: {{ $part.files | toJson | sha256sum }}
        {{- with $part.annotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      labels: {{- include "components.labels" $scope | nindent 8 }}
    spec:
      containers:
        - name: PART
          image: {{ printf "%s/PART:%s" .Values.image.registry .Values.image.tag | quote }}
          ports:
            - { name: http, containerPort: {{ $part.port }} }
          env:
            {{- range $name, $value := $part.env }}
            - { name: {{ $name }}, value: {{ tpl $value $ | quote }} }
            {{- end }}
          {{- with $part.resources }}
          resources: {{- toYaml . | nindent 12 }}
          {{- end }}
          volumeMounts:
            - { name: config, mountPath: /etc/PART }
      volumes:
        - name: config
          configMap: { name: {{ include "components.fullname" $scope }} }
`,
  service: `${head}apiVersion: v1
kind: Service
${metadata}spec:
  selector: {{- include "components.selector" $scope | nindent 4 }}
  ports:
    - { name: http, port: 80, targetPort: {{ $part.port }} }
`,
  configmap: `${head}apiVersion: v1
kind: ConfigMap
${metadata}data:
  {{- range $name, $text := $part.files }}
  {{ $name }}: |
    {{- $text | nindent 4 }}
  {{- end }}
`,
};
