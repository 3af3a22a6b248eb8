import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Registry } from './registry.js';

export interface RegistryUnderTest {
  readonly registry: Registry;
  /** The host of the one registry that is configured. */
  readonly host: string;
  /** Pushes an image, made up from `content`, under a tag; creates the repository. Answers its digest. */
  push(repository: string, tag: string, content: string): Promise<string>;
  close(): Promise<void>;
}

const since = new Date('2020-01-01T00:00:00Z');

/** What every Registry promises. */
export function describeRegistry(name: string, start: () => Promise<RegistryUnderTest>): void {
  describe(name, () => {
    let part: RegistryUnderTest;
    beforeAll(async () => {
      part = await start();
    });
    afterAll(() => part.close());

    const newName = (): string => `contract/${randomUUID()}`;

    it('tells digest, push time and media type of the image behind a tag', async () => {
      const repository = newName();
      const digest = await part.push(repository, 'v1', 'one');
      const described = await part.registry.describe({ registry: part.host, repository, tag: 'v1' });

      expect(described).toMatchObject({ digest, mediaType: 'application/vnd.oci.image.manifest.v1+json' });
      expect(Math.abs((described?.pushedAt.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
    });

    it('knows the registry by its other host names', async () => {
      const repository = newName();
      const digest = await part.push(repository, 'v1', 'one');
      const registry = part.host.replace('.dkr.ecr.', '.dkr.ecr-fips.');

      expect(await part.registry.describe({ registry, repository, tag: 'v1' })).toMatchObject({ digest });
    });

    it('answers nothing for a tag, a repository or a registry that is not there', async () => {
      const repository = newName();
      await part.push(repository, 'v1', 'one');
      const describeTag = (change: object) =>
        part.registry.describe({ registry: part.host, repository, tag: 'v1', ...change });

      expect(await describeTag({ tag: 'v2' })).toBeUndefined();
      expect(await describeTag({ repository: 'not/there' })).toBeUndefined();
      expect(await describeTag({ registry: '999999999999.dkr.ecr.us-east-1.amazonaws.com' })).toBeUndefined();
      expect(await describeTag({ registry: 'docker.io' })).toBeUndefined();
      expect(await part.registry.newest({ registry: part.host, repository: 'not/there' }, since)).toEqual([]);
      expect(await part.registry.newest({ registry: 'docker.io', repository }, since)).toEqual([]);
    });

    it('follows a tag that was moved', async () => {
      const repository = newName();
      await part.push(repository, 'latest', 'one');
      const digest = await part.push(repository, 'latest', 'two');

      expect(await part.registry.describe({ registry: part.host, repository, tag: 'latest' })).toMatchObject({
        digest,
      });
      expect(await part.registry.newest({ registry: part.host, repository }, since)).toMatchObject([{ digest }]);
    });

    it('lists every tag that was pushed since then, oldest first', async () => {
      const repository = newName();
      const first = await part.push(repository, 'v1', 'one');
      await new Promise((resolve) => setTimeout(resolve, 20));
      const second = await part.push(repository, 'v2', 'two');
      const name = { registry: part.host, repository };

      expect((await part.registry.newest(name, since)).map(({ image }) => image)).toEqual([
        { ...name, tag: 'v1', digest: first },
        { ...name, tag: 'v2', digest: second },
      ]);
      expect(await part.registry.newest(name, new Date(Date.now() + 60_000))).toEqual([]);
    });

    it('lists an image once for each of its tags', async () => {
      const repository = newName();
      await part.push(repository, 'v1', 'one');
      await part.push(repository, 'stable', 'one');
      const found = await part.registry.newest({ registry: part.host, repository }, since);

      expect(found.map(({ image }) => image.tag).sort()).toEqual(['stable', 'v1']);
    });

    it('lists the repositories of the registry', async () => {
      const repository = newName();
      await part.push(repository, 'v1', 'one');

      expect(await part.registry.repositories(part.host)).toContain(repository);
      expect(await part.registry.repositories('docker.io')).toEqual([]);
    });

    it('stops asking when it is told to', async () => {
      const image = { registry: part.host, repository: 'any', tag: 'v1' };

      await expect(part.registry.describe(image, AbortSignal.abort())).rejects.toThrow(/abort/i);
    });
  });
}
