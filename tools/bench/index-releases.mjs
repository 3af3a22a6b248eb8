const files = 2000;
const documentsPerFile = 10;
const commits = 10;
const registry = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';

/** The committer's index of which release uses which image, from a repository in memory: no clone and no network in it. */
export async function benchIndex(heapMegabytes) {
  const { InMemoryGitRepository } = await import('../../libs/git/dist/testing.js');
  const { ReleaseIndex } = await import('../../services/repo-committer/dist/index-releases/release-index.js');
  const texts = Array.from({ length: files }, (_, n) => [`releases/team-${n % 40}/file-${n}.yaml`, fileOf(n)]);
  const git = await InMemoryGitRepository.create(Object.fromEntries(texts));
  const before = heapMegabytes();
  const index = new ReleaseIndex(git, 'releases');
  const all = await timed(() => index.moveTo(git.tip));
  const megabytes = heapMegabytes() - before;
  check(index, 'service-4321', 1);
  const times = [];
  for (let n = 0; n < commits; n += 1) {
    await git.push({ [texts[n * 7][0]]: texts[n * 7][1].replace('v1.2.3', `v2.0.${n}`) });
    times.push(await timed(() => index.moveTo(git.tip)));
  }
  const sorted = times.sort((a, b) => a - b);
  const lookup = await timed(() => check(index, 'service-19999', 1));
  const documents = files * documentsPerFile;
  return [
    { what: `${documents} releases in ${files} files indexed at start`, p50: all, note: 'git in memory: no clone' },
    { what: '  one new commit with one file changed', p50: sorted[commits / 2], p95: sorted.at(-1), runs: commits },
    { what: '  who uses this image', p50: lookup },
    { what: '  memory of the index', p50: megabytes, unit: 'MB' },
  ];
}

function fileOf(file) {
  return Array.from({ length: documentsPerFile }, (_, at) => release(file * documentsPerFile + at)).join('---\n');
}

function release(n) {
  return `apiVersion: shipit.dev/v1beta1
kind: HelmRelease
metadata:
  name: release-${n}
  namespace: team-${n % 40}
  annotations:
    shipit.dev/autodeploy: 'true' # by the team
spec:
  chart:
    repository: oci://${registry}/charts
    name: service
    version: 1.10.0
  values:
    image:
      repository: ${registry}/service-${n}
      tag: v1.2.3
    replicas: 2
    env: {LOG_LEVEL: info, REGION: eu-central-1}
    resources:
      requests: {cpu: 100m, memory: 128Mi}
`;
}

function check(index, repository, expected) {
  const found = index.using({ registry, repository }).length;
  if (found !== expected) throw new Error(`${found} releases use ${repository}`);
}

async function timed(work) {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
