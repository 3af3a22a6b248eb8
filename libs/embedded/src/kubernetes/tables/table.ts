import type { JsonObject } from '../json.js';
import type { KubeObject } from '../objects.js';
import type { ResourceType } from '../resources/resource-type.js';

export interface TableOptions {
  /** `includeObject`: what each row carries of its object. */
  include: string;
  isWithHeader: boolean;
}

/** Objects as the table which `kubectl get` prints. */
export function toTable(
  type: ResourceType,
  objects: KubeObject[],
  metadata: JsonObject,
  options: TableOptions,
): JsonObject {
  const columns = type.columns.map(({ name, type: cellType, format, priority, description }) => ({
    name,
    type: cellType,
    format,
    priority,
    description,
  }));
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: options.isWithHeader ? columns : [],
    rows: objects.map((object) => ({
      cells: type.columns.map((column) => column.cell(object) ?? null),
      object: rowObject(object, options.include),
    })),
  };
}

function rowObject(object: KubeObject, include: string): JsonObject | null {
  if (include === 'None') return null;
  if (include === 'Object') return object;
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}
