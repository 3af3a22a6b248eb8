import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatImage, ImageReferenceError, parseImage, tryParseImage } from './image-reference.js';

const sha = `sha256:${'0a'.repeat(32)}`;

describe('an image reference', () => {
  it.each([
    ['the short name of an official image', 'nginx', 'docker.io/library/nginx'],
    ['an official image with a tag', 'nginx:1.27', 'docker.io/library/nginx:1.27'],
    ['an image of a Docker Hub user', 'grafana/grafana:11', 'docker.io/grafana/grafana:11'],
    ['the old name of Docker Hub', 'index.docker.io/nginx', 'docker.io/library/nginx'],
    ['a digest without a tag', `redis@${sha}`, `docker.io/library/redis@${sha}`],
    ['a tag with a digest', `redis:7@${sha}`, `docker.io/library/redis:7@${sha}`],
    ['a registry with a port', 'registry.example.com:5000/team/app:v1', 'registry.example.com:5000/team/app:v1'],
    ['localhost, which needs no dot', 'localhost/app:v1', 'localhost/app:v1'],
    ['localhost with a port', 'localhost:5000/app', 'localhost:5000/app'],
    ['an IPv6 registry', '[::1]:5000/app:v1', '[::1]:5000/app:v1'],
    ['a deep path', 'gcr.io/a/b/c/d__e/f-g.h:x', 'gcr.io/a/b/c/d__e/f-g.h:x'],
    ['a registry in capitals', 'Registry.Example.com/app', 'registry.example.com/app'],
    ['a tag with capitals and dots', 'ghcr.io/a/b:Rel_1.2-RC', 'ghcr.io/a/b:Rel_1.2-RC'],
    ['a first part without dot or port, which is no registry', 'team/sub/app:1', 'docker.io/team/sub/app:1'],
  ])('is read in full: %s', (_why, text, full) => {
    expect(formatImage(parseImage(text))).toBe(full);
  });

  it.each([
    ['nothing', ''],
    ['capitals in the repository', 'example.com/App'],
    ['a tag beginning with a dot', 'app:.x'],
    ['a tag beginning with a dash', 'app:-x'],
    ['a tag over 128 characters', `app:${'a'.repeat(129)}`],
    ['an empty tag', 'app:'],
    ['an empty digest', 'app@'],
    ['a short digest', 'app@sha256:abc'],
    ['a digest in capitals', `app@sha256:${'0A'.repeat(32)}`],
    ['two digests', `app@${sha}@${sha}`],
    ['an address with a scheme', 'https://example.com/app'],
    ['an empty path part', 'example.com//app'],
    ['a registry alone', 'example.com/'],
    ['a space', 'app :1'],
    ['an image id', 'a'.repeat(64)],
    ['a substitution', 'app:${TAG}'],
    ['a template', 'app:{{ .Values.tag }}'],
    ['a name over 255 characters', `example.com/${'a'.repeat(256)}`],
    ['a long text', 'a'.repeat(100_000)],
  ])('is refused with a sentence: %s', (_why, text) => {
    expect(() => parseImage(text)).toThrow(ImageReferenceError);
    expect(tryParseImage(text)).toBeUndefined();
  });

  it('reads the same after it was printed, whatever its parts', () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    const reference = fc.record({
      registry: fc.constantFrom('docker.io', 'ghcr.io', 'localhost:5000', 'a.b.example:80'),
      repository: fc.array(word, { minLength: 2, maxLength: 5 }).map((parts) => parts.join('/')),
      tag: fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/),
    });
    fc.assert(fc.property(reference, (image) => void expect(parseImage(formatImage(image))).toEqual(image)));
  });

  it('never fails in another way than by saying that the text is none', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void tryParseImage(text)));
  });
});
