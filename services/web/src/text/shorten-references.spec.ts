import { describe, expect, it } from 'vitest';
import { shortenReferences } from './shorten-references.js';

const sha = 'badcdf72b1bd52f48db5c0cb0c7a04b7834749d9';
const image = `123456789012.dkr.ecr.us-east-1.amazonaws.com/word-counts:${sha}`;
const shown = (text: string): string =>
  shortenReferences(text)
    .map((part) => part.text)
    .join('');
const whole = (text: string): string =>
  shortenReferences(text)
    .map((part) => part.full ?? part.text)
    .join('');

describe('A text with long references', () => {
  it('names images of a failed pull by their short names, and keeps the full ones', () => {
    const text = `failed to pull image "${image}": failed to resolve reference "${image}": not found`;
    expect(shown(text)).toBe(
      'failed to pull image "word-counts:badcdf7": failed to resolve reference "word-counts:badcdf7": not found',
    );
    expect(shortenReferences(text).filter((part) => part.full !== undefined)).toHaveLength(2);
    expect(whole(text)).toBe(text);
  });

  it.each([
    [`from ${sha} on`, 'from badcdf7 on'],
    [`word-counts:${sha}`, 'word-counts:badcdf7'],
    [`is sha256:${'ab'.repeat(32)}.`, 'is sha256:abababa.'],
    [`${image}@sha256:${'ab'.repeat(32)}: no`, 'word-counts:badcdf7: no'],
    [
      `until 2026-11-21T04:17:47.123Z; quiet`,
      `until ${new Date('2026-11-21T04:17:47.123Z').toLocaleTimeString()}; quiet`,
    ],
  ])('shortens %s', (text, expected) => {
    expect(shown(text)).toBe(expected);
    expect(whole(text)).toBe(text);
  });

  it.each([
    'https://app.datadoghq.com/monitors/123:4',
    'Deployment/word-counts: 2 of 2 pods are ready',
    'charts at ghcr.io/example/service without a tag',
    '<b>not markup</b> & "quotes"',
    '',
  ])('leaves %j as it is', (text) => {
    expect(shown(text)).toBe(text);
  });

  it('takes long texts without a pause', () => {
    const start = Date.now();
    shortenReferences('a.'.repeat(1_000) + '/' + 'b/'.repeat(1_000) + ':'.repeat(1_000));
    expect(Date.now() - start).toBeLessThan(500);
  });
});
