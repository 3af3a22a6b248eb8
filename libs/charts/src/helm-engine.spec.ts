import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Worker } from 'node:worker_threads';
import { brotliDecompressSync } from 'node:zlib';
import { waitUntil } from '@shipit/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { type RenderedChart, type RenderRequest, valuesFile, type ValuesLayer } from './chart-renderer.js';
import { HelmEngine } from './helm-engine.js';
import { HelmRenderer } from './helm-renderer.js';
import { chartOf } from './in-memory-chart-source.js';

const good = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: good}\n';
const endless = '{{ range until 1000000 }}{{ range until 1000000 }}{{ end }}{{ end }}';
const greedy = '{{ $x := "aaaaaaaa" }}{{ range until 60 }}{{ $x = print $x $x }}{{ end }}';

const identity = { name: 'shop', namespace: 'prod', revision: 1, isUpgrade: false };

const engines: HelmEngine[] = [];
afterEach(() => Promise.all(engines.splice(0).map((engine) => engine.close())));

describe('the pool of Helm instances', () => {
  it('ends a template that never ends, and renders the others meanwhile', async () => {
    const { render } = setUp({ workers: 2, deadlineSeconds: 3 });
    const stuck = expect(render(endless)).rejects.toMatchObject({ code: 'SHIPIT_CHART_DEADLINE' });
    const others = await Promise.all([render(good), render(good), render(good)]);
    await stuck;
    expect(others.map(({ manifests }) => manifests.length)).toEqual([1, 1, 1]);
  });

  it('goes on with one thread after it had to be replaced, again and again', async () => {
    const { render } = setUp({ workers: 1, deadlineSeconds: 2 });
    for (let i = 0; i < 2; i++) await expect(render(endless)).rejects.toThrow('not done after 2 s');
    expect((await render(good)).manifests).toHaveLength(1);
  });

  it('stops a template that wants more memory than it may have', async () => {
    const { render } = setUp({ workers: 1 });
    await expect(render(greedy)).rejects.toMatchObject({ code: 'SHIPIT_CHART_CRASH' });
    await expect(render(greedy)).rejects.toThrow('more than the 512 MiB it may use');
    expect((await render(good)).manifests).toHaveLength(1);
  });

  it('blames no chart for the memory that the one before it left full', async () => {
    const { render } = setUp({ workers: 1 });
    for (const bytes of [280_000_000, 280_000_000]) {
      const rendered = await render(`{{ $x := repeat ${bytes} "a" }}\n${good}`);
      expect(rendered.manifests).toHaveLength(1);
    }
  });

  it.each([
    ['a loop', { deadlineSeconds: 1 }, `\n${endless}`, 'stopped in web/templates/it.yaml:2;'],
    [
      'a loop without functions',
      { deadlineSeconds: 1 },
      '\n\n{{ range 9999999999999 }}{{ end }}',
      'web/templates/it.yaml:3;',
    ],
    [
      'one call that takes long',
      { deadlineSeconds: 1 },
      '\n{{ derivePassword 1 "long" "a" "b" "c" }}{{ genPrivateKey "rsa" }}',
      'it.yaml:2;',
    ],
    [
      'one call that takes memory',
      {},
      '\n\n{{ $x := "a" }}\n{{ repeat 2000000000 $x }}',
      'may use in web/templates/it.yaml:4',
    ],
    [
      'what it includes',
      {},
      '\n{{ include "greedy" . }}',
      'in web/templates/_it.tpl:2, included by web/templates/it.yaml:2',
    ],
  ])('says in which file and line it stopped %s', async (_what, options, template, expected) => {
    const { render } = setUp({ workers: 1, ...options });
    const files = { 'templates/_it.tpl': `{{ define "greedy" }}\n${greedy}{{ end }}` };
    await expect(render(template, files)).rejects.toThrow(expected);
  });

  it('names the largest of what it read when it was stopped before it came to a template', async () => {
    const { engine, render, renderWith } = setUp({ workers: 1, deadlineSeconds: 0.3 });
    await engine.warmUp();
    const many = Array.from({ length: 300_000 }, (_, at) => `k${at}: {a: ${at}, b: [1, 2, 3]}\n`).join('');
    const stopped = (largest: string): RegExp =>
      new RegExp(`stopped, while its files and values were read; the largest of them is ${largest} \\(1\\d MiB\\)`);
    await expect(render(good, { 'values.yaml': many })).rejects.toThrow(stopped('web/values.yaml'));
    await expect(renderWith([valuesFile('prod.yaml', many)])).rejects.toThrow(stopped('prod.yaml'));
    await expect(renderWith([many])).rejects.toThrow(stopped('the values of the release'));
  });

  it('tells everybody who waits that no thread could be started, and starts one for who asks again', async () => {
    const { render } = setUp({ workers: 2 });
    process.on('worker', endWorker);
    const failures = await Promise.all(Array.from({ length: 5 }, () => render(good).catch((error: unknown) => error)));
    process.off('worker', endWorker);
    for (const failure of failures) {
      expect(failure).toMatchObject({ code: 'SHIPIT_CHART_CRASH', isTransient: true });
      expect(String(failure)).toContain('a thread for Helm could not be started');
    }
    expect((await waitUntil(() => render(good))).manifests).toHaveLength(1);
  });

  it('renders in a new thread when the one that was idle has died', async () => {
    const workers: Worker[] = [];
    const note = (worker: Worker): unknown => workers.push(worker);
    process.on('worker', note);
    const { engine, render } = setUp({ workers: 1 });
    await engine.warmUp();
    process.off('worker', note);
    await workers[0]?.terminate();
    expect((await render(good)).manifests).toHaveLength(1);
  });

  it('renders a release in a thread that becomes too large while it reads its values', async () => {
    const { render, renderWith } = setUp({ workers: 1 });
    await render(`{{ $x := repeat 285000000 "a" }}\n${good}`);
    const values = valuesFile('prod.yaml', `a: here\n# ${'x'.repeat(12_000_000)}\n`);
    expect((await renderWith([values])).values).toEqual({ a: 'here' });
  });

  it('blames no chart for being closed while it renders, or just before', async () => {
    const chart = await chartOf({ 'templates/it.yaml': endless });
    const closed = { code: 'SHIPIT_CHART_CRASH', message: 'the Helm engine is closed', isTransient: true };
    for (const justBefore of [false, true]) {
      const { engine, renderer } = setUp({ workers: 1 });
      await engine.warmUp();
      const refused = expect(renderer.render({ chart, values: [], ...identity })).rejects.toMatchObject(closed);
      // By then the thread was asked.
      if (!justBefore) await new Promise((resolve) => setImmediate(resolve));
      await engine.close();
      await refused;
    }
  });

  it('has one deadline for all rounds of the look-ups of a rendering', async () => {
    // Each of five rounds counts that far, and each but the last asks for one thing more.
    const template = `{{ range until 500 }}{{ range until 900 }}{{ $_ := . }}{{ end }}{{ end }}{{ $n := "n" }}
{{ range until 4 }}{{ if lookup "v1" "ConfigMap" "prod" $n }}{{ $n = print $n "x" }}{{ end }}{{ end }}`;
    const chart = await chartOf({ 'templates/it.yaml': template });
    const known = { values: [], ...identity, lookup: () => Promise.resolve({ metadata: { name: 'there' } }) };
    const timed = async (of: HelmRenderer, request: RenderRequest): Promise<number> => {
      const began = performance.now();
      await of.render(request);
      return (performance.now() - began) / 1000;
    };
    const { renderer } = setUp({ workers: 1 });
    const rounds = [await timed(renderer, { chart, ...known }), await timed(renderer, { chart, ...known })];
    const deadlineSeconds = Math.min(...rounds) / 2;
    const { renderer: hurried } = setUp({ workers: 1, deadlineSeconds });
    await expect(timed(hurried, { chart, ...known })).rejects.toMatchObject({ code: 'SHIPIT_CHART_DEADLINE' });
  });

  it('refuses calls once it is closed', async () => {
    const { engine, render } = setUp({ workers: 1 });
    await engine.warmUp();
    await engine.close();
    await expect(render(good)).rejects.toThrow('closed');
  });

  it('runs the module whose digest is committed', async () => {
    const folder = new URL('../wasm/', import.meta.url);
    const module = brotliDecompressSync(await readFile(new URL('helm.wasm.br', folder)));
    const digest = createHash('sha256').update(module).digest('hex');
    expect((await readFile(new URL('digest', folder), 'utf8')).trim()).toBe(`sha256:${digest}`);
  });
});

function setUp(options: { workers: number; deadlineSeconds?: number }): {
  engine: HelmEngine;
  renderer: HelmRenderer;
  render: (template: string, files?: Record<string, string>) => Promise<RenderedChart>;
  renderWith: (values: ValuesLayer[]) => Promise<RenderedChart>;
} {
  const engine = new HelmEngine(options);
  engines.push(engine);
  const renderer = new HelmRenderer(engine);
  return {
    engine,
    renderer,
    render: async (template, files = {}) => {
      const chart = await chartOf({ 'templates/it.yaml': template, ...files });
      return renderer.render({ chart, values: [], ...identity });
    },
    renderWith: async (values) => renderer.render({ chart: await chartOf({}), values, ...identity }),
  };
}

/** A thread that cannot start. */
function endWorker(worker: Worker): void {
  void worker.terminate();
}
