import fs from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import git, { type HttpClient } from 'isomorphic-git';
import { GitError } from './git-error.js';
import type { HttpTransport } from './http-transport.js';
import type { GitObject, ObjectStore, ObjectType } from './object-store.js';

export interface BareCloneOptions {
  transport: HttpTransport;
  url: string;
  branch: string;
  /** Folder that gets the throw-away clone; default: the system's. */
  directory?: string | undefined;
  /** So many commits are brought over at first; older ones when somebody asks for them. */
  depth: number;
}

/** So many packs slow down reading; then the small ones become one. */
const MAX_PACKS = 64;
const SMALL_PACK_BYTES = 8 * 1024 * 1024;

/**
 * A throw-away bare clone of one branch in a folder of its own. Never shared and never opened again by a later process:
 * isomorphic-git has no lock and no rename-into-place, so a killed process may leave half a file behind.
 * Not safe for two writers at a time; the repository above takes care of that.
 */
export class BareClone implements ObjectStore {
  private cache = {};
  private deepened: number;

  private constructor(
    private readonly options: BareCloneOptions,
    private readonly gitdir: string,
  ) {
    this.deepened = options.depth;
  }

  static async create(options: BareCloneOptions): Promise<BareClone> {
    const gitdir = await mkdtemp(join(options.directory ?? tmpdir(), 'shipit-git-'));
    const clone = new BareClone(options, gitdir);
    await git.init({ fs, gitdir, bare: true, defaultBranch: options.branch });
    await git.addRemote({ fs, gitdir, remote: 'origin', url: options.url });
    return clone;
  }

  async remove(): Promise<void> {
    await rm(this.gitdir, { recursive: true, force: true });
  }

  /** Brings over the branch's new commits; one request where there are none. */
  async fetch(signal?: AbortSignal): Promise<string> {
    const { url, branch, transport } = this.options;
    const ref = `refs/heads/${branch}`;
    const http = rememberAdvertisement(transport.client(signal));
    const refs = await git.listServerRefs({ http, url, prefix: ref, protocolVersion: 1 });
    const tip = refs.find((candidate) => candidate.ref === ref)?.oid;
    if (!tip) throw new GitError('SHIPIT_GIT_NOT_FOUND', `${transport.where} has no branch "${branch}"`);
    const known = await this.localTip();
    if (known === tip) return tip;
    await this.download(http, known === undefined ? { depth: this.options.depth } : {});
    if (!(await this.read(tip)))
      throw new GitError('SHIPIT_GIT_BROKEN', `${transport.where} did not send commit ${tip}`);
    await git.writeRef({ fs, gitdir: this.gitdir, ref, value: tip, force: true });
    await this.mergeSmallPacks();
    return tip;
  }

  /** Brings over older commits, each time twice as many. False: there are none to be had. */
  async deepen(): Promise<boolean> {
    const before = await this.boundary();
    if (before === '') return false;
    this.deepened *= 2;
    await this.download(this.options.transport.client(), { depth: this.deepened, relative: true });
    // The same boundary: what is asked for was force-pushed away, the server has nothing older of it.
    return (await this.boundary()) !== before;
  }

  async read(id: string): Promise<GitObject | undefined> {
    if (!/^[0-9a-f]{40}$/.test(id)) return undefined;
    try {
      const { type, object } = await git.readObject({
        fs,
        gitdir: this.gitdir,
        oid: id,
        format: 'content',
        cache: this.cache,
      });
      return { type, bytes: object as Uint8Array };
    } catch (error) {
      if ((error as { code?: unknown }).code === 'NotFoundError') return undefined;
      throw new GitError('SHIPIT_GIT_BROKEN', `Object ${id} cannot be read`, { cause: error });
    }
  }

  write(type: ObjectType, bytes: Uint8Array): Promise<string> {
    return git.writeObject({ fs, gitdir: this.gitdir, type, object: bytes, format: 'content' });
  }

  async pack(ids: readonly string[]): Promise<Uint8Array> {
    const { packfile } = await git.packObjects({ fs, gitdir: this.gitdir, oids: [...ids], cache: this.cache });
    if (!packfile) throw new GitError('SHIPIT_GIT_BROKEN', 'The objects of a commit could not be packed');
    return packfile;
  }

  async moveLocalTip(commit: string): Promise<void> {
    await git.writeRef({
      fs,
      gitdir: this.gitdir,
      ref: `refs/heads/${this.options.branch}`,
      value: commit,
      force: true,
    });
  }

  /** The oldest commits that are here, whose parents are not; empty where all history is. */
  private async boundary(): Promise<string> {
    const lines = await readFile(join(this.gitdir, 'shallow'), 'utf8').catch(() => '');
    return lines.trim().split('\n').sort().join('\n');
  }

  private async localTip(): Promise<string | undefined> {
    return git.resolveRef({ fs, gitdir: this.gitdir, ref: `refs/heads/${this.options.branch}` }).catch(() => undefined);
  }

  private async download(http: HttpClient, how: { depth?: number; relative?: boolean }): Promise<void> {
    const { url, branch } = this.options;
    const ref = `refs/heads/${branch}`;
    await git.fetch({
      fs,
      http,
      gitdir: this.gitdir,
      url,
      remote: 'origin',
      ref,
      remoteRef: ref,
      singleBranch: true,
      tags: false,
      cache: this.cache,
      ...how,
    });
  }

  private async mergeSmallPacks(): Promise<void> {
    const folder = join(this.gitdir, 'objects/pack');
    const packs = (await readdir(folder)).filter((name) => name.endsWith('.pack'));
    if (packs.length < MAX_PACKS) return;
    const small: string[] = [];
    for (const name of packs)
      if ((await stat(join(folder, name))).size < SMALL_PACK_BYTES) small.push(name.slice(0, -'.pack'.length));
    const ids = new Set<string>();
    for (const name of small) for (const id of readIndexIds(await readFile(join(folder, `${name}.idx`)))) ids.add(id);
    const { filename } = await git.packObjects({
      fs,
      gitdir: this.gitdir,
      oids: [...ids],
      write: true,
      cache: this.cache,
    });
    await git.indexPack({
      fs,
      dir: this.gitdir,
      gitdir: this.gitdir,
      filepath: `objects/pack/${filename}`,
      cache: this.cache,
    });
    for (const name of small) {
      if (`${name}.pack` === filename) continue;
      await unlink(join(folder, `${name}.idx`));
      await unlink(join(folder, `${name}.pack`));
    }
    this.cache = {};
  }
}

/** Ids in a version 2 pack index: after an 8-byte head, 256 running counts, then the ids. */
function readIndexIds(index: Buffer): string[] {
  const count = index.readUInt32BE(8 + 255 * 4);
  return Array.from({ length: count }, (_, n) => index.toString('hex', 1032 + n * 20, 1052 + n * 20));
}

/** Answers the second reading of the server's refs from the first one. */
function rememberAdvertisement(client: HttpClient): HttpClient {
  type Answer = Awaited<ReturnType<typeof client.request>>;
  let remembered: { answer: Answer; chunks: Uint8Array[] } | undefined;
  return {
    async request(request) {
      if (request.method !== undefined && request.method !== 'GET') return client.request(request);
      if (!remembered) {
        const answer = await client.request(request);
        const chunks: Uint8Array[] = [];
        for await (const chunk of answer.body ?? []) chunks.push(chunk);
        remembered = { answer, chunks };
      }
      return { ...remembered.answer, body: replay(remembered.chunks) };
    },
  };
}

async function* replay(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
