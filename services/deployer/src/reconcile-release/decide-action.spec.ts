import { expect, it } from 'vitest';
import { type Action, decideAction, type Observed } from './decide-action.js';

const commit = 'c1';
const base: Observed = { isSuspended: false, commit, isRollback: false, inputs: 'new' };
const progress = { inputs: 'new', commit, step: 'rollout' as const };
const older = { inputs: 'old', commit: 'c0', step: 'done' as const };
const deployed = { status: 'deployed' as const, progress: { ...progress, step: 'done' as const } };
const hookRun = { uid: 'u', startedAt: '' };

it.each<[string, Partial<Observed>, Action]>([
  ['nothing is installed', {}, 'install'],
  ['it was uninstalled by hand', { newest: { status: 'uninstalled', progress: older } }, 'install'],
  ['the first attempt was refused', { refused: { inputs: 'new', commit } }, 'report'],
  [
    'the first attempt was refused and there is a newer commit',
    { refused: { inputs: 'new', commit: 'c0' } },
    'install',
  ],
  [
    'the first attempt was refused and the inputs are other ones by now',
    { refused: { inputs: 'old', commit } },
    'install',
  ],
  ['inputs cannot be known now', { inputs: undefined }, 'wait-for-inputs'],
  ['inputs differ', { newest: { status: 'deployed', progress: older } }, 'upgrade'],
  [
    'inputs differ and the commit is a rollback',
    { isRollback: true, newest: { status: 'failed', progress: older } },
    'roll-back',
  ],
  ['inputs differ from a failed revision', { newest: { status: 'failed', progress: older } }, 'upgrade'],
  [
    'inputs differ and the last attempt with them was refused',
    { newest: { status: 'deployed', progress: older }, refused: { inputs: 'new', commit } },
    'report',
  ],
  [
    'inputs differ while an older revision rolls out',
    { newest: { status: 'pending-upgrade', progress: { ...older, step: 'rollout' } } },
    'upgrade',
  ],
  [
    'inputs differ while a hook of an older revision runs',
    { newest: { status: 'pending-upgrade', progress: { ...older, step: 'before', hookRun } } },
    'run-hook',
  ],
  [
    'it is deleted while a hook runs',
    { deletion: 'gone', newest: { status: 'pending-upgrade', progress: { ...progress, hookRun } } },
    'run-hook',
  ],
  [
    'hooks are to be run before',
    { newest: { status: 'pending-install', progress: { ...progress, step: 'before' } } },
    'run-hook',
  ],
  ['it is being applied', { newest: { status: 'pending-install', progress: { ...progress, step: 'apply' } } }, 'apply'],
  ['it rolls out', { newest: { status: 'pending-install', progress } }, 'observe'],
  [
    'hooks are to be run after',
    { newest: { status: 'pending-upgrade', progress: { ...progress, step: 'after' } } },
    'run-hook',
  ],
  ['it is in sync', { newest: deployed }, 'report'],
  ['it is in sync and a newer commit changed nothing that runs', { commit: 'c2', newest: deployed }, 'report'],
  ['it failed', { newest: { status: 'failed', progress } }, 'report'],
  ['it failed and there is a newer commit', { commit: 'c2', newest: { status: 'failed', progress } }, 'upgrade'],
  ['Helm is at work', { newest: { status: 'pending-upgrade' } }, 'wait-for-helm'],
  ['Helm was killed at work', { newest: { status: 'pending-upgrade', isStale: true } }, 'upgrade'],
  ['Helm uninstalls it', { newest: { status: 'uninstalling' } }, 'wait-for-helm'],
  ['Helm was killed while it uninstalled it', { newest: { status: 'uninstalling', isStale: true } }, 'install'],
  ['somebody deployed another revision with Helm', { newest: { status: 'deployed' } }, 'upgrade'],
  ['it is suspended', { isSuspended: true, newest: { status: 'pending-upgrade', progress } }, 'suspend'],
  ['it is deleted and git declares it', { deletion: 'declared', newest: deployed }, 'let-go'],
  ['it is deleted and gone from git', { deletion: 'gone', newest: deployed }, 'uninstall'],
  ['it is suspended, deleted and gone from git', { isSuspended: true, deletion: 'gone' }, 'uninstall'],
  ['it is deleted and git cannot be read', { deletion: 'unknown', newest: deployed }, 'wait-for-git'],
])('%s', (_, seen, action) => {
  expect(decideAction({ ...base, ...seen })).toBe(action);
});
