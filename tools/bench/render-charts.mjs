import { HelmEngine, HelmRenderer } from '../../libs/charts/dist/index.js';

/** One engine, and each chart's releases by their number. */
export function startRenderer({ workers }) {
  const engine = new HelmEngine({ workers });
  const renderer = new HelmRenderer(engine);
  const requestFor = ({ archive, values }, n) => ({
    chart: archive,
    values: [values(n)],
    name: nameOf(n),
    namespace,
    revision: 1,
    isUpgrade: false,
  });
  return {
    engine,
    render: (chart, n) => renderer.render(requestFor(chart, n)),
    /** What `helm template` prints. */
    async print(chart, n) {
      const { manifestText, hooks } = await renderer.render({ ...requestFor(chart, n), isTextOnly: true });
      return `${manifestText.trim()}\n${hooks.map(({ path, manifest }) => `---\n# Source: ${path}\n${manifest}\n`).join('')}`;
    },
  };
}

export const namespace = 'bench';

export function nameOf(n) {
  return `release-${n}`;
}
