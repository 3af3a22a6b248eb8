import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { chartSources } from './chart-source-for.js';
import { chartSourceContract } from './chart-source.contract.js';
import type { ChartReference } from './chart-source.js';
import { GitChartSource } from './git-chart-source.js';
import { HelmEngine } from './helm-engine.js';
import { HttpsChartSource } from './https-chart-source.js';
import { chartFiles } from './in-memory-chart-source.js';
import { OciChartSource } from './oci-chart-source.js';
import { archiveLimits, readArchive } from './read-archive.js';
import { RepositoryPathSource } from './repository-path-source.js';
import { S3ChartSource } from './s3-chart-source.js';

const engine = new HelmEngine({ workers: 1 });
const sourceFor = chartSources(engine);
afterAll(() => engine.close());

chartSourceContract('the GitOps repository', async ({ archive }) => {
  const files = await readArchive('Reading it', archive);
  const readRepository = (folder: string): Promise<ReadonlyMap<string, Uint8Array>> =>
    Promise.resolve(folder === 'charts/web' ? files : new Map());
  return { source: sourceFor('./charts'), repository: './charts', context: { readRepository } };
});

describe('charts in the GitOps repository', () => {
  it('are packed from their folder, the same content under the same digest', async () => {
    const first = await fetch({ 'templates/a.yaml': 'a: 1', 'values.yaml': 'x: 1' });
    const again = await fetch({ 'values.yaml': 'x: 1', 'templates/a.yaml': 'a: 1' });
    const changed = await fetch({ 'values.yaml': 'x: 2', 'templates/a.yaml': 'a: 1' });
    expect(first).toMatchObject({ name: 'web', version: '1.2.3' });
    expect(again.digest).toBe(first.digest);
    expect(changed.digest).not.toBe(first.digest);
  });

  it('leave out what .helmignore names, as Helm does', async () => {
    const { archive } = await fetch({
      '.helmignore': '# secrets\n*.md\n/tests/\n',
      'README.md': 'x',
      'tests/deep/a.yaml': 'x',
      'templates/.hidden.yaml': 'x',
      'templates/tests/kept.yaml': 'x',
    });
    const files = [...(await readArchive('Reading it', archive)).keys()];
    expect(files).toEqual(['.helmignore', 'Chart.yaml', 'templates/tests/kept.yaml']);
  });

  it.each([
    ['./charts', 'charts/web'],
    ['./', 'web'],
    ['.', 'web'],
    ['./deploy/./charts/', 'deploy/charts/web'],
  ])('of %s are read from %s', async (repository, folder) => {
    const asked: string[] = [];
    await fetch({}, { repository }, (path) => asked.push(path));
    expect(asked).toEqual([folder]);
  });

  it.each([
    ['a folder outside', { repository: './../other' }, 'SHIPIT_CHART_SOURCE', 'stays inside'],
    ['a name with a folder', { name: '../web' }, 'SHIPIT_CHART_SOURCE', 'stays inside'],
    ['another version', { version: '1.2.4' }, 'SHIPIT_CHART_NOT_FOUND', 'write 1.2.3 into spec.chart.version'],
    ['another name', { name: 'api' }, 'SHIPIT_CHART_NOT_FOUND', 'names chart web, not api'],
  ])('are refused for %s', async (_what, reference, code, reason) => {
    const message = expect.stringContaining(reason) as string;
    await expect(fetch({}, reference)).rejects.toMatchObject({ code, message });
  });

  it('are refused where they are larger, packed, than charts from elsewhere may be', async () => {
    const archive = randomBytes(archiveLimits.packedBytes).toString('base64');
    await expect(fetch({ 'charts.bin': archive })).rejects.toMatchObject({
      code: 'SHIPIT_CHART_ARCHIVE',
      message: `Reading chart charts/web of the repository: packed, it is larger than ${archiveLimits.packedBytes} bytes`,
    });
  });

  it('that are not there are told with their folder', async () => {
    const reading = sourceFor('./charts').fetch(
      { repository: './charts', name: 'web', version: '' },
      { readRepository: () => Promise.resolve(new Map()) },
    );
    await expect(reading).rejects.toThrow('charts/web/Chart.yaml does not exist at this commit');
  });
});

describe('choosing a source', () => {
  it.each([
    ['./charts', RepositoryPathSource],
    ['https://example.com/charts', HttpsChartSource],
    ['oci://example.com/charts', OciChartSource],
    ['s3://bucket/charts', S3ChartSource],
    ['git+https://example.com/charts.git?ref=v1', GitChartSource],
  ])('finds the one for %s', (repository, kind) => {
    expect(sourceFor(repository)).toBeInstanceOf(kind);
  });

  it.each(['ftp://example.com/charts', 'file:///charts', 'http://example.com', 'charts', '/charts', ''])(
    'refuses %j and says what is supported',
    (repository) => {
      expect(() => sourceFor(repository)).toThrow('supported are https:// chart repositories, ');
    },
  );
});

async function fetch(
  files: Record<string, string>,
  reference: Partial<ChartReference> = {},
  onRead: (folder: string) => void = () => undefined,
): ReturnType<ReturnType<typeof sourceFor>['fetch']> {
  const chart = { repository: './charts', name: 'web', version: '1.2.3', ...reference };
  return sourceFor(chart.repository).fetch(chart, {
    readRepository: (folder) => {
      onRead(folder);
      return Promise.resolve(chartFiles(files));
    },
  });
}
