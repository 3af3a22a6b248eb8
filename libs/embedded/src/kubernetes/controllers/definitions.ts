import { at, isObject, objectAt, objectsAt, textAt, textsAt, type JsonObject } from '../json.js';
import type { KubeObject } from '../objects.js';
import type { ResourceRegistry } from '../resources/resource-registry.js';
import type { ResourceType, Subresource } from '../resources/resource-type.js';
import { customFields } from '../schema/custom-fields.js';
import { customColumns } from '../tables/custom-columns.js';
import type { ObjectWriter } from '../api/object-writer.js';
import { isTrue, withConditions } from './conditions.js';
import { Kind, keyOf, type Controller } from './controller.js';

const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';

/** Serves what custom resource definitions define, from the moment they are written. */
export function followDefinitions(writer: ObjectWriter): () => void {
  const storage = 'apiextensions.k8s.io/customresourcedefinitions';
  for (const definition of writer.store.list(storage)) define(writer.registry, definition);
  return writer.store.subscribe((change) => {
    if (change.storage !== storage) return;
    if (change.type === 'DELETED') writer.registry.forget(change.object.metadata.name);
    else define(writer.registry, change.object);
  });
}

/** Establishes definitions, and deletes their objects before they go. */
export class DefinitionController implements Controller {
  readonly name = 'kube-apiserver';
  private readonly definitions: Kind;

  constructor(private readonly writer: ObjectWriter) {
    this.definitions = new Kind(writer, writer.registry.builtIn('CustomResourceDefinition'), this.name);
  }

  keysOf({ type, storage, object }: { type: string; storage: string; object: KubeObject }): string[] {
    if (storage === this.definitions.storage) return [keyOf(object)];
    const [group = '', plural = ''] = storage.split('/');
    return type === 'DELETED' && group !== '' ? [`/${plural}.${group}`] : [];
  }

  reconcile(key: string): number | undefined {
    const definition = this.definitions.get(key);
    if (!definition) return undefined;
    if (definition.metadata.deletionTimestamp) return this.empty(definition);
    if (!isTrue(definition, 'Established')) this.establish(definition);
    return undefined;
  }

  private establish(definition: KubeObject): void {
    const finalizers = [...new Set([...(definition.metadata.finalizers ?? []), CLEANUP])];
    const held = this.definitions.update(definition, { metadata: { ...definition.metadata, finalizers } });
    const conditions = withConditions(held, [
      { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' },
      {
        type: 'Established',
        status: 'True',
        reason: 'InitialNamesAccepted',
        message: 'the initial names have been accepted',
      },
    ]);
    const storedVersions = objectsAt(held, 'spec', 'versions')
      .filter((version) => version['storage'] === true)
      .map((version) => version['name']);
    this.definitions.updateStatus(held, { acceptedNames: objectAt(held, 'spec', 'names'), conditions, storedVersions });
  }

  private empty(definition: KubeObject): undefined {
    const type = typesOf(definition)[0];
    if (type && !clear(new Kind(this.writer, type, this.name))) return;
    const finalizers = (definition.metadata.finalizers ?? []).filter((item) => item !== CLEANUP);
    this.definitions.update(definition, { metadata: { ...definition.metadata, finalizers } });
  }
}

/** Deletes all objects of a kind; whether none is left. */
function clear(kind: Kind): boolean {
  for (const object of kind.list()) if (!object.metadata.deletionTimestamp) kind.delete(object);
  return kind.list().length === 0;
}

function define(registry: ResourceRegistry, definition: KubeObject): void {
  registry.define(definition.metadata.name, typesOf(definition));
}

/** One type per served version; the storage version first, as clients prefer it. */
function typesOf(definition: KubeObject): ResourceType[] {
  const served = objectsAt(definition, 'spec', 'versions').filter((version) => version['served'] === true);
  const ordered = [...served].sort(
    (left, right) => Number(right['storage'] === true) - Number(left['storage'] === true),
  );
  return ordered.map((version) => typeOf(definition, version));
}

function typeOf(definition: KubeObject, version: JsonObject): ResourceType {
  const names = objectAt(definition, 'spec', 'names');
  const kind = textAt(names, 'kind') ?? '';
  const schema = objectAt(version, 'schema', 'openAPIV3Schema');
  const subresources: Subresource[] = isObject(at(version, 'subresources', 'status')) ? ['status'] : [];
  return {
    group: textAt(definition, 'spec', 'group') ?? '',
    version: textAt(version, 'name') ?? '',
    kind,
    plural: textAt(names, 'plural') ?? '',
    singular: textAt(names, 'singular') ?? kind.toLowerCase(),
    namespaced: textAt(definition, 'spec', 'scope') !== 'Cluster',
    shortNames: textsAt(names, 'shortNames'),
    categories: textsAt(names, 'categories'),
    subresources,
    isReview: false,
    hasGeneration: true,
    fields: customFields(kind, schema),
    columns: customColumns(objectsAt(version, 'additionalPrinterColumns')),
    custom: { schema },
  };
}
