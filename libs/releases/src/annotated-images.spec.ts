import { formatImage } from '@shipit/images';
import { readDocuments } from '@shipit/yaml-edit';
import { describe, expect, it } from 'vitest';
import { findImages } from './find-images.js';
import { planImageEdit } from './plan-image-edit.js';

function release(annotations: string, values: string): string {
  return `kind: HelmRelease\nmetadata: {annotations: {${annotations}}}\nspec: {values: {${values}}}\n`;
}

function find(source: string) {
  const read = readDocuments(source);
  if (!read.ok) throw new Error(read.refusals[0].reason);
  return findImages(read.documents[0]?.texts).map(
    ({ image, scalars }) => `${formatImage(image)} ${scalars.map(({ path }) => path.join('.')).join()}`,
  );
}

describe('an annotation that names where an image stands', () => {
  const value = 'app: {from: e.com/team/app, version: v1, port: 80}';
  it.each([
    ['by a path in the values', 'shipit.dev/image.app: app.version', value, 'spec.values.app.version'],
    ['by a path from the root', 'shipit.dev/image.app: spec.values.app.version', value, 'spec.values.app.version'],
    [
      'by the name of the old group',
      'helmreleases.shipit.wattpad.com/image.app: app.version',
      value,
      'spec.values.app.version',
    ],
    [
      'with the name of the image beside it',
      'shipit.dev/image.app: version, shipit.dev/image-name.app: e.com/team/app',
      'version: v1',
      'spec.values.version',
    ],
    [
      'in a list',
      "shipit.dev/image.app: 'apps[0].version'",
      `apps: [{${value.slice(6, -1)}}]`,
      'spec.values.apps.0.version',
    ],
    [
      'in a list by a dot',
      'shipit.dev/image.app: apps.0.version',
      `apps: [{${value.slice(6, -1)}}]`,
      'spec.values.apps.0.version',
    ],
    [
      'under a key with dots',
      `shipit.dev/image.app: 'apps["a.b"]'`,
      'apps: {a.b: e.com/team/app:v1}',
      'spec.values.apps.a.b',
    ],
  ])('is followed %s', (_how, annotation, values, path) => {
    expect(find(release(annotation, values))).toEqual([`e.com/team/app:v1 ${path}`]);
  });

  it('counts more than what the keys look like', () => {
    const values = 'image: {repository: e.com/proxy/app, tag: v1}';
    const annotations = 'shipit.dev/image.app: image.tag, shipit.dev/image-name.app: e.com/team/app';
    expect(find(release(annotations, values))).toEqual(['e.com/team/app:v1 spec.values.image.tag']);
  });

  it.each([
    ['leads nowhere and names no image', 'shipit.dev/image.app: nowhere.tag'],
    ['is no path', "shipit.dev/image.app: 'app..version'"],
    ['leads to a map', 'shipit.dev/image.app: app'],
    ['leads to what has two names beside it', 'shipit.dev/image.app: two.version'],
    ['would reach into prototypes', "shipit.dev/image.app: 'app.toString.name'"],
  ])('is passed over where it %s', (_why, annotation) => {
    expect(find(release(annotation, `${value}, two: {a: e.com/a, b: e.com/b, version: v1}`))).toEqual([]);
  });

  it('is edited like any place, and refused where it leads nowhere', () => {
    const image = { registry: 'e.com', repository: 'team/app', tag: '1.10' };
    const text = release('shipit.dev/image.app: app.version', value);
    expect(planImageEdit(text, image)).toMatchObject({ text: text.replace('version: v1', 'version: "1.10"') });
    const wrong = release('shipit.dev/image.app: app.tag, shipit.dev/image-name.app: e.com/team/app', value);
    expect(planImageEdit(wrong, image)).toMatchObject({ outcome: 'refused' });
  });
});
