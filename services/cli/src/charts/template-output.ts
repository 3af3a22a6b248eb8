import { pathMatcher, PatternError, type RenderedChart } from '@shipit/charts';
import { CliError } from '../output/cli-error.js';
import type { TemplateFlags } from './template-flags.js';

type OutputFlags = Pick<TemplateFlags, 'showOnly' | 'includeCrds' | 'hooks' | 'skipTests'>;

/** What `helm template` prints of a rendered chart. */
export function printRendered(rendered: RenderedChart, flags: OutputFlags): string {
  const crds = flags.includeCrds ? rendered.crdFiles.map(({ path, text }) => document(path, text)) : [];
  const hooks = shownHooks(rendered, flags).map(({ path, manifest }) => document(path, manifest));
  return `${trim([...crds, rendered.manifestText].join(''))}\n${hooks.join('')}`;
}

function shownHooks({ hooks }: RenderedChart, { hooks: isWanted, skipTests }: OutputFlags) {
  if (!isWanted) return [];
  return skipTests ? hooks.filter(({ events }) => !events.includes('test')) : hooks;
}

/** The same for programs. */
export function describeRendered(rendered: RenderedChart, flags: OutputFlags) {
  const { manifests, sources, crdFiles, notes, values, metadata } = rendered;
  const isShown = matcherOf(flags.showOnly);
  const hooks = shownHooks(rendered, flags).filter(({ path }) => isShown(path));
  return {
    manifests: manifests.filter((_, at) => isShown(sources[at] ?? '')),
    hooks,
    crds: crdFiles.filter(({ path }) => isShown(path)),
    notes,
    values,
    chart: metadata,
  };
}

function matcherOf(templates: readonly string[]): (source: string) => boolean {
  if (templates.length === 0) return () => true;
  const matchers = templates.map(templateMatcher);
  return (source) => matchers.some((matches) => matches(source.slice(source.indexOf('/') + 1)));
}

/** Only the documents of some templates, in the order of `wanted`. @throws CliError where one is not there */
export function showOnly(text: string, wanted: readonly string[]): string {
  if (wanted.length === 0) return text;
  const documents = text
    .split(/^---[ \t]*/m)
    .filter((document) => trim(document) !== '')
    .map((document) => trimStart(document));
  return wanted.flatMap((template) => chosen(documents, template)).join('');
}

function chosen(documents: readonly string[], template: string): string[] {
  const isWanted = templateMatcher(template);
  const found = documents.filter((document) => {
    const [, path] = /# Source: [^/]+\/([^\n]+)/.exec(document) ?? [];
    return path !== undefined && isWanted(path);
  });
  if (found.length === 0) throw new CliError(`could not find template ${template} in chart`);
  return found.map((document) => `---\n${document}\n`);
}

/** A path within the chart, with Helm's wildcards; a pattern that is none matches nothing. */
function templateMatcher(template: string): (path: string) => boolean {
  try {
    return pathMatcher(template);
  } catch (error) {
    if (error instanceof PatternError) return () => false;
    throw error;
  }
}

function document(path: string, text: string): string {
  return `---\n# Source: ${path}\n${text}\n`;
}

/** What Go takes for space: JavaScript has one character more and one less. */
const space = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

function trimStart(text: string): string {
  let start = 0;
  while (start < text.length && space.test(text.charAt(start))) start++;
  return text.slice(start);
}

function trim(text: string): string {
  let end = text.length;
  while (end > 0 && space.test(text.charAt(end - 1))) end--;
  return trimStart(text.slice(0, end));
}
