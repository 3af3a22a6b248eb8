import { badRequest } from '../api-error.js';
import { at } from '../json.js';
import type { KubeObject } from '../objects.js';
import type { ResourceType } from '../resources/resource-type.js';

const EVERYWHERE = ['metadata.name', 'metadata.namespace'];
const BY_KIND: Record<string, string[]> = {
  Pod: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  Event: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  Secret: ['type'],
  Namespace: ['status.phase'],
  Node: ['spec.unschedulable'],
  Job: ['status.successful'],
  ReplicaSet: ['status.replicas'],
  Service: ['spec.clusterIP', 'spec.type'],
};

/** Reads `metadata.name=x,type!=y`. Throws 400 for a field that this kind cannot be selected by. */
export function parseFieldSelector(text: string, type: ResourceType): (object: KubeObject) => boolean {
  const terms = text.split(',').filter((term) => term !== '');
  const tests = terms.map((term) => parseTerm(term, type));
  return (object) => tests.every((test) => test(object));
}

function parseTerm(term: string, type: ResourceType): (object: KubeObject) => boolean {
  const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(term);
  if (!match) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
  const [, field = '', operator, value] = match;
  if (![...EVERYWHERE, ...(BY_KIND[type.kind] ?? [])].includes(field)) {
    const known = [...EVERYWHERE, ...(BY_KIND[type.kind] ?? [])].map((name) => JSON.stringify(name)).join(', ');
    throw badRequest(`${JSON.stringify(field)} is not a known field selector: only ${known}`);
  }
  const read = (object: KubeObject): string => String(readField(object, field) ?? '');
  return operator === '!=' ? (object) => read(object) !== value : (object) => read(object) === value;
}

function readField(object: KubeObject, field: string): unknown {
  if (object.kind === 'Event' && field === 'source')
    return at(object, 'source', 'component') ?? at(object, 'reportingComponent');
  return at(object, ...field.split('.'));
}
