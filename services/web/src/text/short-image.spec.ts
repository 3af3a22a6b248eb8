import { describe, expect, it } from 'vitest';
import { shortImage } from './short-image.js';

const registry = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
const sha = '78bc9ccf64eb838c6a0e0492ded722274925e2bd';
const digest = `sha256:${'4983a33f'.repeat(8)}`;

describe('The short name of an image', () => {
  it.each([
    [`${registry}/word-counts:${sha}`, 'word-counts:78bc9cc'],
    [`${registry}/team/deep/word-counts:${sha}@${digest}`, 'word-counts:78bc9cc'],
    [`${registry}/word-counts@${digest}`, 'word-counts@sha256:4983a33'],
    [`localhost:5000/word-counts:v1.2.3`, 'word-counts:v1.2.3'],
    [`word-counts:${sha}-crash`, 'word-counts:78bc9cc-crash'],
    [`word-counts:${sha}0`, `word-counts:${sha}0`],
    ['word-counts', 'word-counts'],
    ['', ''],
  ])('of %s is %s', (image, short) => {
    expect(shortImage(image)).toBe(short);
  });
});
