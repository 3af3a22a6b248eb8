import { BUILT_IN_RESOURCES } from './built-in-resources.js';
import { apiVersionOf, type ResourceType } from './resource-type.js';

/** Which kinds are served: the built-in ones, and those of the custom resource definitions. */
export class ResourceRegistry {
  private readonly custom = new Map<string, ResourceType[]>();

  all(): ResourceType[] {
    return [...BUILT_IN_RESOURCES, ...[...this.custom.values()].flat()];
  }

  find(group: string, version: string, plural: string): ResourceType | undefined {
    return this.all().find((type) => type.group === group && type.version === version && type.plural === plural);
  }

  /** A kind in the version named, for owner references and controllers. */
  findKind(apiVersion: string, kind: string): ResourceType | undefined {
    return this.all().find((type) => type.kind === kind && apiVersionOf(type) === apiVersion);
  }

  builtIn(kind: string): ResourceType {
    const found = BUILT_IN_RESOURCES.find((type) => type.kind === kind);
    if (!found) throw new Error(`${kind} is not a built-in kind`);
    return found;
  }

  /** One entry per stored kind, whatever the number of its versions. */
  storedKinds(): ResourceType[] {
    const seen = new Map(this.all().map((type) => [`${type.group}/${type.plural}`, type]));
    return [...seen.values()];
  }

  define(definition: string, types: ResourceType[]): void {
    this.custom.set(definition, types);
  }

  forget(definition: string): void {
    this.custom.delete(definition);
  }
}
