import type { Json } from '../json.js';
import type { KubeObject } from '../objects.js';

export interface Column {
  name: string;
  type: string;
  format: string;
  /** 0 is always shown, 1 only in wide tables. */
  priority: number;
  description: string;
  cell: (object: KubeObject) => Json;
}
