import { fieldAt, type KubernetesObject, listAt, textAt } from '@shipit/health';

const podSpecs = [['spec', 'template', 'spec'], ['spec', 'jobTemplate', 'spec', 'template', 'spec'], ['spec']];

/** The images of an object's containers, init containers first. */
export function imagesIn(object: KubernetesObject): string[] {
  const spec = podSpecs.map((path) => fieldAt(object, ...path)).find((found) => listAt(found, 'containers').length > 0);
  return [...listAt(spec, 'initContainers'), ...listAt(spec, 'containers')]
    .map((container) => textAt(container, 'image'))
    .filter((image) => image !== '');
}

export function allImages(objects: readonly KubernetesObject[]): string[] {
  return [...new Set(objects.flatMap(imagesIn))].sort();
}
