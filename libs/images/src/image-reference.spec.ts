import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatImage, ImageReferenceError, parseImage, tryParseImage } from './image-reference.js';

const sha = `sha256:${'0a'.repeat(32)}`;

const label = fc.stringMatching(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,6}[A-Za-z0-9])?$/);
const domain = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join('.'));
const port = fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined });
const address = fc.oneof(fc.constantFrom('localhost', '10.0.0.1', '[::1]', '[2001:DB8::8]', 'Registry'), domain);
const registry = fc
  .tuple(address, port)
  .map(([host, number]) => (number === undefined ? host : `${host}:${number}`))
  .map((host) => (host === 'index.docker.io' ? 'docker.io' : host));
const word = fc.stringMatching(/^[a-z0-9]{1,6}$/);
const part = fc
  .array(fc.tuple(fc.constantFrom('.', '_', '__', '-', '---'), word), { maxLength: 2 })
  .chain((more) => word.map((first) => first + more.map(([mark, text]) => mark + text).join('')));
const path = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/);
const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const digest = fc.oneof(
  hex(64).map((text) => `sha256:${text}`),
  hex(128).map((text) => `sha512:${text}`),
  hex(40).map((text) => `tree+b64.v1:${text}`),
);

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
    ['a registry that only its capitals tell', 'Registry/app:v1', 'REGISTRY/app:v1'],
    ['a tag of 128 characters', `e.com/a:${'x'.repeat(128)}`, `e.com/a:${'x'.repeat(128)}`],
    ['a digest by sha512', `e.com/a@sha512:${'0a'.repeat(64)}`, `e.com/a@sha512:${'0a'.repeat(64)}`],
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
    ['a short digest by sha512', `app@sha512:${'0a'.repeat(32)}`],
    ['a digest without an algorithm', `app@${'0a'.repeat(32)}`],
    ['a port that is no number', 'example.com:x/app'],
    ['an empty port', 'example.com:/app'],
    ['a host with an underscore', 'my_host.example.com/app'],
    ['an address of IPv6 without brackets', '::1/app'],
    ['three dots in a name', 'a...b'],
    ['three underscores in a name', 'a___b'],
    ['a name that ends with a dash', 'app-'],
    ['a line end', 'app:v1\n'],
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

  it('reads the same after it was printed, for every form of the grammar', () => {
    fc.assert(
      fc.property(registry, path, fc.option(tag), fc.option(digest), (host, name, ...[tagged, pinned]) => {
        const text = `${host}/${name}${tagged === null ? '' : `:${tagged}`}${pinned === null ? '' : `@${pinned}`}`;
        const image = parseImage(text);
        expect(image).toEqual({
          registry: host === 'Registry' ? 'REGISTRY' : host.toLowerCase(),
          repository: host === 'docker.io' && !name.includes('/') ? `library/${name}` : name,
          ...(tagged !== null && { tag: tagged }),
          ...(pinned !== null && { digest: pinned }),
        });
        expect(parseImage(formatImage(image))).toEqual(image);
      }),
      { numRuns: 1000 },
    );
  });

  it('reads a name without a registry as one of Docker Hub', () => {
    fc.assert(
      fc.property(path, fc.option(tag), (name, tagged) => {
        fc.pre(!/^[^/]*\.[^/]*\/|^localhost\//.test(name));
        const suffix = tagged === null ? '' : `:${tagged}`;
        const full = name.includes('/') ? name : `library/${name}`;
        expect(formatImage(parseImage(name + suffix))).toBe(`docker.io/${full}${suffix}`);
      }),
    );
  });

  it('never fails in another way than by saying that the text is none', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void tryParseImage(text)));
  });
});
