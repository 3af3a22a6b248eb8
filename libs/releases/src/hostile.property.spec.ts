import { readdirSync, readFileSync } from 'node:fs';
import { parseImage } from '@shipit/images';
import { readDocuments, type YamlPath } from '@shipit/yaml-edit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withBlock, withHold, withLock, withoutHold, withoutLock } from './edit-locks.js';
import { type ImageEditPlan, planImageEdit } from './plan-image-edit.js';
import { readReleaseDocuments } from './release-file.js';
import { restoreReleaseSpec } from './restore-spec.js';

/** Far above what a text of some kB takes, so that a busy machine is no failure. */
const limitMs = 5_000;
const image = { registry: 'registry.example.com', repository: 'team/app', tag: 'v2' };
const release = 'default/word-counts';
const author = { reason: 'freeze', by: 'ann', at: '2026-11-21T03:00:00Z' };

const folder = new URL('../corpus/', import.meta.url);
const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.case'))
  .map((name) => {
    const [head = '', text = ''] = readFileSync(new URL(name, folder), 'utf8').split(/^=== .*\n/m);
    const wanted = parseImage(/^# set: (.+)$/m.exec(head)?.[1] ?? '');
    return { text, wanted: { ...wanted, tag: wanted.tag ?? 'v2' } };
  });
const declared = `apiVersion: shipit.dev/v1beta1
kind: HelmRelease
metadata: {name: word-counts}
spec: # ours
  suspend: true
  chart: {repository: "oci://registry.example.com/charts", name: service, version: 1.0.0}
  values:
    image: {repository: registry.example.com/team/app, tag: v1}
`;
const locks = `version: 1
env_lock: {reasons: []}
resource_locks:
  ${release}: # mine
    reasons: [a, "Hold: b"]
    blocked: [{image: "registry.example.com/team/app:v1", digest: "sha256:1"}]
  default/other: {reasons: [c]}
`;

const marks = ['a: ', '- ', '? ', ': ', '&a ', '*a', '<<: *a', '{', '}', '[', ']', ',', '|\n', '>+\n', '"', "'", '\\'];
const lines = [
  '\n',
  '\r\n',
  '\r',
  '\t',
  '  ',
  ' #',
  '---\n',
  '...\n',
  '%YAML 1.1\n',
  '%TAG ! x:\n',
  '{{ .x }}',
  '${X}',
];
const words = [
  '!!set ',
  '!!omap ',
  '!!binary ',
  '!!merge ',
  '!x ',
  '\ufeff',
  '\u0000',
  '\ud800',
  '日本',
  '~',
  '=',
  '0x',
  'v1',
];
const piece = fc.oneof(fc.constantFrom(...marks, ...lines, ...words), fc.string({ unit: 'binary', maxLength: 3 }));
const change = fc.record({
  what: fc.constantFrom(
    'delete line',
    'double line',
    'swap lines',
    'indent line',
    'cut',
    'insert',
    'replace',
    'repeat',
  ),
  at: fc.nat(),
  to: fc.nat(),
  piece,
});

/** A text as a slip of the hand, a bad merge or malice might leave it. */
function spoil(
  text: string,
  { what, at, to, piece: inserted }: { what: string; at: number; to: number; piece: string },
) {
  const rows = text.split('\n');
  const [row, other, from] = [at % rows.length, to % rows.length, at % (text.length + 1)];
  const end = from + (to % 12);
  if (what === 'delete line') rows.splice(row, 1);
  else if (what === 'double line') rows.splice(row, 0, rows[row] ?? '');
  else if (what === 'swap lines') [rows[row], rows[other]] = [rows[other] ?? '', rows[row] ?? ''];
  else if (what === 'indent line') rows[row] = ' '.repeat(1 + (to % 4)) + (rows[row] ?? '');
  else if (what === 'cut') return text.slice(0, from) + text.slice(end);
  else if (what === 'insert') return text.slice(0, from) + inserted + text.slice(from);
  else if (what === 'replace') return text.slice(0, from) + inserted + text.slice(end);
  else return text.slice(0, from) + inserted.repeat(1 + (to % 200)) + text.slice(from);
  return rows.join('\n');
}

const changes = fc.array(change, { minLength: 1, maxLength: 3 });
const spoiled = (text: string) => changes.map((all) => all.reduce(spoil, text));
const spoiledCase = fc
  .tuple(fc.constantFrom(...cases), changes)
  .map(([{ text, wanted }, all]) => ({ text: all.reduce(spoil, text), wanted }));
const anything = fc.oneof(
  fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('utf8')),
  spoiledCase.map(({ text }) => text),
);

/** Every document as texts, with other values at these paths. */
function textsWith(text: string, changes: readonly { document: number; path: YamlPath; to: string }[]): unknown {
  const read = readDocuments(text);
  if (!read.ok) return read.refusals;
  const documents = structuredClone(read.documents.map(({ texts }) => texts));
  for (const { document, path, to } of changes) {
    let node = documents[document] as Record<string | number, unknown>;
    for (const step of path.slice(0, -1)) node = node[step] as Record<string | number, unknown>;
    node[path.at(-1) ?? ''] = to;
  }
  return documents;
}

function expectProven(before: string, plan: ImageEditPlan): void {
  if (plan.outcome === 'refused') return expect(plan.refusals[0].reason).not.toBe('');
  if (plan.outcome !== 'changed') return;
  expect(textsWith(plan.text, [])).toEqual(textsWith(before, plan.changes));
  const [first, last] = [plan.changes[0], plan.changes.at(-1)];
  expect(plan.text.split('\n').slice(0, (first?.line ?? 1) - 1)).toEqual(
    before.split('\n').slice(0, (first?.line ?? 1) - 1),
  );
  const below = before.split('\n').length - (last?.line ?? 1);
  if (below > 0 && plan.text.split('\n').length === before.split('\n').length)
    expect(plan.text.split('\n').slice(-below)).toEqual(before.split('\n').slice(-below));
}

function timed(work: () => void): void {
  const started = performance.now();
  work();
  expect(performance.now() - started).toBeLessThan(limitMs);
}

describe('whatever a file holds', () => {
  const other = anything.map((text) => ({ text, wanted: image }));

  it('setting an image ends soon, refuses or changes nothing else, and changes nothing the second time', () => {
    const seen = { changed: 0, refused: 0, unchanged: 0 };
    fc.assert(
      fc.property(
        fc.oneof({ weight: 4, arbitrary: spoiledCase }, { weight: 1, arbitrary: other }),
        ({ text, wanted }) => {
          timed(() => {
            const plan = planImageEdit(text, wanted);
            seen[plan.outcome] += 1;
            expectProven(text, plan);
            if (plan.outcome === 'changed') expect(planImageEdit(plan.text, wanted).outcome).toBe('unchanged');
          });
        },
      ),
      { numRuns: 2000 },
    );
    expect(seen.changed).toBeGreaterThan(200);
    expect(seen.refused).toBeGreaterThan(200);
  });

  it('a lock is written and lifted, or refused, and the others stay', () => {
    let written = 0;
    const file = fc.oneof({ weight: 3, arbitrary: spoiled(locks) }, { weight: 1, arbitrary: anything });
    fc.assert(
      fc.property(file, (text) => {
        timed(() => {
          for (const edit of [
            withLock(text, release, author),
            withHold(text, release, author),
            withBlock(text, release, [{ image: 'x', digest: 'sha256:2', pushed: undefined }]),
            withoutLock(text, release),
            withoutHold(text, release),
          ]) {
            if (!edit.ok) expect(edit.refusals[0].reason).not.toBe('');
            else if (edit.isChanged) {
              written += 1;
              expect(withoutEntry(edit.text)).toEqual(withoutEntry(text));
            }
          }
        });
      }),
      { numRuns: 600 },
    );
    expect(written).toBeGreaterThan(300);
  });

  it('a spec is restored from any other file, or refused, and nothing else changes', () => {
    let restored = 0;
    fc.assert(
      fc.property(
        spoiled(declared),
        fc.oneof(spoiled(declared), fc.constant(declared), anything),
        (current, earlier) => {
          timed(() => {
            readReleaseDocuments('a.yaml', earlier);
            const edit = restoreReleaseSpec({ release, current, earlier });
            if (!edit.ok) return expect(edit.refusals[0].reason).not.toBe('');
            restored += 1;
            expect(withoutSpec(edit.text)).toEqual(withoutSpec(current));
          });
        },
      ),
      { numRuns: 1000 },
    );
    expect(restored).toBeGreaterThan(50);
  });
});

/** What belongs to others: a version that a new file gets is nobody's. */
function withoutEntry(text: string): unknown {
  const documents = textsWith(text, []) as { version?: string; resource_locks?: Record<string, unknown> }[];
  return (documents.length > 0 ? documents : [{}]).map((document) => {
    if (typeof document !== 'object') return {};
    const { version: _version, resource_locks: entries, ...others } = document;
    const { [release]: _entry, ...otherEntries } = Object(entries ?? {}) as Record<string, unknown>;
    return { ...others, ...otherEntries };
  });
}

function withoutSpec(text: string): unknown {
  const read = readDocuments(text);
  const at = readReleaseDocuments('a.yaml', text).releases.find(({ key }) => key === release)?.document;
  return read.ok
    ? read.documents.map(({ texts, index }) => (index === at ? { ...(texts as object), spec: '' } : texts))
    : [];
}
