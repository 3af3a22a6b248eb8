import { z } from 'zod';
import { helmReleaseApiVersion, HelmReleaseSpec, HelmReleaseStatus } from './helm-release.js';

type Schema = Record<string, unknown>;

const immutable = (path: string) => ({
  rule: `has(oldSelf.${path}) == has(self.${path}) && (!has(self.${path}) || self.${path} == oldSelf.${path})`,
  message: `spec.${path} cannot be changed: remove the release and add it anew`,
});

/** The CustomResourceDefinition of HelmRelease, made from the zod schemas so that the API server and Ship-it agree. */
export function helmReleaseCrd(): { apiVersion: string; kind: string; metadata: { name: string }; spec: Schema } {
  const [group = '', version = ''] = helmReleaseApiVersion.split('/');
  const spec: Schema = {
    ...structural(HelmReleaseSpec),
    'x-kubernetes-validations': [immutable('cluster'), immutable('targetNamespace')],
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `helmreleases.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: {
        kind: 'HelmRelease',
        listKind: 'HelmReleaseList',
        plural: 'helmreleases',
        singular: 'helmrelease',
        shortNames: ['rls'],
        categories: ['all'],
      },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: [
            { name: 'State', type: 'string', jsonPath: '.status.state' },
            { name: 'Chart', type: 'string', jsonPath: '.spec.chart.name' },
            { name: 'Image', type: 'string', jsonPath: '.status.images[0]' },
            { name: 'Revision', type: 'integer', jsonPath: '.status.revision' },
            { name: 'Reason', type: 'string', jsonPath: '.status.reason', priority: 1 },
            { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
          ],
          schema: {
            openAPIV3Schema: {
              type: 'object',
              required: ['spec'],
              properties: {
                apiVersion: { type: 'string' },
                kind: { type: 'string' },
                metadata: { type: 'object' },
                spec,
                status: structural(HelmReleaseStatus),
              },
            },
          },
        },
      ],
    },
  };
}

/** A structural schema as Kubernetes defines it: no `additionalProperties: false`, free-form objects marked as such. */
function structural(schema: z.ZodType): Schema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    reused: 'inline',
  }) as Schema;
  return toStructural(json) as Schema;
}

function toStructural(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(toStructural);
  if (typeof node !== 'object' || node === null) return node;
  const kept = Object.entries(node).filter(([key, value]) => !dropped(key, value));
  const result: Schema = Object.fromEntries(kept.map(([key, value]) => [key, toStructural(value)]));
  if (isFreeForm(result)) {
    delete result['additionalProperties'];
    result['x-kubernetes-preserve-unknown-fields'] = true;
  }
  return result;
}

function dropped(key: string, value: unknown): boolean {
  return (
    key === 'propertyNames' ||
    (key === 'additionalProperties' && value === false) ||
    (typeof value === 'number' && !Number.isSafeInteger(value)) ||
    isOutermost(value)
  );
}

/** zod bounds every integer by the safe integers; that says nothing to an operator. */
function isOutermost(value: unknown): boolean {
  return value === Number.MAX_SAFE_INTEGER || value === Number.MIN_SAFE_INTEGER;
}

function isFreeForm(schema: Schema): boolean {
  const values = schema['additionalProperties'];
  return typeof values === 'object' && values !== null && Object.keys(values).length === 0;
}
