import { describe, expect, it } from 'vitest';
import { restoreBlock } from './restore-block.js';

const keep = ['suspend', 'rollback'];

function restore(current: string, earlier: string, documents = [0, 0]) {
  const [document = 0, from = 0] = documents;
  return restoreBlock(current, { document, key: 'spec', from: { source: earlier, document: from }, keep });
}

function textOf(current: string, earlier: string, documents?: number[]): string {
  const result = restore(current, earlier, documents);
  return result.ok ? result.text : JSON.stringify(result.refusals);
}

describe('restoring a block of an earlier version', () => {
  it.each([
    [
      'brings the old value back',
      'a: 1\nspec:\n  tag: new\nz: 1\n',
      'a: 0\nspec:\n  tag: old\nz: 0\n',
      'a: 1\nspec:\n  tag: old\nz: 1\n',
    ],
    [
      'brings comments and layout inside the block back',
      'spec:\n  tag: new\n',
      'spec: # why\n\n  # which\n  tag:   "old" # x\n',
      'spec: # why\n\n  # which\n  tag:   "old" # x\n',
    ],
    [
      'keeps comments around the block',
      '# a\nspec:\n  tag: new\n# b\n\nz: 1 # c\n',
      'spec:\n  tag: old\nz: 1\n',
      '# a\nspec:\n  tag: old\n# b\n\nz: 1 # c\n',
    ],
    [
      'keeps what must stay, as it is now',
      'spec:\n  tag: new\n  suspend: true # by me\n',
      'spec:\n  suspend: false\n  tag: old\n',
      'spec:\n  suspend: true # by me\n  tag: old\n',
    ],
    [
      'does not bring back what must stay away',
      'spec:\n  tag: new\n',
      'spec:\n  suspend: true\n  tag: old\n',
      'spec:\n  tag: old\n',
    ],
    [
      'adds what must stay and was not there',
      'spec:\n  rollback:\n    watch: 5m\n  tag: new\n',
      'spec:\n  tag: old\n',
      'spec:\n  tag: old\n  rollback:\n    watch: 5m\n',
    ],
    [
      'keeps several keys at once',
      'spec:\n  rollback: {watch: 5m}\n  tag: new\n  suspend: true\n',
      'spec:\n  suspend: false\n  tag: old\n',
      'spec:\n  suspend: true\n  tag: old\n  rollback: {watch: 5m}\n',
    ],
    [
      'fits what stays to the old indentation',
      'spec:\n    suspend: true\n    rollback:\n        watch: 5m\n    tag: new\n',
      'spec:\n  tag: old\n  suspend: false\n',
      'spec:\n  tag: old\n  suspend: true\n  rollback:\n      watch: 5m\n',
    ],
    [
      'keeps a file without a last line break without one',
      'spec:\n  tag: new',
      'spec:\n  tag: old\n',
      'spec:\n  tag: old',
    ],
    [
      'ends lines where the old block ended the file',
      'spec:\n  tag: new\nz: 1\n',
      'spec:\n  tag: old',
      'spec:\n  tag: old\nz: 1\n',
    ],
    [
      'adds what must stay to a block that ended the file',
      'spec:\n  tag: new\n  suspend: true\n',
      'spec:\n  tag: old',
      'spec:\n  tag: old\n  suspend: true\n',
    ],
    [
      'keeps Windows line endings',
      'a: 1\r\nspec:\r\n  tag: new\r\nz: 1\r\n',
      'spec:\r\n  tag: old\r\n',
      'a: 1\r\nspec:\r\n  tag: old\r\nz: 1\r\n',
    ],
    ['keeps a byte order mark', '\ufeffspec:\n  tag: new\n', 'spec:\n  tag: old\n', '\ufeffspec:\n  tag: old\n'],
    [
      'restores a block of text',
      'spec:\n  tag: new\nz: 1\n',
      'spec:\n  note: |\n    a\n\n    b\n\n\nz: 1\n',
      'spec:\n  note: |\n    a\n\n    b\nz: 1\n',
    ],
    [
      'restores a block of text with its blank lines where they count',
      'spec:\n  tag: new\nz: 1\n',
      'spec:\n  note: |+\n    a\n\n\nz: 1\n',
      'spec:\n  note: |+\n    a\n\n\nz: 1\n',
    ],
    [
      'restores a block on one line',
      'spec: {tag: new}\nz: 1\n',
      'spec: {tag: old} # x\n',
      'spec: {tag: old} # x\nz: 1\n',
    ],
    [
      'keeps the comments at the end of what stays',
      'spec:\n  rollback:\n    watch: 5m\n\n    # why\n      # so\n  # of tag\n  tag: new\n',
      'spec:\n  rollback:\n    watch: 1m\n    # once\n  # old tag\n  tag: old\n',
      'spec:\n  rollback:\n    watch: 5m\n\n    # why\n      # so\n  # old tag\n  tag: old\n',
    ],
    [
      'leaves the comments at the end of the block alone',
      'spec:\n  tag: new\n  rollback:\n    watch: 5m\n    # why\nz: 1\n',
      'spec:\n  tag: old\n  rollback:\n    watch: 1m\n    # once\n',
      'spec:\n  tag: old\n  rollback:\n    watch: 5m\n    # why\nz: 1\n',
    ],
    [
      'takes the line ends that the file has now',
      'a: 1\r\nspec:\r\n  tag: new\r\n  suspend: true\r\nz: 1\r\n',
      'spec:\n  note: |\n    a\n    b\n  tag: "o\n    ld"\n',
      'a: 1\r\nspec:\r\n  note: |\r\n    a\r\n    b\r\n  tag: "o\r\n    ld"\r\n  suspend: true\r\nz: 1\r\n',
    ],
    [
      'takes plain line ends where the file no longer has those of Windows',
      'spec:\n  tag: new\nz: 1\n',
      'spec:\r\n  tag: old # x\r\n',
      'spec:\n  tag: old # x\nz: 1\n',
    ],
    [
      'keeps a key in braces',
      'spec: {tag: new, suspend: true}\nz: 1\n',
      'spec: {tag: old, suspend: false}\n',
      'spec: {tag: old, suspend: true}\nz: 1\n',
    ],
    [
      'adds a key in braces',
      'spec: {tag: new, suspend: true}\n',
      'spec: {tag: old}\n',
      'spec: {tag: old, suspend: true}\n',
    ],
    [
      'adds two keys in braces',
      'spec: {suspend: true, tag: new, rollback: {watch: 5m}}\n',
      'spec: {tag: old}\n',
      'spec: {tag: old, suspend: true, rollback: {watch: 5m}}\n',
    ],
    ['takes a key out of braces', 'spec: {tag: new}\n', 'spec: {suspend: true, tag: old}\n', 'spec: {tag: old}\n'],
    [
      'takes the last key out of braces',
      'spec: {tag: new}\n',
      'spec: {tag: old, suspend: true}\n',
      'spec: {tag: old}\n',
    ],
    ['takes the only key out of braces', 'spec: {tag: new}\n', 'spec: {suspend: true}\n', 'spec: {}\n'],
    ['fills empty braces', 'spec: {tag: new, suspend: true}\n', 'spec: {}\n', 'spec: {suspend: true}\n'],
    [
      'moves what stays into braces',
      'spec:\n  tag: new\n  suspend: true # me\n  rollback:\n    watch: 5m\n    monitors: {tags: [a]}\n',
      'spec: {tag: old} # x\n',
      'spec: {tag: old, suspend: true, rollback: { watch: 5m, monitors: { tags: [ a ] } }} # x\n',
    ],
    [
      'moves what stays out of braces',
      'spec: {tag: new, suspend: true, rollback: {watch: 5m}} # x\nz: 1\n',
      'spec:\n  # which\n  tag: old\n',
      'spec:\n  # which\n  tag: old\n  suspend: true\n  rollback: {watch: 5m}\nz: 1\n',
    ],
    [
      'restores a file that is JSON',
      '{"a": 1, "spec": {"tag": "new", "suspend": true}}\n',
      '{"spec": {"tag": "old"}, "a": 0}\n',
      '{"a": 1, "spec": {"tag": "old", "suspend": true}}\n',
    ],
    [
      'restores what was JSON',
      'a: 1\nspec:\n  tag: new\nz: 1\n',
      '{"spec": {"tag": "old"}}\n',
      'a: 1\nspec: {"tag": "old"}\nz: 1\n',
    ],
    [
      'fits the old block to the indentation of now',
      '  a: 1\n  spec:\n    tag: new\n',
      'spec:\n  tag: old\n',
      '  a: 1\n  spec:\n    tag: old\n',
    ],
    [
      'restores a block whose anchors are its own',
      'spec:\n  a: &x 1\n  b: *x\nz: 1\n',
      'spec:\n  a: &y 2\n  b: *y\n',
      'spec:\n  a: &y 2\n  b: *y\nz: 1\n',
    ],
    [
      'restores a block with an anchor that others use and that stays the same',
      'spec:\n  a: &x 1\n  b: 2\nz: *x\n',
      'spec:\n  a: &x 1\n  b: 1\n',
      'spec:\n  a: &x 1\n  b: 1\nz: *x\n',
    ],
    [
      'restores an alias of an anchor that is the same now',
      'y: &x 1\nspec:\n  b: 2\n',
      'y: &x 1\nspec:\n  b: *x\n',
      'y: &x 1\nspec:\n  b: *x\n',
    ],
    ['changes nothing where nothing differs', 'spec:\n  tag: old\n', 'spec:\n  tag: old\n', 'spec:\n  tag: old\n'],
    [
      'restores lists that are not indented',
      'spec:\n  l:\n  - a: 2\n  - b\nz: 1\n',
      'spec:\n  l:\n  - a: 1\nz: 1\n',
      'spec:\n  l:\n  - a: 1\nz: 1\n',
    ],
  ])('%s', (_title, current, earlier, after) => {
    expect(textOf(current, earlier)).toBe(after);
    expect(textOf(after, earlier)).toBe(after);
  });

  it('leaves other documents alone, wherever the document stood before', () => {
    const current = 'spec: {tag: a}\n---\n# two\nspec:\n  tag: new\n---\nspec: {tag: c}\n';
    expect(textOf(current, 'spec:\n  tag: old\n', [1, 0])).toBe(current.replace('new', 'old'));
  });

  it('says whether anything changed', () => {
    expect(restore('spec: {a: 1}\n', 'spec: {a: 1}\n')).toMatchObject({ isChanged: false });
    expect(restore('spec: {a: 2}\n', 'spec: {a: 1}\n')).toMatchObject({ isChanged: true });
  });

  it.each([
    ['a missing block', 'a: 1\n', 'spec: {tag: old}\n', 'layout'],
    ['a block that was missing', 'spec: {tag: old}\n', 'a: 1\n', 'layout'],
    ['a file that is no YAML', 'spec: [\n', 'spec: {tag: old}\n', 'syntax'],
    ['an earlier file that is no YAML', 'spec: {tag: old}\n', 'spec: [\n', 'syntax'],
    ['an anchor in the block that others use', 'spec:\n  tag: &t new\nz: *t\n', 'spec:\n  tag: old\n', 'anchor'],
    ['an alias to what now is something else', 'a: &t 2\nspec:\n  tag: new\n', 'a: &t 1\nspec:\n  tag: *t\n', 'alias'],
  ])('refuses %s', (_why, current, earlier, kind) => {
    expect(restore(current, earlier)).toMatchObject({ ok: false, refusals: [{ kind }] });
  });
});
