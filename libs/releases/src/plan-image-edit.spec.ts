import { describe, expect, it } from 'vitest';
import { type ImageToSet, planImageEdit } from './plan-image-edit.js';

const oldDigest = `sha256:${'0'.repeat(64)}`;
const digest = `sha256:${'1'.repeat(64)}`;
const registry = '723255503624.dkr.ecr.us-east-1.amazonaws.com';
const image: ImageToSet = { registry, repository: 'team/app', tag: 'new', digest };
const name = `${registry}/team/app`;

function textOf(text: string, changed: Partial<ImageToSet> = {}, documents?: number[]): unknown {
  const plan = planImageEdit(text, { ...image, ...changed }, documents);
  return plan.outcome === 'changed' ? plan.text : plan;
}

describe('setting an image in a file', () => {
  it.each([
    ['sets the tag', `image: {repository: ${name}, tag: old}\n`, `image: {repository: ${name}, tag: new}\n`],
    [
      'sets tag and digest together',
      `image: {repository: ${name}, tag: old, digest: ${oldDigest}}\n`,
      `image: {repository: ${name}, tag: new, digest: ${digest}}\n`,
    ],
    [
      'sets tag and digest in one value',
      `image: {repository: ${name}, tag: "old@${oldDigest}"}\n`,
      `image: {repository: ${name}, tag: "new@${digest}"}\n`,
    ],
    ['sets the digest alone where no tag stands', `image: ${name}@${oldDigest}\n`, `image: ${name}@${digest}\n`],
    ['sets one text', `image: ${name}:old # x\n`, `image: ${name}:new # x\n`],
    ['sets one text with a digest', `image: '${name}:old@${oldDigest}'\n`, `image: '${name}:new@${digest}'\n`],
    [
      'keeps the host by which the file names the registry',
      'image: 723255503624.dkr-ecr.us-east-1.on.aws/team/app:old',
      'image: 723255503624.dkr-ecr.us-east-1.on.aws/team/app:new',
    ],
    [
      'sets registry, repository and tag',
      `image: {registry: ${registry}, repository: team/app, tag: old}\n`,
      `image: {registry: ${registry}, repository: team/app, tag: new}\n`,
    ],
    [
      'sets every place of every document',
      `image: ${name}:a\n---\nb: [{image: "${name}:b"}, {image: other/app:b}]\n`,
      `image: ${name}:new\n---\nb: [{image: "${name}:new"}, {image: other/app:b}]\n`,
    ],
    [
      'sets the old places where others are new already',
      `a: {image: ${name}:new}\nb: {image: ${name}:old}\n`,
      `a: {image: ${name}:new}\nb: {image: ${name}:new}\n`,
    ],
  ])('%s', (_title, before, after) => {
    expect(textOf(before)).toBe(after);
    expect(textOf(after)).toMatchObject({ outcome: 'unchanged' });
  });

  it('quotes a tag that would not stay a text', () => {
    expect(textOf(`image: {repository: ${name}, tag: old}`, { tag: '1234567e89' })).toBe(
      `image: {repository: ${name}, tag: "1234567e89"}`,
    );
  });

  it('touches only the documents it is asked for', () => {
    expect(textOf(`image: ${name}:a\n---\nimage: ${name}:b\n`, {}, [1])).toBe(
      `image: ${name}:a\n---\nimage: ${name}:new\n`,
    );
  });

  it('finds an official image by its short name', () => {
    const redis = { registry: 'docker.io', repository: 'library/redis', tag: '7.4' };
    expect(planImageEdit('image: redis:7.2\n', redis)).toMatchObject({
      outcome: 'changed',
      text: 'image: redis:7.4\n',
    });
  });

  it('tells what changes, from what and where', () => {
    expect(planImageEdit(`a:\n  image: {repository: ${name}, tag: old}\n`, image)).toMatchObject({
      outcome: 'changed',
      changes: [{ document: 0, path: ['a', 'image', 'tag'], from: 'old', to: 'new', line: 2 }],
    });
  });

  it.each([
    ['same', 'with the digest there already', `image: ${name}:new@${digest}\n`],
    ['pin the digest', 'with the tag there already and no digest', `image: ${name}:new\n`],
    ['pin the digest', 'pinned in one of two places', `a:\n  image: ${name}:new@${digest}\nb:\n  image: ${name}:new\n`],
    ['not used here', 'of another repository', 'image: other/app:old\n'],
    ['not used here', 'of a deeper repository', `image: ${registry}/my/team/app:old\n`],
    ['not used here', 'of another account', `image: ${name.replace('7232', '1111')}:old\n`],
    ['not used here', 'in a broken file that does not name it', 'a: [\n'],
  ])('leaves the file and says "%s" for an image %s', (reason, _why, text) => {
    expect(textOf(text)).toMatchObject({ outcome: 'unchanged', reason });
  });

  it.each([
    ['a substitution', `image: ${name}:\${TAG}\n`, 'substitution', 1],
    ['a block of text', `image: >-\n  ${name}:old\n`, 'block scalar', 1],
    ['an anchor that others use', `a: &i {repository: ${name}, tag: old}\nb: {image: *i}\n`, 'anchor', 1],
    [
      'a merged map',
      `a: &i {repository: ${name}}\nb: {image: {<<: *i, tag: x, digest: ${oldDigest}}}\nc: {image: {<<: *i}}\n`,
      undefined,
      0,
    ],
    [
      'a tag that comes by a merge key',
      `a: &i {tag: old}\nb:\n  image:\n    <<: *i\n    repository: ${name}\n`,
      'merge key',
      4,
    ],
    ['a template', `image: {{ x }}/team/app:old\n`, 'template', 1],
    ['a broken file that names it', `image: ${name}:old\n b: c\n`, 'syntax', 1],
    ['a text that goes on behind the tag', `image: ${name}:old\n b\n`, 'layout', 1],
    ['a tag with a space', `image: {repository: ${name}, tag: a b}\n`, 'layout', 1],
    ['an image without a tag', `x: 1\nimage: ${name}\n`, 'layout', 2],
  ])('refuses with the line: %s', (_why, text, kind, line) => {
    const plan = planImageEdit(text, image);
    if (kind) expect(plan.outcome === 'refused' && plan.refusals[0]).toMatchObject({ kind, line });
    else expect(textOf(text)).toBe(text.replace('tag: x', 'tag: new').replace(oldDigest, digest));
  });

  it('advises to write a tag where there is none', () => {
    expect(planImageEdit(`image: ${name}\n`, image)).toMatchObject({
      refusals: [{ reason: 'The image has neither tag nor digest here: write one' }],
    });
  });

  it('refuses a pinned place where the new digest is not known', () => {
    const plan = planImageEdit(`image: ${name}:old@${oldDigest}\n`, { registry, repository: 'team/app', tag: 'new' });
    expect(plan).toMatchObject({ outcome: 'refused', refusals: [{ kind: 'layout' }] });
  });

  it('changes no place when one of them is refused', () => {
    expect(textOf(`a: {image: ${name}:old}\nb:\n  image: |-\n    ${name}:old\n`)).toMatchObject({
      outcome: 'refused',
      refusals: [{ path: ['b', 'image'] }],
    });
  });
});
