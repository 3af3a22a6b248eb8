import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const charts = fileURLToPath(new URL('../../../deploy/charts/', import.meta.url));
const kubeconfig = process.env['SHIPIT_TEST_KUBECONFIG'];
const tools = process.env['KUBEBUILDER_ASSETS'];

const image = {
  repository: '123456789012.dkr.ecr.us-east-1.amazonaws.com/words',
  tag: '78bc9ccf64eb838c6a0e0492ded722274925e2bd',
};
const everything = {
  image: { ...image, digest: `sha256:${'0'.repeat(64)}` },
  env: { TEXT: 'a: b', NUMBER: 1_000_000, FLAG: true, SECRET: { secretKeyRef: { name: 's', key: 'k' } } },
  envFrom: [{ secretRef: { name: 's' } }],
  configMap: { data: { GREETING: 'hello: world' }, mountPath: '/etc/words' },
  autoscaling: { enabled: true },
  disruptionBudget: { enabled: true },
  migrate: { enabled: true, command: ['./migrate'] },
  serviceAccount: { create: true, annotations: { 'eks.amazonaws.com/role-arn': 'arn' } },
};
const ingress = {
  enabled: true,
  className: 'nginx',
  hosts: [{ host: 'words.example.com' }],
  tls: [{ hosts: ['words.example.com'] }],
};

describe.skipIf(!kubeconfig || !tools)(
  'the standard charts (skipped without SHIPIT_TEST_KUBECONFIG and KUBEBUILDER_ASSETS)',
  () => {
    const flagsOf = (values: object) => [
      '--set-json',
      ...Object.entries(values)
        .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
        .flatMap((set, index) => (index === 0 ? [set] : ['--set-json', set])),
    ];
    const helm = (...args: string[]) => run(join(tools ?? '', 'helm'), args, { timeout: 30_000 });
    const render = async (chart: string, values: object) =>
      (await helm('template', 'words', join(charts, chart), ...flagsOf(values))).stdout;

    async function dryRun(manifest: string): Promise<string[]> {
      const kubectl = run(
        join(tools ?? '', 'kubectl'),
        ['--kubeconfig', kubeconfig ?? '', 'apply', '--server-side', '--dry-run=server', '-o', 'name', '-f', '-'],
        { timeout: 30_000 },
      );
      kubectl.child.stdin?.end(manifest);
      return (await kubectl).stdout.trim().split('\n').sort();
    }

    it.each([
      ['service', { image }, ['deployment.apps/words', 'service/words']],
      ['worker', { image }, ['deployment.apps/words']],
      ['cron', { image, schedule: '15 3 * * *' }, ['cronjob.batch/words']],
      [
        'cron',
        {
          ...{ image, schedule: '@daily', timeZone: '', startingDeadlineSeconds: 0, command: ['./digest'] },
          ...{ env: everything.env, envFrom: everything.envFrom, configMap: everything.configMap },
          serviceAccount: everything.serviceAccount,
        },
        ['configmap/words', 'cronjob.batch/words', 'serviceaccount/words'],
      ],
      [
        'service',
        { ...everything, ingress },
        [
          'configmap/words',
          'deployment.apps/words',
          'horizontalpodautoscaler.autoscaling/words',
          'ingress.networking.k8s.io/words',
          'job.batch/words-migrate',
          'poddisruptionbudget.policy/words',
          'service/words',
          'serviceaccount/words',
        ],
      ],
    ])('%s is accepted by a real API server', async (chart, values, objects) => {
      await helm('lint', '--strict', join(charts, chart), ...flagsOf(values));
      expect(await dryRun(await render(chart, values))).toEqual(objects);
    });

    it('print numbers as they were written', async () => {
      expect(await render('service', everything)).toContain('value: "1000000"');
    });

    it('leave the number of pods to the autoscaler', async () => {
      expect(await render('service', { image })).toContain('replicas: 1');
      expect(await render('service', everything)).not.toMatch(/^ {2}replicas:/m);
    });

    it.each([
      ['no tag and no digest', { image: { repository: 'r' } }, /image.tag or image.digest/],
      ['a tag that YAML took for a number', { image: { repository: 'r', tag: 12 } }, /tag/],
      ['a value that does not exist', { image, replica: 2 }, /replica/],
    ])('refuse %s', async (_title, values, message) => {
      await expect(render('worker', values)).rejects.toThrow(message);
    });

    it('refuse a schedule of four fields', async () => {
      await expect(render('cron', { image, schedule: '3 * * *' })).rejects.toThrow(/schedule/);
    });
  },
);
