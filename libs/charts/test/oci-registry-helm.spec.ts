import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedOciRegistry, startOciRegistry } from '@shipit/embedded';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HelmEngine } from '../src/helm-engine.js';
import { chartOf } from '../src/in-memory-chart-source.js';
import { OciChartSource } from '../src/oci-chart-source.js';
import { digestOf } from '../src/pack-chart.js';
import { findHelm, helm } from '@shipit/testing';

const command = findHelm();

describe.skipIf(!command)('charts of a registry and Helm (needs helm 4 in KUBEBUILDER_ASSETS or on PATH)', () => {
  const engine = new HelmEngine({ workers: 1 });
  let folder: string;
  let registry: EmbeddedOciRegistry;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shipit-oci-'));
    registry = await startOciRegistry();
  });
  afterAll(async () => {
    await registry.close();
    await engine.close();
    await rm(folder, { recursive: true });
  });

  it('are fetched by Ship-it where `helm push` put them', async () => {
    const { archive } = await chartOf({ 'templates/a.yaml': 'a: 1' }, { version: '1.2.3+b.1' });
    const file = join(folder, 'web-1.2.3+b.1.tgz');
    await writeFile(file, archive);
    await runHelm('push', file, `oci://${registry.host}/team`);
    const source = new OciChartSource(engine, { allowPlainHttp: true });
    const reference = { repository: `oci://${registry.host}/team`, name: 'web', version: '1.2.3+b.1' };
    expect(await source.fetch(reference)).toEqual({
      archive,
      name: 'web',
      version: '1.2.3+b.1',
      digest: digestOf(archive),
    });
  });

  it('are pulled by Helm where the stand-in holds them for Ship-it', async () => {
    const { archive } = await chartOf({ 'values.yaml': 'a: 1' }, { version: '2.0.0' });
    registry.pushChart('other/web', '2.0.0', archive);
    await runHelm('pull', `oci://${registry.host}/other/web`, '--version', '2.0.0', '--destination', folder);
    expect(await readFile(join(folder, 'web-2.0.0.tgz'))).toEqual(Buffer.from(archive));
  });

  async function runHelm(...args: string[]): Promise<void> {
    const said = await helm(command ?? '', [...args, '--plain-http'], { HOME: folder });
    if (said.startsWith('failed')) throw new Error(said);
  }
});
