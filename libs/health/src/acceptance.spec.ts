import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { assessHealth } from './assess-health.js';
import type { KubernetesObject } from './kubernetes-object.js';

const folder = fileURLToPath(new URL('../../../../shared/acceptance/', import.meta.url));
const kstatusFile = `${folder}kstatus_compute_cases.json`;
const argoFile = `${folder}argocd_builtin_health_cases.json`;

interface KstatusCase {
  case: string;
  object: KubernetesObject;
  expectedStatus: string;
  expectedConditions: { reason: string }[];
}

interface ArgoCase {
  file: string;
  object: KubernetesObject;
  expected: string;
}

function casesOf<T>(file: string): T[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8').replaceAll('@NOW@', now.toISOString());
  return (JSON.parse(text) as { cases: T[] }).cases;
}

const now = new Date('2026-01-02T03:04:05Z');

/** Where Ship-it means to differ from kstatus, and what it says there. */
const unlikeKstatus: Record<string, string> = {
  podCompletedFailed: 'Failed',
  jobInProgress: 'InProgress',
  serviceLBok: 'InProgress',
};

/** Cases of another tool with other rules: what kstatus says where Argo CD says something else. */
const unlikeArgo: Record<string, string> = {
  'deployment-suspended.yaml': 'InProgress',
  'ingress-unassigned.yaml': 'Current',
  'job-suspended.yaml': 'Current',
  'hpa-v1-degraded.yaml': 'Current',
  'hpa-v1-degraded-failedgetobjectmetric.yaml': 'Current',
  'hpa-v1-progressing.yaml': 'Current',
  'hpa-v1-progressing-with-no-annotations.yaml': 'Current',
  'hpa-v2-degraded.yaml': 'Current',
  'hpa-v2-progressing.yaml': 'Current',
  'apiservice-v1-false.yaml': 'Current',
  'apiservice-v1beta1-false.yaml': 'Current',
  'pod-imagepullbackoff.yaml': 'InProgress',
  'pod-error.yaml': 'InProgress',
  'pod-running-restart-never.yaml': 'Current',
  'pod-running-restart-never-hook-with-ignore-annotation.yaml': 'Current',
  'pod-running-restart-never-with-ignore-annotation-backoff.yaml': 'InProgress',
  'pod-running-restart-onfailure.yaml': 'Failed',
  'pod-deletion.yaml': 'Terminating',
};

const sameAsArgo: Record<string, string> = {
  Healthy: 'Current',
  Progressing: 'InProgress',
  Degraded: 'Failed',
  Suspended: 'Current',
};

describe.skipIf(!existsSync(kstatusFile))('kstatus cases (skipped without ../shared/acceptance)', () => {
  it.each(casesOf<KstatusCase>(kstatusFile))('$case is as kstatus says', (row) => {
    const health = assessHealth(row.object, { now });
    expect(health.status).toBe(unlikeKstatus[row.case] ?? row.expectedStatus);
    const reason = row.expectedConditions[0]?.reason;
    if (reason && !unlikeKstatus[row.case]) expect(health.reason).toBe(reason);
  });
});

describe.skipIf(!existsSync(argoFile))('Argo CD cases (skipped without ../shared/acceptance)', () => {
  it.each(casesOf<ArgoCase>(argoFile).map((row) => ({ ...row, name: row.file.split('/').at(-1) ?? '' })))(
    '$name',
    (row) => {
      expect(assessHealth(row.object, { now }).status).toBe(unlikeArgo[row.name] ?? sameAsArgo[row.expected]);
    },
  );
});
