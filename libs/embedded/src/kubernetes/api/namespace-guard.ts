import { forbidden, notFound } from '../api-error.js';
import { textAt, type JsonObject } from '../json.js';
import type { ResourceType } from '../resources/resource-type.js';
import type { ObjectStore } from '../store/object-store.js';

interface Place {
  type: ResourceType;
  namespace: string;
  name: string;
}

/** A pod needs its service account. */
export function checkServiceAccount(store: ObjectStore, { type, namespace, name }: Place, pod: JsonObject): void {
  if (type.kind !== 'Pod' || type.group !== '') return;
  const account = textAt(pod, 'spec', 'serviceAccountName') ?? 'default';
  if (store.get('/serviceaccounts', namespace, account)) return;
  throw forbidden(
    type,
    name,
    `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`,
  );
}

/** Nothing is created in a namespace that is absent or going away. */
export function checkNamespace(store: ObjectStore, { type, namespace, name }: Place): void {
  const found = store.get('/namespaces', '', namespace);
  if (!found) throw notFound({ group: '', plural: 'namespaces' }, namespace);
  if (found.metadata.deletionTimestamp) {
    throw forbidden(
      type,
      name,
      `unable to create new content in namespace ${namespace} because it is being terminated`,
    );
  }
}
