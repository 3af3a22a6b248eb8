import { repositoryLabel, syncAnnotations } from '@shipit/contracts';
import { describe, expect, it } from 'vitest';
import { key, releaseFile, repositoryId, setUp } from '../../test/deployer-fixture.js';

const path = 'releases/word-counts.yaml';

function names(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `service-${at}`);
}

function filesOf(all: readonly string[]): Record<string, string> {
  return Object.fromEntries(all.map((name) => [`releases/${name}.yaml`, releaseFile('one', { name })]));
}

const gone = (all: readonly string[]) => Object.fromEntries(all.map((name) => [`releases/${name}.yaml`, null]));

describe('following the repository', () => {
  it('creates an object for each release, bearing where it came from', async () => {
    const fixture = await setUp({ [path]: releaseFile('one') });
    await fixture.sync.run();
    const { metadata, spec } = (await fixture.object()) ?? {};
    expect(metadata?.labels).toMatchObject({ [repositoryLabel]: repositoryId });
    expect(metadata?.annotations).toMatchObject({
      'shipit.dev/squad': 'velocity',
      [syncAnnotations.commit]: fixture.git.tip,
      [syncAnnotations.path]: path,
      [syncAnnotations.actor]: 'Ann <ann@example.com>',
    });
    expect(spec).toMatchObject({ chart: { name: 'web' }, values: { image: { tag: 'one' } } });
  });

  it('takes deploy id, push id, trace and actor from the commit that changed the release, however many came after it', async () => {
    const fixture = await setUp({ [path]: releaseFile('one') });
    await fixture.sync.run();
    const digest = `sha256:${'a'.repeat(64)}`;
    const trailer = `Deploy: ${key} registry.example/word-counts:two@${digest} from=one pushed=2026-01-01T00:00:00Z id=${'d'.repeat(32)} push=${'e'.repeat(32)}`;
    const message = `Deploy word-counts two\n\n${trailer}\nTrace-Id: ${'f'.repeat(32)}\nActor: Ship-it`;
    const change = await fixture.git.push({ [path]: releaseFile('two') }, { message });
    await fixture.git.push({ 'README.md': 'something else' });
    await fixture.sync.run();
    expect((await fixture.object())?.metadata.annotations).toMatchObject({
      [syncAnnotations.commit]: change,
      [syncAnnotations.deployId]: 'd'.repeat(32),
      [syncAnnotations.pushId]: 'e'.repeat(32),
      [syncAnnotations.traceId]: 'f'.repeat(32),
      [syncAnnotations.actor]: 'Ship-it',
    });
  });

  it('keeps the commit where only words beside the spec changed, and forgets what the commit before brought', async () => {
    const fixture = await setUp({ [path]: releaseFile('one', { annotations: ', shipit.dev/slack: "#one"' }) });
    await fixture.sync.run();
    const first = fixture.git.tip;
    await fixture.commit(releaseFile('one', { annotations: ', shipit.dev/autodeploy: "true"' }));
    const annotations = (await fixture.object())?.metadata.annotations;
    expect(annotations).toMatchObject({ [syncAnnotations.commit]: first, 'shipit.dev/autodeploy': 'true' });
    expect(annotations).not.toHaveProperty('shipit.dev/slack');
  });

  it('counts a change of a chart in the repository as a change of the release', async () => {
    const fixture = await setUp({ [path]: releaseFile('one') });
    await fixture.sync.run();
    const change = await fixture.git.push({ 'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.1.0\n' });
    await fixture.sync.run();
    expect((await fixture.object())?.metadata.annotations).toMatchObject({ [syncAnnotations.commit]: change });
  });

  it('takes a hand’s change of the spec back', async () => {
    const fixture = await setUp({ [path]: releaseFile('one') });
    await fixture.sync.run();
    const ref = { apiVersion: 'shipit.dev/v1beta1', kind: 'HelmRelease', namespace: 'default', name: 'word-counts' };
    await fixture.cluster.mergePatch(ref, { spec: { values: { image: { tag: 'by-hand' } } } });
    await fixture.sync.run();
    expect((await fixture.object())?.spec.values).toMatchObject({ image: { tag: 'one' } });
  });

  it('does not go back to an older commit of a clone that is behind', async () => {
    const fixture = await setUp({ [path]: releaseFile('one') });
    const behind = fixture.git.tip;
    await fixture.commit(releaseFile('two'));
    fixture.git.fetch = () => Promise.resolve(behind);
    await fixture.sync.run();
    expect((await fixture.object())?.spec.values).toMatchObject({ image: { tag: 'two' } });
  });

  it('goes back with a branch that was moved back and stays there, and reports it', async () => {
    const fixture = await setUp({ [path]: releaseFile('one') });
    const before = fixture.git.tip;
    await fixture.commit(releaseFile('two'));
    fixture.git.fetch = () => Promise.resolve(before);
    await fixture.sync.run();
    await fixture.clock.advance(30_000);
    await fixture.sync.run();
    expect((await fixture.object())?.spec.values).toMatchObject({ image: { tag: 'one' } });
    expect(problems(fixture)).toEqual(['SHIPIT_GIT_HISTORY_REWRITTEN']);
  });

  it('follows a force-push, and reports it', async () => {
    const fixture = await setUp({ [path]: releaseFile('one') });
    const base = fixture.git.tip;
    await fixture.commit(releaseFile('two'));
    await fixture.git.push({ [path]: releaseFile('three') }, { parent: base });
    await fixture.sync.run();
    expect((await fixture.object())?.spec.values).toMatchObject({ image: { tag: 'three' } });
    expect(problems(fixture)).toEqual(['SHIPIT_GIT_HISTORY_REWRITTEN']);
  });

  it('never touches an object of another repository', async () => {
    const fixture = await setUp({ [path]: releaseFile('one') });
    await fixture.sync.run();
    const ref = { apiVersion: 'shipit.dev/v1beta1', kind: 'HelmRelease', namespace: 'default', name: 'word-counts' };
    await fixture.cluster.mergePatch(ref, { metadata: { labels: { [repositoryLabel]: 'another' } } });
    await fixture.commit(releaseFile('two'));
    expect((await fixture.object())?.spec.values).toMatchObject({ image: { tag: 'one' } });
    await fixture.commit(null);
    expect(await fixture.object()).toBeDefined();
    expect(problems(fixture)).toEqual(['SHIPIT_RELEASE_OF_ANOTHER_REPOSITORY']);
  });

  it('changes neither of two files that declare one release, and reports both', async () => {
    const fixture = await setUp({ [path]: releaseFile('one') });
    await fixture.sync.run();
    await fixture.git.push({ 'releases/copy.yaml': releaseFile('two') });
    await fixture.sync.run();
    expect((await fixture.object())?.spec.values).toMatchObject({ image: { tag: 'one' } });
    expect(problems(fixture)).toEqual(['SHIPIT_RELEASE_TWICE']);
    expect(fixture.events.published[0]?.data).toMatchObject({
      message: expect.stringMatching(/word-counts\.yaml.*copy\.yaml|copy\.yaml.*word-counts\.yaml/),
    });
  });

  it('reports a problem once, however often it is seen', async () => {
    const fixture = await setUp({ [path]: 'kind: HelmRelease\napiVersion: [' });
    await fixture.sync.run();
    await fixture.sync.run();
    expect(problems(fixture)).toEqual(['SHIPIT_RELEASE_FILE']);
  });

  it('is not stopped for the others by a file that cannot be read', async () => {
    const fixture = await setUp({ [path]: releaseFile('one'), 'releases/broken.yaml': '{{ broken' });
    await fixture.sync.run();
    expect(await fixture.object()).toBeDefined();
  });
});

describe('a release that is gone from the repository', () => {
  const removed = async (fixture: Awaited<ReturnType<typeof setUp>>) =>
    (await fixture.objects.list()).filter(({ metadata }) => metadata.deletionTimestamp).length;

  it('is deleted', async () => {
    const fixture = await setUp({ [path]: releaseFile('one') });
    await fixture.sync.run();
    await fixture.commit(null);
    expect(await removed(fixture)).toBe(1);
  });

  it('is not deleted where only its file has another name', async () => {
    const fixture = await setUp({ [path]: releaseFile('one') });
    await fixture.sync.run();
    const { metadata } = (await fixture.object()) ?? {};
    await fixture.git.push({ [path]: null, 'releases/elsewhere/counts.yml': releaseFile('one') });
    await fixture.sync.run();
    const now = (await fixture.object())?.metadata;
    expect(now).toMatchObject({ uid: metadata?.uid, generation: metadata?.generation });
    expect(now?.annotations).toMatchObject({
      [syncAnnotations.path]: 'releases/elsewhere/counts.yml',
      [syncAnnotations.commit]: metadata?.annotations?.[syncAnnotations.commit],
    });
  });

  it('is not deleted while any file cannot be read, and that is told', async () => {
    const fixture = await setUp({ [path]: releaseFile('one') });
    await fixture.sync.run();
    await fixture.git.push({ [path]: null, 'releases/broken.yaml': 'a: [' });
    await fixture.sync.run();
    expect(await removed(fixture)).toBe(0);
    expect(problems(fixture)).toContain('SHIPIT_REMOVAL_WAITS');

    await fixture.git.push({ 'releases/broken.yaml': null });
    await fixture.sync.run();
    expect(await removed(fixture)).toBe(1);
  });

  it('waits for approval where more than three are gone, until a commit allows as many', async () => {
    const all = names(4);
    const fixture = await setUp(filesOf(all));
    await fixture.sync.run();
    await fixture.git.push(gone(all));
    await fixture.sync.run();
    expect(await removed(fixture)).toBe(0);
    expect(problems(fixture)).toEqual(['SHIPIT_REMOVALS_WAIT']);

    await fixture.git.push({ 'README.md': 'a' }, { message: 'Too few\n\nAllow-Removal: 3' });
    await fixture.sync.run();
    expect(await removed(fixture)).toBe(0);

    await fixture.git.push({ 'README.md': 'b' }, { message: 'As many\n\nAllow-Removal: 4' });
    await fixture.sync.run();
    expect(await removed(fixture)).toBe(4);
  });

  it('is not covered by an approval from before', async () => {
    const all = names(4);
    const fixture = await setUp(filesOf(all));
    await fixture.git.push({ 'README.md': 'a' }, { message: 'Early\n\nAllow-Removal: 10' });
    await fixture.sync.run();
    await fixture.git.push(gone(all));
    await fixture.sync.run();
    expect(await removed(fixture)).toBe(0);
  });
});

function problems({ events }: Awaited<ReturnType<typeof setUp>>): unknown[] {
  return events.published.map((event) => (event.type === 'release.problem' ? event.data.code : event.type));
}
