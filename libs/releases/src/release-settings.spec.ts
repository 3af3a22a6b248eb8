import { describe, expect, it } from 'vitest';
import { readReleaseSettings } from './release-settings.js';

function read(annotations: Record<string, string>) {
  return readReleaseSettings(
    Object.fromEntries(Object.entries(annotations).map(([name, value]) => [`shipit.dev/${name}`, value])),
  );
}

describe('the settings of a release', () => {
  it('are the careful ones where nothing is said', () => {
    expect(read({})).toMatchObject({
      autodeploy: false,
      tagPolicy: { kind: 'git-sha' },
      squad: undefined,
      problems: [],
    });
  });

  it('are what its annotations say', () => {
    const annotations = {
      autodeploy: 'true',
      'image-tags': 'any',
      squad: 'velocity',
      slack: '#v',
      code: 'https://github.com/a/b',
    };
    expect(read(annotations)).toMatchObject({
      autodeploy: true,
      tagPolicy: { kind: 'any' },
      squad: 'velocity',
      slack: '#v',
      links: { code: 'https://github.com/a/b', logs: undefined },
      problems: [],
    });
  });

  it('allow no tag where the policy cannot be read, and say so', () => {
    expect(read({ 'image-tags': 'regex:(' })).toMatchObject({
      tagPolicy: undefined,
      problems: [{ annotation: 'shipit.dev/image-tags' }],
    });
  });

  it('deploy nothing by themselves where autodeploy is neither true nor false, and say so', () => {
    expect(read({ autodeploy: 'yes' })).toMatchObject({
      autodeploy: false,
      problems: [{ annotation: 'shipit.dev/autodeploy', message: 'must be "true" or "false"' }],
    });
  });

  it.each(['javascript:alert(1)', 'ftp://e.com', 'https://e.com/"onclick', ' //e.com', ''])(
    'leave out a link that is not http: %j',
    (code) => {
      expect(read({ code }).links.code).toBeUndefined();
    },
  );
});
