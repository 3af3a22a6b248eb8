import { fieldAt, listAt, textAt } from '@shipit/health';
import type { ApiConnection } from './api-connection.js';
import type { Capabilities } from './cluster.js';
import { isClusterError } from './cluster-error.js';

export interface ServedKind {
  /** The group and version's path and the plural: `/apis/apps/v1` and `deployments`. */
  base: string;
  plural: string;
  isNamespaced: boolean;
}

interface ServedVersion {
  kinds: Map<string, ServedKind>;
  allKinds: string[];
  at: number;
}

const freshMs = 60_000;
/** Charts name kinds, and what is asked for is a path: nothing else may be reached by it. */
const apiVersionForm = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
/** A kind that is missing may just have been defined: ask again, but not at every call. */
const missingMs = 1_000;

/** What the cluster serves, asked for once and kept for a minute. */
export class Discovery {
  private readonly versions = new Map<string, Promise<ServedVersion | undefined>>();
  private known: { at: number; capabilities: Promise<Capabilities> } | undefined;

  constructor(
    private readonly connection: ApiConnection,
    private readonly where: string,
  ) {}

  async find(apiVersion: string, kind: string): Promise<ServedKind | undefined> {
    const version = await this.version(apiVersion, freshMs);
    const found = version?.kinds.get(kind);
    if (found || !version) return found;
    return (await this.version(apiVersion, missingMs))?.kinds.get(kind);
  }

  capabilities(): Promise<Capabilities> {
    if (!this.known || Date.now() - this.known.at > freshMs) {
      this.known = { at: Date.now(), capabilities: this.loadCapabilities() };
      this.known.capabilities.catch(() => this.forget());
    }
    return this.known.capabilities;
  }

  forget(): void {
    this.versions.clear();
    this.known = undefined;
  }

  private async version(apiVersion: string, maxAgeMs: number): Promise<ServedVersion | undefined> {
    const cached = await this.versions.get(apiVersion)?.catch(() => undefined);
    if (cached && Date.now() - cached.at <= maxAgeMs) return cached;
    const loading = this.load(apiVersion);
    this.versions.set(apiVersion, loading);
    try {
      const loaded = await loading;
      if (!loaded) this.versions.delete(apiVersion);
      return loaded;
    } catch (error) {
      this.versions.delete(apiVersion);
      throw error;
    }
  }

  private async load(apiVersion: string): Promise<ServedVersion | undefined> {
    if (!apiVersionForm.test(apiVersion)) return undefined;
    const base = `/${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}`;
    const answer = await this.get(base, `list the kinds of ${apiVersion}`).catch((error: unknown) => {
      if (isClusterError(error, 'NotFound')) return undefined;
      throw error;
    });
    if (answer === undefined) return undefined;
    const resources = listAt(answer, 'resources');
    const kinds = resources
      .filter((resource) => !textAt(resource, 'name').includes('/'))
      .map((resource): [string, ServedKind] => [
        textAt(resource, 'kind'),
        { base, plural: textAt(resource, 'name'), isNamespaced: fieldAt(resource, 'namespaced') === true },
      ]);
    return { kinds: new Map(kinds), allKinds: resources.map((resource) => textAt(resource, 'kind')), at: Date.now() };
  }

  private async loadCapabilities(): Promise<Capabilities> {
    const [version, core, groups] = await Promise.all([
      this.get('/version', 'read the version'),
      this.get('/api', 'list the core versions'),
      this.get('/apis', 'list the API groups'),
    ]);
    const grouped = listAt(groups, 'groups').flatMap((group) =>
      listAt(group, 'versions').map((entry) => textAt(entry, 'groupVersion')),
    );
    const names = [...listAt(core, 'versions').filter((name) => typeof name === 'string'), ...grouped];
    // An aggregated API whose server is down does not stop the others; Helm does the same.
    const served = await Promise.all(names.map((name) => this.version(name, freshMs).catch(() => undefined)));
    const apiVersions = new Set<string>();
    names.forEach((name, index) => {
      apiVersions.add(name);
      for (const kind of served[index]?.allKinds ?? []) apiVersions.add(`${name}/${kind}`);
    });
    return { kubeVersion: textAt(version, 'gitVersion'), apiVersions: [...apiVersions] };
  }

  private get(path: string, doing: string): Promise<unknown> {
    return this.connection.call({ method: 'GET', path, doing: `${doing} ${this.where}` });
  }
}
