import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { widgetDefinition } from './sample-objects.contract.js';
import { setUpSuite, type Connect } from './suite.contract.js';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** Custom resources. */
export function describeDefinitions(connect: Connect): void {
  describe('custom resources', () => {
    const suite = setUpSuite(connect);
    let group = '';
    const widgets = (name = ''): string => `${suite.path('widgets', `${group}/v1`)}${name && `/${name}`}`;
    const widget = (name: string, spec: object): object => ({
      apiVersion: `${group}/v1`,
      kind: 'Widget',
      metadata: { name },
      spec,
    });

    beforeAll(async () => {
      group = `${suite.namespace}.example.com`;
      await suite.api.create(DEFINITIONS, widgetDefinition(group));
      await suite.until(widgets(), (_body, { status }) => status === 200);
    });

    afterAll(async () => {
      await suite.api.delete(`${DEFINITIONS}/widgets.${group}`);
    });

    it('is established, holds its objects and is found by discovery', async () => {
      const { body } = await suite.api.get(`${DEFINITIONS}/widgets.${group}`);
      const found = await suite.until(`/apis/${group}/v1`, (_list, { status }) => status === 200);

      expect(body.status.conditions).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ type: 'Established', status: 'True' }),
          expect.objectContaining({ type: 'NamesAccepted', status: 'True' }),
        ]),
      );
      expect(body.status).toMatchObject({
        storedVersions: ['v1'],
        acceptedNames: { plural: 'widgets', kind: 'Widget', listKind: 'WidgetList' },
      });
      expect(body.spec.conversion).toEqual({ strategy: 'None' });
      expect(found.resources).toEqual([
        expect.objectContaining({
          name: 'widgets',
          kind: 'Widget',
          namespaced: true,
          shortNames: ['wdg'],
          singularName: 'widget',
        }),
        expect.objectContaining({ name: 'widgets/status', kind: 'Widget' }),
      ]);
    });

    it('creates and lists objects with a generation', async () => {
      const { status, body } = await suite.api.create(widgets(), widget('first', { size: 1 }));
      const { body: list } = await suite.api.get(widgets());

      expect(status).toBe(201);
      expect(body.metadata.generation).toBe(1);
      expect(list).toMatchObject({ kind: 'WidgetList', apiVersion: `${group}/v1` });
      expect(list.items[0]).toMatchObject({ kind: 'Widget', apiVersion: `${group}/v1` });
    });

    it('keeps status and spec apart', async () => {
      await suite.api.create(widgets(), { ...widget('apart', { size: 1 }), status: { state: 'early' } });
      const judged = await suite.api.mergePatch(`${widgets('apart')}/status`, {
        spec: { size: 9 },
        status: { state: 'Ready' },
        metadata: { labels: { no: 'label' } },
      });
      const wanted = await suite.api.mergePatch(widgets('apart'), { spec: { size: 2 }, status: { state: 'lost' } });

      expect(judged.body).toMatchObject({ spec: { size: 1 }, status: { state: 'Ready' }, metadata: { generation: 1 } });
      expect(judged.body.metadata.labels).toBeUndefined();
      expect(wanted.body).toMatchObject({ spec: { size: 2 }, status: { state: 'Ready' }, metadata: { generation: 2 } });
    });

    it('refuses what the schema refuses, with every cause', async () => {
      const { status, body } = await suite.api.create(
        widgets(),
        widget('wrong', { size: 0, colour: 'blue', code: 'A1', parts: [{ value: 'x' }] }),
      );

      expect(status).toBe(422);
      expect(
        body.details.causes.map((cause: { field: string; reason: string }) => [cause.field, cause.reason]).sort(),
      ).toEqual([
        ['spec.code', 'FieldValueInvalid'],
        ['spec.colour', 'FieldValueNotSupported'],
        ['spec.parts[0].name', 'FieldValueRequired'],
        ['spec.size', 'FieldValueInvalid'],
      ]);
      expect(body.message).toMatch(new RegExp(`^Widget.${group} "wrong" is invalid: \\[`));
      expect(body.message).toContain('spec.colour: Unsupported value: "blue": supported values: "red", "green"');
      expect(body.message).toContain('spec.code: Invalid value: "A1": spec.code in body should match \'^[a-z]+$\'');
      expect(body.message).toContain(
        'spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1',
      );
    });

    it('refuses a missing field and a wrong type', async () => {
      const missing = await suite.api.create(widgets(), widget('missing', {}));
      const typed = await suite.api.create(widgets(), widget('typed', { size: 'big' }));

      expect([missing.status, typed.status]).toEqual([422, 422]);
      expect(missing.body.message).toContain('spec.size: Required value');
      expect(typed.body.details.causes[0]).toMatchObject({ reason: 'FieldValueTypeInvalid', field: 'spec.size' });
      expect(typed.body.message).toContain(
        'spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"',
      );
    });

    it('drops what the schema does not know, and keeps what it leaves open', async () => {
      const { body } = await suite.api.create(
        widgets(),
        widget('pruned', { size: 1, extra: true, values: { any: { thing: [1] } } }),
      );

      expect(body.spec).toEqual({ size: 1, values: { any: { thing: [1] } } });
    });

    it('prints its own columns', async () => {
      await suite.api.create(widgets(), widget('printed', { size: 7 }));
      await suite.api.mergePatch(`${widgets('printed')}/status`, {
        status: { state: 'Deployed', conditions: [{ type: 'Ready', status: 'True' }] },
      });
      const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
      const { body } = await suite.api.get(`${widgets()}?fieldSelector=metadata.name%3Dprinted`, { accept });

      expect(
        body.columnDefinitions.map((column: { name: string; type: string }) => [column.name, column.type]),
      ).toEqual([
        ['Name', 'string'],
        ['Size', 'integer'],
        ['State', 'string'],
        ['Ready', 'string'],
        ['Age', 'date'],
      ]);
      expect(body.rows[0].cells.slice(0, 4)).toEqual(['printed', 7, 'Deployed', 'True']);
      expect(body.rows[0].cells[4]).toMatch(/^\d+s$/);
    });

    it('merges lists as the schema says when applied', async () => {
      const parts = (...names: string[]): object => ({ size: 1, parts: names.map((name) => ({ name, value: name })) });
      await suite.api.apply(widgets('applied'), widget('applied', parts('a', 'b')), 'fieldManager=one');
      await suite.api.apply(widgets('applied'), widget('applied', parts('c')), 'fieldManager=two');
      const { body } = await suite.api.apply(widgets('applied'), widget('applied', parts('b')), 'fieldManager=one');

      expect(body.spec.parts.map((part: { name: string }) => part.name).sort()).toEqual(['b', 'c']);
    });

    it('takes no strategic merge patch', async () => {
      await suite.api.create(widgets(), widget('plain', { size: 1 }));
      const { status } = await suite.api.strategicPatch(widgets('plain'), { spec: { size: 2 } });

      expect(status).toBe(415);
    });

    it('goes with its objects', async () => {
      const other = `gone.${group}`;
      await suite.api.create(DEFINITIONS, widgetDefinition(other));
      const path = suite.path('widgets', `${other}/v1`);
      await suite.until(path, (_body, { status }) => status === 200);
      await suite.api.create(path, {
        apiVersion: `${other}/v1`,
        kind: 'Widget',
        metadata: { name: 'x' },
        spec: { size: 1 },
      });
      await suite.api.delete(`${DEFINITIONS}/widgets.${other}`);

      await suite.until(`${DEFINITIONS}/widgets.${other}`, (_body, { status }) => status === 404, 30_000);
      await suite.until(path, (_body, { status }) => status === 404);
    });
  });
}
