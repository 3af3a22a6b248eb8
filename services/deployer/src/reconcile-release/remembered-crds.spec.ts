import type { RenderedChart } from '@shipit/charts';
import { expect, it } from 'vitest';
import { RememberedCrds } from './remembered-crds.js';

const crds: RenderedChart['crds'] = [
  { apiVersion: 'v1', kind: 'CustomResourceDefinition', metadata: { name: 'bells' } },
];
const ids = (count: number) => Array.from({ length: count }, (_, at) => String(at));

it('definitions of a handful of revisions are remembered, and of far more that they have none', () => {
  const remembered = new RememberedCrds();
  for (const id of ids(20)) {
    remembered.remember(`with ${id}`, crds);
    remembered.remember(`without ${id}`, []);
  }
  expect(ids(20).filter((id) => remembered.of(`with ${id}`))).toEqual(['15', '16', '17', '18', '19']);
  expect(ids(20).every((id) => remembered.of(`without ${id}`)?.length === 0)).toBe(true);
  for (const id of ids(1000)) remembered.remember(id, []);
  expect(ids(1000).filter((id) => remembered.of(id))).toHaveLength(100);
  remembered.forget('999');
  expect(remembered.of('999')).toBeUndefined();
});
