import { type KubernetesObject, listAt, textAt } from '@shipit/health';

/** Who writes whole objects without server-side apply: kubectl apply and create, Helm 3, and the operators that embed it. */
const clientSide = new Set([
  'kubectl-client-side-apply',
  'kubectl-create',
  'kubectl',
  'helm',
  'helm-operator',
  'helm-controller',
]);

interface ManagedFields {
  manager: string;
  operation: string;
  apiVersion: string;
  subresource?: string;
  time?: string;
  fieldsType?: string;
  fieldsV1?: FieldSet;
}

interface FieldSet {
  [field: string]: FieldSet;
}

function entriesOf(object: KubernetesObject): ManagedFields[] {
  return listAt(object, 'metadata', 'managedFields') as ManagedFields[];
}

function isClientSide(entry: ManagedFields): boolean {
  return (
    textAt(entry, 'operation') === 'Update' && !textAt(entry, 'subresource') && clientSide.has(textAt(entry, 'manager'))
  );
}

/** Those who own fields of the object by writes that were not server-side apply. */
export function clientSideManagers(object: KubernetesObject): string[] {
  return [
    ...new Set(
      entriesOf(object)
        .filter(isClientSide)
        .map(({ manager }) => manager),
    ),
  ];
}

/**
 * The JSON patch that makes their fields ours, as Helm 4 and kubectl do before their first server-side apply: without
 * it they would conflict, and what leaves the chart would stay for ever because it still has another owner.
 */
export function takeoverPatch(object: KubernetesObject, manager: string): object[] {
  const entries = entriesOf(object);
  const rest = entries.filter((entry) => !isClientSide(entry));
  const ours = rest.find((entry) => entry.manager === manager && entry.operation === 'Apply' && !entry.subresource);
  const apiVersion = ours?.apiVersion ?? object.apiVersion;
  const sets = [ours, ...entries.filter(isClientSide).filter((entry) => entry.apiVersion === apiVersion)].map(
    (entry) => entry?.fieldsV1 ?? {},
  );
  const merged: ManagedFields = {
    ...(ours?.time ? { time: ours.time } : {}),
    manager,
    operation: 'Apply',
    apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1: sets.reduce(union, {}),
  };
  return [
    { op: 'replace', path: '/metadata/managedFields', value: [...rest.filter((entry) => entry !== ours), merged] },
    // Refused if the object has changed since it was read.
    { op: 'replace', path: '/metadata/resourceVersion', value: object.metadata.resourceVersion },
  ];
}

function union(a: FieldSet, b: FieldSet): FieldSet {
  const merged = { ...a };
  for (const [field, set] of Object.entries(b))
    merged[field] = union(Object.hasOwn(merged, field) ? (merged[field] ?? {}) : {}, set);
  return merged;
}
