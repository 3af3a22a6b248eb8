import type { JsonObject } from '../json.js';
import type { ResourceRegistry } from '../resources/resource-registry.js';
import { apiVersionOf, type ResourceType, type Subresource } from '../resources/resource-type.js';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const SUB_KINDS: Partial<Record<Subresource, { kind: string; group: string; version: string }>> = {
  scale: { kind: 'Scale', group: 'autoscaling', version: 'v1' },
};

export const VERSION: JsonObject = {
  major: '1',
  minor: '35',
  gitVersion: 'v1.35.4+shipit',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'none',
  platform: 'linux/amd64',
};

export function apiVersions(): JsonObject {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
}

export function apiGroupList(registry: ResourceRegistry): JsonObject {
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: groupNames(registry).map((group) => groupEntry(registry, group)),
  };
}

export function apiGroup(registry: ResourceRegistry, group: string): JsonObject | undefined {
  if (!groupNames(registry).includes(group)) return undefined;
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(registry, group) };
}

export function apiResourceList(registry: ResourceRegistry, group: string, version: string): JsonObject | undefined {
  const types = registry.all().filter((type) => type.group === group && type.version === version);
  const first = types[0];
  if (!first) return undefined;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf(first),
    resources: types.flatMap(resourceEntries),
  };
}

/** Everything in one answer, as clients since 1.27 ask for it. `core` is the answer for /api, otherwise for /apis. */
export function aggregatedDiscovery(registry: ResourceRegistry, isCore: boolean): JsonObject {
  const groups = isCore ? [''] : groupNames(registry);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map((group) => groupDiscovery(registry, group)),
  };
}

function groupNames(registry: ResourceRegistry): string[] {
  return [...new Set(registry.all().map((type) => type.group))].filter((group) => group !== '');
}

function versionsOf(registry: ResourceRegistry, group: string): string[] {
  return [
    ...new Set(
      registry
        .all()
        .filter((type) => type.group === group)
        .map((type) => type.version),
    ),
  ];
}

function groupEntry(registry: ResourceRegistry, group: string): JsonObject {
  const versions = versionsOf(registry, group).map((version) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions, preferredVersion: versions[0] };
}

function resourceEntries(type: ResourceType): JsonObject[] {
  const { plural, singular, namespaced, kind, shortNames, categories } = type;
  const main = {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: verbsOf(type),
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
  };
  const below = type.subresources.map((name) => ({
    name: `${plural}/${name}`,
    singularName: '',
    namespaced,
    kind,
    ...SUB_KINDS[name],
    verbs: subresourceVerbs(name),
  }));
  return [main, ...below];
}

function groupDiscovery(registry: ResourceRegistry, group: string): JsonObject {
  const versions = versionsOf(registry, group).map((version) => {
    const types = registry.all().filter((type) => type.group === group && type.version === version);
    return { version, freshness: 'Current', resources: types.map(resourceDiscovery) };
  });
  return { metadata: { name: group === '' ? undefined : group }, versions };
}

function resourceDiscovery(type: ResourceType): JsonObject {
  const { group, version, kind, plural, singular, namespaced, shortNames, categories } = type;
  const responseKind = { group, version, kind };
  return {
    resource: plural,
    responseKind,
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: verbsOf(type),
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    subresources: type.subresources.map((name) => ({
      subresource: name,
      responseKind: SUB_KINDS[name] ?? responseKind,
      verbs: subresourceVerbs(name),
    })),
  };
}

function verbsOf({ isReview }: ResourceType): string[] {
  return isReview ? ['create'] : VERBS;
}

function subresourceVerbs(name: Subresource): string[] {
  return name === 'log' ? ['get'] : ['get', 'patch', 'update'];
}
