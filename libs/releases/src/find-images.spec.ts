import { readDocuments } from '@shipit/yaml-edit';
import { formatImage } from '@shipit/images';
import { describe, expect, it } from 'vitest';
import { findImages } from './find-images.js';

const digest = `sha256:${'0a'.repeat(32)}`;

function find(source: string) {
  const read = readDocuments(source);
  if (!read.ok) throw new Error(read.refusals[0].reason);
  return findImages(read.documents[0]?.texts).map(({ image, path, scalars }) => ({
    image: formatImage(image),
    at: path.join('.'),
    scalars: scalars.map((scalar) => `${scalar.path.join('.')} (${scalar.holds})`),
  }));
}

describe('an image is found', () => {
  it.each([
    ['as repository and tag', 'image: {repository: e.com/a/b, tag: v1}', 'e.com/a/b:v1', 'image', ['image.tag (tag)']],
    ['as repository and tag at the top', 'repository: e.com/a\ntag: v1', 'e.com/a:v1', '', ['tag (tag)']],
    [
      'as registry, repository and tag',
      'image: {registry: e.com:5000, repository: a/b, tag: v1}',
      'e.com:5000/a/b:v1',
      'image',
      ['image.tag (tag)'],
    ],
    [
      'as registry, image and tag',
      'proxy: {registry: e.com, image: a/b, tag: v1}',
      'e.com/a/b:v1',
      'proxy',
      ['proxy.tag (tag)'],
    ],
    [
      'with an empty registry',
      'image: {registry: "", repository: a/b, tag: v1}',
      'docker.io/a/b:v1',
      'image',
      ['image.tag (tag)'],
    ],
    [
      'with a digest beside the tag',
      `image: {repository: e.com/a, tag: v1, digest: "${digest}"}`,
      `e.com/a:v1@${digest}`,
      'image',
      ['image.tag (tag)', 'image.digest (digest)'],
    ],
    [
      'with an empty digest, which is none',
      'image: {repository: e.com/a, tag: v1, digest: ""}',
      'e.com/a:v1',
      'image',
      ['image.tag (tag)'],
    ],
    [
      'with a digest in the tag',
      `image: {repository: e.com/a, tag: v1@${digest}}`,
      `e.com/a:v1@${digest}`,
      'image',
      ['image.tag (tag@digest)'],
    ],
    [
      'with a digest alone',
      `image: {repository: e.com/a, digest: ${digest}}`,
      `e.com/a@${digest}`,
      'image',
      ['image.digest (digest)'],
    ],
    ['as one text', 'image: e.com/a:v1', 'e.com/a:v1', 'image', ['image (reference)']],
    [
      'as one text with a digest',
      `image: e.com/a:v1@${digest}`,
      `e.com/a:v1@${digest}`,
      'image',
      ['image (reference)'],
    ],
    ['as one text with a port', 'image: e.com:5000/a:v1', 'e.com:5000/a:v1', 'image', ['image (reference)']],
    [
      'as one text under a longer key',
      'sidecarImage: a/b:v1',
      'docker.io/a/b:v1',
      'sidecarImage',
      ['sidecarImage (reference)'],
    ],
    ['as one text without a tag, with nothing to set', 'image: e.com/a', 'e.com/a', 'image', []],
    [
      'in a list of containers',
      'spec: {containers: [{name: x, image: "e.com/a:v1"}]}',
      'e.com/a:v1',
      'spec.containers.0.image',
      ['spec.containers.0.image (reference)'],
    ],
    ['in a list of texts', 'images:\n- e.com/a:v1', 'e.com/a:v1', 'images.0', ['images.0 (reference)']],
    [
      'in named parts',
      'a: {b: {web: {image: {repository: e.com/a, tag: v1}}}}',
      'e.com/a:v1',
      'a.b.web.image',
      ['a.b.web.image.tag (tag)'],
    ],
    ['in pairs of keys', 'imageRepository: e.com/a\nimageTag: v1', 'e.com/a:v1', '', ['imageTag (tag)']],
    ['by name and tag under image', 'image: {name: e.com/a, tag: v1}', 'e.com/a:v1', 'image', ['image.tag (tag)']],
    [
      'in a kustomization',
      'images: [{name: e.com/a, newTag: v1}]',
      'e.com/a:v1',
      'images.0',
      ['images.0.newTag (tag)'],
    ],
    [
      'in a kustomization that renames it',
      'images: [{name: x, newName: e.com/a, newTag: v1}]',
      'e.com/a:v1',
      'images.0',
      ['images.0.newTag (tag)'],
    ],
    [
      'with a tag that reads as a number',
      'image: {repository: e.com/a, tag: 1.10}',
      'e.com/a:1.10',
      'image',
      ['image.tag (tag)'],
    ],
    [
      'where the tag is a substitution',
      'image: {repository: e.com/a, tag: "${TAG}"}',
      'e.com/a',
      'image',
      ['image.tag (tag)'],
    ],
    ['as image and tag', 'image: e.com/a\ntag: v1', 'e.com/a:v1', '', ['tag (tag)']],
    ['as image and imageTag', 'image: e.com/a\nimageTag: v1', 'e.com/a:v1', '', ['imageTag (tag)']],
    ['in pairs of keys with a prefix', 'webImage: e.com/a\nwebImageTag: v1', 'e.com/a:v1', '', ['webImageTag (tag)']],
    [
      'in longer pairs of keys with a prefix',
      'webImageRegistry: e.com\nwebImageRepository: a\nwebImageTag: v1',
      'e.com/a:v1',
      '',
      ['webImageTag (tag)'],
    ],
    [
      'behind a registry with a slash at its end',
      'image: {registry: e.com/team/, repository: a, tag: v1}',
      'e.com/team/a:v1',
      'image',
      ['image.tag (tag)'],
    ],
    [
      'by name and tag in a list of images',
      'images: [{name: e.com/a, tag: v1}]',
      'e.com/a:v1',
      'images.0',
      ['images.0.tag (tag)'],
    ],
    [
      'by name and tag in a named part of images',
      'images: {web: {registry: e.com, name: a, tag: v1}}',
      'e.com/a:v1',
      'images.web',
      ['images.web.tag (tag)'],
    ],
    ['as one text in a map', 'image: {name: "e.com/a:v1"}', 'e.com/a:v1', 'image.name', ['image.name (reference)']],
    [
      'in a volume',
      'volumes: [{image: {reference: "e.com/a:v1"}}]',
      'e.com/a:v1',
      'volumes.0.image.reference',
      ['volumes.0.image.reference (reference)'],
    ],
    ['in an override on one line', 'images: ["a=e.com/a:v1"]', 'e.com/a:v1', 'images.0', ['images.0 (reference)']],
    [
      'in a kustomization by digest',
      `images: [{name: e.com/a, digest: "${digest}"}]`,
      `e.com/a@${digest}`,
      'images.0',
      ['images.0.digest (digest)'],
    ],
    ['where the tag of a text is a substitution', 'image: e.com/a:${TAG}', 'e.com/a', 'image', ['image (reference)']],
  ])('%s', (_title, source, ...[image, at, scalars]) => {
    expect(find(source)).toEqual([{ image, at, scalars }]);
  });

  it('wherever it stands, each time', () => {
    const source =
      'a: {image: {repository: r/x, tag: v1}}\nb: [{image: "r/x:v1"}, {image: {registry: docker.io, repository: r/x, tag: v1}}]\n';
    expect(find(source).map(({ at }) => at)).toEqual(['a.image', 'b.0.image', 'b.1.image']);
  });

  it.each([
    ['in a chart', 'chart: {repository: https://e.com, name: a, version: 1.0.0}'],
    ['where the chart chooses the tag', 'image: {repository: e.com/a, tag: ""}'],
    ['where the chart chooses all', 'image: {pullPolicy: Always}'],
    ['in what only looks like one', 'a: e.com/a:v1\nurl: http://e.com:80/a'],
    ['in a name with a tag that is no image', 'deploy: {name: a, tag: v1}'],
    ['in an artifact with a checksum', `artifacts: [{name: a, digest: "${digest}"}]`],
    ['in what a cluster reported', 'apiVersion: v1\nkind: Pod\nstatus: {containerStatuses: [{image: "e.com/a:v1"}]}'],
    ['in what is looked for', 'apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageRepository\nspec: {image: e.com/a}'],
    ['in the repository of code', 'source: {repository: "https://e.com/a.git", tag: v1}'],
    ['in a schema', 'properties: {image: {type: string, description: "e.com/a:v1"}, tag: {type: string}}'],
    ['in nothing', ''],
  ])('never %s', (_title, source) => {
    expect(find(source)).toEqual([]);
  });
});
