import type { ChartRenderer } from '@shipit/charts';
import { describe, expect, it } from 'vitest';
import { type DeployerFixture, releaseFile, setUp } from '../../test/deployer-fixture.js';

const file = 'releases/word-counts.yaml';
const crdFile = 'charts/web/crds/bells.yaml';

const crd = (field: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: bells.example.com, labels: {field: ${field}}}
spec:
  group: example.com
  names: {kind: Bell, plural: bells}
  scope: Namespaced
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
`;

async function fieldOf({ cluster }: DeployerFixture): Promise<string | undefined> {
  const ref = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name: 'bells.example.com' };
  return (await cluster.read(ref))?.metadata.labels?.['field'];
}

/** Deploys a chart with one definition, then the same with another. */
async function deployTwice(policy: string) {
  const spec = `  crds: ${policy}\n`;
  const fixture = await setUp({ [file]: releaseFile('one', { spec }), [crdFile]: crd('old') });
  const good = fixture.git.tip;
  await fixture.deploy();
  const bad = await fixture.git.push({ [file]: releaseFile('two', { spec }), [crdFile]: crd('new') });
  await fixture.deploy();
  return { fixture, good, bad, spec };
}

describe('definitions of a chart', () => {
  it.each([
    ['create', 'old'],
    ['upgrade', 'new'],
    ['skip', undefined],
  ])('with the policy %s', async (policy, field) => {
    const { fixture } = await deployTwice(policy);
    expect(await fieldOf(fixture)).toBe(field);
  });

  it('are not rendered again to be applied', async () => {
    const rendered: number[] = [];
    const renderer = (real: ChartRenderer): ChartRenderer => ({
      render: (request) => {
        rendered.push(request.revision);
        return real.render(request);
      },
    });
    const fixture = await setUp({ [file]: releaseFile('one'), [crdFile]: crd('old') }, { renderer });
    await fixture.deploy();
    expect(await fieldOf(fixture)).toBe('old');
    expect(rendered).toEqual([1]);
  });

  it('stay the newer ones when the release goes back: objects that need them may be there', async () => {
    const { fixture, good, bad, spec } = await deployTwice('upgrade');
    const message = `Roll back\n\nRollback: default/word-counts of=${bad} to=${good} id=${'b'.repeat(32)}\nActor: Ship-it`;
    await fixture.git.push({ [file]: releaseFile('one', { spec }), [crdFile]: crd('old') }, { message });
    await fixture.deploy();
    expect(await fixture.status()).toMatchObject({ state: 'RolledBack', revision: 3 });
    expect(await fieldOf(fixture)).toBe('new');
  });
});
