import { describe, expect, it } from 'vitest';
import { restoreReleaseSpec } from './restore-spec.js';

function file(name: string, tag: string, more = ''): string {
  return `# ${name}\napiVersion: shipit.dev/v1beta1\nkind: HelmRelease\nmetadata:\n  name: ${name}\nspec:\n  chart: {repository: https://e.com, name: c, version: 1.0.0}\n${more}  values:\n    image: {repository: e.com/a, tag: ${tag}} # tag\n`;
}

describe('restoring the spec of a release', () => {
  it('finds the document by the name of its release, wherever it stood', () => {
    const current = `${file('b', 'v9')}---\n${file('a', 'v2', '  suspend: true # me\n')}`;
    const result = restoreReleaseSpec({ release: 'default/a', current, earlier: file('a', 'v1') });
    const lines = file('a', 'v1').trimEnd();
    expect(result).toMatchObject({
      ok: true,
      isChanged: true,
      text: `${file('b', 'v9')}---\n${lines}\n  suspend: true # me\n`,
    });
  });

  it.each([
    ['the file at the tip', file('b', 'v2'), file('a', 'v1')],
    ['the earlier file', file('a', 'v2'), file('b', 'v1')],
  ])('refuses where the release is not in %s', (_which, current, earlier) => {
    expect(restoreReleaseSpec({ release: 'default/a', current, earlier })).toMatchObject({
      ok: false,
      refusals: [{ kind: 'not found' }],
    });
  });
});
