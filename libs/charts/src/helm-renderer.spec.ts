import { afterAll, describe, expect, it } from 'vitest';
import type { RenderedChart, RenderRequest } from './chart-renderer.js';
import { setValue } from './chart-renderer.js';
import { HelmEngine } from './helm-engine.js';
import { HelmRenderer } from './helm-renderer.js';
import { packChart } from './pack-chart.js';

const engine = new HelmEngine({ workers: 2, deadlineSeconds: 3 });
const renderer = new HelmRenderer(engine);
afterAll(() => engine.close());

describe('rendering a chart', () => {
  it('gives objects in install order, marked as owned by the release', async () => {
    const rendered = await render({
      'templates/all.yaml': document('Deployment', 'apps/v1') + document('Namespace') + document('ConfigMap'),
    });
    expect(rendered.manifests.map(({ kind }) => kind)).toEqual(['Namespace', 'ConfigMap', 'Deployment']);
    expect(rendered.manifests[0]?.metadata).toEqual({
      name: 'web',
      labels: { 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: { 'meta.helm.sh/release-name': 'web', 'meta.helm.sh/release-namespace': 'shop' },
    });
    expect(rendered.manifestText).not.toContain('meta.helm.sh');
  });
});

function document(kind: string, apiVersion = 'v1'): string {
  return `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: {{ .Release.Name }}\n`;
}

async function render(files: Record<string, string>, request: Partial<RenderRequest> = {}): Promise<RenderedChart> {
  const all = { 'Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.2.3\n', ...files };
  const chart = await packChart(
    'web',
    '1.2.3',
    new Map(Object.entries(all).map(([path, text]) => [path, Buffer.from(text)])),
  );
  return renderer.render({
    chart,
    values: [setValue('a=1')],
    name: 'web',
    namespace: 'shop',
    revision: 1,
    isUpgrade: false,
    ...request,
  });
}
