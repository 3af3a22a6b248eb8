import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const repository = 'registry.example.com:5000/shop/checkout-api';

/** Writes files of about 1 kB as repositories have them, in 20 folders; the image stands in the given share of them. */
export async function writeFiles(folder, { count, share }) {
  for (let n = 0; n < 20; n += 1) await mkdir(join(folder, `team-${n}`), { recursive: true });
  const files = Array.from({ length: count }, (_, n) => {
    const isUsed = n % 100 < share * 100;
    const image = isUsed ? repository : `registry.example.com:5000/shop/service-${n % 50}`;
    const [shape, text] = shapes[Math.floor(n / 20) % shapes.length](`app-${n}`, image);
    return { path: join(folder, `team-${n % 20}`, `${shape}-${n}.yaml`), text, isUsed };
  });
  for (const { path, text } of files) await writeFile(path, text);
  return files;
}

const shapes = [
  (name, image) => [
    'deployment',
    `# Owned by the team of ${name}. Größe: klein.
apiVersion: apps/v1
kind: Deployment
metadata:
    name:   ${name}
    labels: { app: ${name}, tier: "backend" }
spec:
    replicas: 3   # more on Fridays
    selector:
        matchLabels:
            app: ${name}
    template:
        metadata:
            labels:
                app: ${name}
        spec:
            containers:
            -   name: app
                image: ${image}:v1.2.3    # set by Ship-it
                ports:
                -   containerPort: 8080
                    name: http
                env:
                -   { name: LOG_LEVEL, value: 'info' }
                -   name: DATABASE_URL
                    value: postgres://db.example.com:5432/${name}
                resources:
                    requests: { cpu: 100m, memory: 128Mi }
                    limits:   { memory: 256Mi }
                readinessProbe:
                    httpGet: { path: /healthz, port: http }
                    periodSeconds: 10
                volumeMounts:
                -   name: config
                    mountPath: /etc/app
            volumes:
            -   name: config
                configMap: { name: ${name} }
`,
  ],
  (name, image) => [
    'values',
    `## Values of ${name}
## ref: https://example.com/charts/service

image:
  ## where it comes from
  repository: "${image}"
  tag: "v1.2.3"

  pullPolicy: IfNotPresent


replicaCount: 2

service:
  type: ClusterIP
  port: 80

ingress:
  enabled: yes
  hosts:
  - host: ${name}.example.com
    paths: ['/', '/api']
  tls: []

resources: {}
  # limits:
  #   cpu: 100m
  #   memory: 128Mi

autoscaling: {enabled: false, minReplicas: 1, maxReplicas: 100}

podAnnotations:
  checksum/config: '0755'
  description: >-
    Takes orders of customers
    and hands them on

extraEnv: |
  - name: MODE
    value: ${name}

nodeSelector: { }
tolerations: [ ]
affinity: { }
`,
  ],
  (name, image) => [
    'release',
    `apiVersion: shipit.dev/v1beta1
kind: HelmRelease
metadata:
  name: ${name}
  namespace: shop
  annotations:
    shipit.dev/autodeploy: 'true'
spec:
  chart:
    repository: oci://registry.example.com:5000/charts
    name: service
    version: 1.10.0
  values:
    image:
      repository: ${image}
      tag: v1.2.3
    replicas: 2
    env: {LOG_LEVEL: info, REGION: eu-central-1}
    resources:
      requests: {cpu: 100m, memory: 128Mi}
      limits: {memory: 256Mi}
    ingress:
      hosts:
        - ${name}.example.com
        - ${name}.internal.example.com
    probes:
      path: /healthz
      period: 10
    config:
      timeout: 30s
      retries: 3
      upstreams:
        - https://one.example.com
        - https://two.example.com
    labels:
      team: shop
      tier: backend
    annotations:
      cost-center: "00123"
      on-call: 'https://example.com/on-call/${name}'
`.replaceAll('\n', '\r\n'),
  ],
];
