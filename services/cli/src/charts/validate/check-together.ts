import { chooseCluster, dependenciesOf, targetNameOf } from '@shipit/releases';
import type { YamlPath } from '@shipit/yaml-edit';
import { didYouMean } from './closest-word.js';
import { findCycles } from './find-cycles.js';
import { maxProblems, type Problem } from './problem.js';
import type { DeclaredRelease } from './read-releases.js';

export interface Surroundings {
  /** Names of the configured clusters; absent where there is no configuration. */
  clusters: readonly string[] | undefined;
  /** Whether all releases that there are are known. */
  isWhole: boolean;
}

/** What is wrong with releases beside each other. */
export function checkTogether(releases: readonly DeclaredRelease[], surroundings: Surroundings): Problem[] {
  return [
    ...declaredTwice(releases),
    ...releases.flatMap((release) => wrongCluster(release, surroundings)),
    ...sameTarget(releases, surroundings),
    ...unknownDependencies(releases, surroundings),
    ...endlessDependencies(releases),
  ];
}

function declaredTwice(releases: readonly DeclaredRelease[]): Problem[] {
  return sharing(releases, ({ key }) => key).flatMap(({ release, others }) =>
    problem(release, ['metadata', 'name'], {
      code: 'SHIPIT_RELEASE_TWICE',
      message: `${release.key} is declared ${others.length + 1} times, also in ${placesOf(others)}: keep one; until then it stays as it is`,
    }),
  );
}

function wrongCluster(release: DeclaredRelease, { clusters }: Surroundings): Problem[] {
  if (!release.spec || !clusters) return [];
  const chosen = chooseCluster(release.spec.cluster, clusters);
  if (!('problem' in chosen)) return [];
  const meant = release.spec.cluster === undefined ? '' : didYouMean(release.spec.cluster, clusters);
  return problem(release, ['spec', 'cluster'], {
    code: 'SHIPIT_CLUSTER_UNKNOWN',
    message: chosen.problem + meant,
  });
}

function sameTarget(releases: readonly DeclaredRelease[], { clusters }: Surroundings): Problem[] {
  const targetOf = (release: DeclaredRelease): string | undefined => {
    const { spec } = release;
    if (!spec) return undefined;
    const chosen = chooseCluster(spec.cluster, clusters ?? [spec.cluster ?? '']);
    if ('problem' in chosen) return undefined;
    const { namespace, name } = targetNameOf(release, spec);
    return `${chosen.cluster} ${namespace}/${name}`;
  };
  return sharing(releases, targetOf)
    .map(({ release, others }) => ({ release, others: others.filter(({ key }) => key !== release.key) }))
    .filter(({ others }) => others.length > 0)
    .flatMap(({ release, others }) =>
      problem(release, release.spec?.releaseName === undefined ? ['metadata', 'name'] : ['spec', 'releaseName'], {
        code: 'SHIPIT_TARGET_TAKEN',
        message: `${release.key} is installed as ${targetOf(release)?.trim()}, and so is ${placesOf(others, ({ key }) => `${key} in `)}: give one of them another spec.releaseName`,
      }),
    );
}

function unknownDependencies(releases: readonly DeclaredRelease[], { isWhole }: Surroundings): Problem[] {
  const keys = releases.map(({ key }) => key);
  const known = new Set(keys);
  const severity = isWhole ? 'error' : 'warning';
  const subject = isWhole ? 'no file' : 'no file that was read (--config says which folder to read)';
  return releases.flatMap((release) => {
    const unknown = [...dependencies(release).entries()].filter(([, dependency]) => !known.has(dependency));
    return unknown.slice(0, maxProblems).flatMap(([at, dependency]) => {
      const message = `spec.dependsOn: ${subject} declares ${dependency}${didYouMean(dependency, keys)}`;
      return problem(release, ['spec', 'dependsOn', at], { severity, code: 'SHIPIT_DEPENDENCY_UNKNOWN', message });
    });
  });
}

function endlessDependencies(releases: readonly DeclaredRelease[]): Problem[] {
  const waitsFor = new Map<string, string[]>();
  for (const release of releases)
    waitsFor.set(release.key, [...(waitsFor.get(release.key) ?? []), ...dependencies(release)]);
  const nextOf = new Map<string, { next: string; message: string }>();
  for (const cycle of findCycles(waitsFor)) {
    const shown = cycle.length > 10 ? [...cycle.slice(0, 10), '…'] : cycle;
    const message = `spec.dependsOn: these wait for each other for ever: ${[...shown, cycle[0]].join(' → ')}`;
    for (const [at, key] of cycle.entries()) nextOf.set(key, { next: cycle[(at + 1) % cycle.length] ?? '', message });
  }
  return releases.flatMap((release) => {
    const { next = '', message = '' } = nextOf.get(release.key) ?? {};
    const at = dependencies(release).indexOf(next);
    if (at < 0) return [];
    return problem(release, ['spec', 'dependsOn', at], { code: 'SHIPIT_DEPENDENCY_CYCLE', message });
  });
}

function dependencies({ namespace, spec }: DeclaredRelease): string[] {
  return spec ? dependenciesOf(namespace, spec) : [];
}

/** Releases that have something in common with others. */
function sharing(
  releases: readonly DeclaredRelease[],
  what: (release: DeclaredRelease) => string | undefined,
): { release: DeclaredRelease; others: DeclaredRelease[] }[] {
  const groups = new Map<string, DeclaredRelease[]>();
  for (const release of releases) {
    const shared = what(release);
    const group = shared === undefined ? undefined : groups.get(shared);
    if (group) group.push(release);
    else if (shared !== undefined) groups.set(shared, [release]);
  }
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .flatMap((group) => group.map((release) => ({ release, others: group.filter((other) => other !== release) })));
}

function placesOf(releases: readonly DeclaredRelease[], nameOf = (_: DeclaredRelease): string => ''): string {
  const places = releases.slice(0, 5).map((release) => {
    const { line, column } = release.yaml.keyPositionOf(['metadata', 'name']);
    return `${nameOf(release)}${release.file}:${line}:${column}`;
  });
  return [...places, ...(releases.length > 5 ? [`${releases.length - 5} more`] : [])].join(' and ');
}

/** Only those that are to be checked have problems. */
function problem(
  { file, yaml, isChecked }: DeclaredRelease,
  path: YamlPath,
  found: Pick<Problem, 'code' | 'message'> & Partial<Pick<Problem, 'severity'>>,
): Problem[] {
  return isChecked ? [{ file, ...yaml.keyPositionOf(path), severity: 'error', ...found }] : [];
}
