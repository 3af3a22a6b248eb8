import type { RenderedChart } from '../src/chart-renderer.js';

/** What `helm template --include-crds` prints of a chart. */
export function printed({ crdFiles, manifestText, hooks }: RenderedChart): string {
  const crds = crdFiles.map(({ path, text }) => document(path, text)).join('');
  return `${`${crds}${manifestText}`.trim()}\n${hooks.map(({ path, manifest }) => document(path, manifest)).join('')}`;
}

/** Helm ended in the middle: nobody can have the same reason. */
export const crashed = 'failed: Helm crashed';

export const otherApiVersion = 'failed: invalid chart apiVersion';

/** Why something failed, without what is said around it; of a schema in any order, which is random in Helm. */
export function reasonOf(message: string): string {
  if (message.includes('goroutine 1 [running]')) return crashed;
  const lines = message.split('\n').filter((line) => !line.startsWith('level=') && !line.includes('Use --debug'));
  const reason = lines
    .join('\n')
    .trim()
    .replace(/^Error: /, '')
    .replace(/^Rendering chart \S+ \S* for \S+: /, '')
    .replace(/^an error occurred while checking for chart dependencies.*missing dependencies: /, '');
  const inOrder = reason.includes('specifications of the schema') ? reason.split('\n').sort().join('\n') : reason;
  return `failed: ${inOrder}`;
}

function document(path: string, text: string): string {
  return `---\n# Source: ${path}\n${text}\n`;
}
