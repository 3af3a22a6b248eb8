import { readdirSync, readFileSync } from 'node:fs';
import { parseImage } from '@shipit/images';
import { describe, expect, it } from 'vitest';
import { planImageEdit } from './plan-image-edit.js';

const folder = new URL('../corpus/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.case'));

/**
 * A case: lines `# why:`, `# set:` and perhaps `# bytes:`, then `=== before` and either `=== after`,
 * `=== refused <line> <kind>` or `=== unchanged <reason>`. README.md of the folder says more.
 */
function readCase(name: string) {
  const [head = '', before = '', end = ''] = readFileSync(new URL(name, folder), 'utf8').split(/^(?==== )/m);
  const field = (key: string) => new RegExp(`^# ${key}: (.+)$`, 'm').exec(head)?.[1] ?? '';
  const [, verdict = '', ...words] = end.slice(0, end.indexOf('\n')).split(' ');
  const text = (section: string) => withBytes(section.slice(section.indexOf('\n') + 1), field('bytes'));
  const { tag = '', ...image } = parseImage(field('set'));
  return { why: field('why'), image: { ...image, tag }, before: text(before), verdict, words, after: text(end) };
}

function withBytes(text: string, bytes: string): string {
  const ended = bytes.includes('no final newline') ? text.replace(/\n$/, '') : text;
  const lines = bytes.includes('crlf') ? ended.replaceAll('\n', '\r\n') : ended;
  return bytes.includes('bom') ? `\ufeff${lines}` : lines;
}

describe('the corpus', () => {
  it('has its cases', () => {
    expect(names.filter((name) => name.startsWith('real-')).length).toBeGreaterThanOrEqual(20);
    expect(names.length).toBeGreaterThanOrEqual(150);
  });

  it.each(names)('%s', (name) => {
    const { why, image, before, verdict, words, after } = readCase(name);
    expect(why).not.toBe('');
    const plan = planImageEdit(before, image);
    if (verdict === 'unchanged') return expect(plan).toMatchObject({ outcome: 'unchanged', reason: words.join(' ') });
    if (verdict === 'refused') {
      const [line, ...kind] = words;
      expect(plan.outcome === 'refused' && plan.refusals[0]).toMatchObject({
        line: Number(line),
        kind: kind.join(' '),
      });
      return;
    }
    expect(verdict).toBe('after');
    expect(plan.outcome === 'changed' ? plan.text : plan).toBe(after);
    expect(planImageEdit(after, image).outcome).toBe('unchanged');
  });
});
