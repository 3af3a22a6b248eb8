import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { run, type RunOptions } from './terminal.js';

/** A repository in a folder of its own, and `shipit validate` in front of it. */
export async function setUpRepository() {
  const folder = await mkdtemp(join(tmpdir(), 'shipit-validate-'));
  const told = (text: string): string =>
    text.replaceAll(`${relative('.', folder)}/`, '../').replaceAll(`${folder}/`, '');
  return {
    folder,
    async put(files: Record<string, string | Uint8Array>): Promise<void> {
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), content);
      }
    },
    /** Files are told as they are named in the repository. */
    async validate(
      words = '--offline',
      { path = '.', environment = {}, ...options }: RunOptions & { path?: string } = {},
    ) {
      const { code, out, error } = await run(`validate ${join(folder, path)} --root ${folder} ${words}`, {
        environment: { HOME: folder, ...environment },
        ...options,
      });
      return { code, out: told(out), error: told(error), lines: told(out).split('\n').slice(0, -1) };
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

export function release(
  name: string,
  { spec = '', metadata = '', chart = 'repository: ./charts, name: web' } = {},
): string {
  return `apiVersion: shipit.dev/v1beta1
kind: HelmRelease
metadata:
  name: ${name}
${metadata}spec:
  chart: {${chart}}
${spec}`;
}

const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    global: {},
    replicas: { type: 'integer' },
    image: { type: 'object', required: ['tag'], properties: { tag: { type: 'string' } } },
    ports: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } },
    size: { oneOf: [{ type: 'integer' }, { enum: ['small'] }] },
  },
};

/** A chart in the repository. */
export const web = {
  'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.2.3\n',
  'charts/web/values.schema.json': JSON.stringify(schema),
  'charts/web/templates/config.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\ndata: {replicas: "{{ .Values.replicas }}"}\n',
};
