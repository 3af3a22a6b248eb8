import { shortImage } from './short-image.js';

/** A piece of a text. `full` is set where `text` stands for something longer. */
export interface TextPart {
  text: string;
  full?: string;
}

// An image with its registry, unless it goes on from a scheme or a path; a digest; a commit; a time.
const references =
  /(?<![\w/.:-])[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?\/[\w./-]*\w(?::[\w.-]*\w)?(?:@sha256:[0-9a-f]{64})?|sha256:[0-9a-f]{64}|\b[0-9a-f]{40}(?:[0-9a-f]{24})?\b|\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** Cuts a text where it names images, digests, commits or times in full, and says each shorter. Joined by `full ?? text`, it is the text again. */
export function shortenReferences(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const { 0: full, index } of text.matchAll(references)) {
    const short = shorten(full);
    if (short === full) continue;
    if (index > end) parts.push({ text: text.slice(end, index) });
    parts.push({ text: short, full });
    end = index + full.length;
  }
  return end < text.length ? [...parts, { text: text.slice(end) }] : parts;
}

function shorten(reference: string): string {
  if (/^\d{4}-\d\d-\d\dT/.test(reference)) return new Date(reference).toLocaleTimeString();
  if (reference.startsWith('sha256:')) return reference.slice(0, 'sha256:'.length + 7);
  if (!reference.includes('/')) return reference.slice(0, 7);
  return /[:@][^/]*$/.test(reference) ? shortImage(reference) : reference;
}
