import { forbidden, notFound } from '../api-error.js';
import type { ResourceType } from '../resources/resource-type.js';
import type { ObjectStore } from '../store/object-store.js';

/** Nothing is created in a namespace that is absent or going away. */
export function checkNamespace(store: ObjectStore, target: { type: ResourceType; namespace: string; name: string }): void {
  const { type, namespace, name } = target;
  const found = store.get('/namespaces', '', namespace);
  if (!found) throw notFound({ group: '', plural: 'namespaces' }, namespace);
  if (found.metadata.deletionTimestamp) {
    throw forbidden(type, name, `unable to create new content in namespace ${namespace} because it is being terminated`);
  }
}
