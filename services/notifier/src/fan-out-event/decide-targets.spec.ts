import { anEvent } from '@shipit/messaging/testing';
import { expect, it } from 'vitest';
import type { Target } from '../config.js';
import { decideTargets } from './decide-targets.js';

const target: Target = { name: 'hook', url: 'https://hook.example.com', secretEnv: 'HOOK_SECRET', allowPrivate: false };
const event = anEvent('one');
const { release: _, ...data } = event.data;
const withoutRelease = { ...event, data };

it.each([
  ['a target without lists', {}, event, true],
  ['its type', { types: ['release.candidate'] }, event, true],
  ['another type', { types: ['release.failed'] }, event, false],
  ['a family of types', { types: ['release.*'] }, event, true],
  ['another family', { types: ['image.*'] }, event, false],
  ['its release', { releases: ['default/word-counts'] }, event, true],
  ['another release', { releases: ['default/other'] }, event, false],
  ['its namespace', { releases: ['default/*'] }, event, true],
  ['a release, where the event is about none', { releases: ['*'] }, withoutRelease, false],
  ['type and release', { types: ['release.*'], releases: ['other/*'] }, event, false],
] as const)('an event goes to a target that asks for %s as it should', (_title, lists, about, expected) => {
  const wanted = { ...target, ...lists } as unknown as Target;
  expect(decideTargets(about, [wanted])).toEqual(expected ? [wanted] : []);
});
