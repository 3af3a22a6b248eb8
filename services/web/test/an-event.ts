import { ShipitEvent } from '@shipit/contracts';

export const sha = { old: '78bc9ccf64eb838c6a0e0492ded722274925e2bd', new: 'a5ca99b0eca820e51736ab4ce77172d2811bef45' };
export const image = {
  registry: '123456789012.dkr.ecr.us-east-1.amazonaws.com',
  repository: 'team/word-counts',
  tag: sha.new,
  digest: `sha256:${'ab'.repeat(32)}`,
};
export const progress = {
  release: 'default/word-counts',
  cluster: 'main',
  revision: 3,
  commit: sha.old,
  images: [`${image.registry}/${image.repository}:${image.tag}`],
  reason: 'Ready',
  message: 'Revision 3 runs',
  actor: 'Ann <ann@example.com>',
};

/** An event of the type, as it comes from the server. */
export function anEvent(type: ShipitEvent['type'], data: object): ShipitEvent {
  const envelope = { specversion: '1.0', id: 'e1', source: 'test', subject: 's', time: '2026-11-21T04:07:48Z' };
  return ShipitEvent.parse({ ...envelope, type, data });
}
