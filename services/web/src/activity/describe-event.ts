import type { ReleaseCommitted, ShipitEvent } from '@shipit/contracts';
import type { Tone } from '../shell/state-badge.js';
import { personName } from '../text/person-name.js';
import { shortImage } from '../text/short-image.js';

/** What a feed says of an event: a word for what happened, a sentence, and why. */
export interface EventDescription {
  label: string;
  tone: Tone;
  text: string;
  why?: string | undefined;
}

type Describers = { [T in ShipitEvent['type']]: (data: DataOf<T>) => EventDescription };
type DataOf<T extends ShipitEvent['type']> = Extract<ShipitEvent, { type: T }>['data'];
type Progress = DataOf<'release.deploying'>;

export function describeEvent(event: ShipitEvent): EventDescription {
  // Each describer takes the data of the type that it stands under.
  const describe = describers[event.type] as (data: ShipitEvent['data']) => EventDescription;
  return describe(event.data);
}

const describers: Describers = {
  'image.pushed': ({ image, origin }) => ({
    label: 'Pushed',
    tone: 'blue',
    text: `${imageName(image)} was pushed${origin === 'sweep' ? ' (found by the sweep)' : ''}`,
  }),
  'image.ignored': ({ image, reason, message }) => ({
    label: 'Ignored',
    tone: 'gray',
    text: `${image === undefined ? 'A message' : shortImage(image)} leads nowhere: ${reason}`,
    why: message,
  }),
  'release.candidate': ({ image, reason, message }) => ({
    label: 'Not deployed',
    tone: 'gray',
    text: `${imageName(image)} is not deployed: ${reason}`,
    why: message,
  }),
  'release.committed': describeCommit,
  'release.deploying': (data) => ({ label: 'Deploying', tone: 'blue', text: `${what(data)} is being deployed` }),
  'release.deployed': (data) => ({ label: 'Deployed', tone: 'green', text: `${what(data)} runs` }),
  'release.failed': (data) => ({ label: 'Failed', tone: 'red', text: `${what(data)} failed`, why: data.message }),
  'release.rolling-back': (data) => ({
    label: 'Rolling back',
    tone: 'orange',
    text: `${what(data)} is being undone`,
    why: data.cause?.message ?? data.message,
  }),
  'release.rolled-back': (data) => ({ label: 'Rolled back', tone: 'violet', text: `${what(data)} runs again` }),
  'release.deleting': () => ({ label: 'Deleting', tone: 'gray', text: 'It left the repository and is being removed' }),
  'release.deleted': () => ({ label: 'Deleted', tone: 'gray', text: 'It is removed' }),
  'release.verified': (data) => ({ label: 'Verified', tone: 'green', text: `${what(data)} was quiet for its watch` }),
  'release.problem': ({ message, path }) => ({
    label: 'Problem',
    tone: 'red',
    text: path === undefined ? 'Somebody must look' : `Somebody must look at ${path}`,
    why: message,
  }),
  'rollback.requested': ({ actor, of, cause }) => ({
    label: 'Rollback asked',
    tone: 'orange',
    text: `${personName(actor)} asks to undo ${of.slice(0, 7)}`,
    why: cause.message,
  }),
  'rollback.refused': ({ reason, message }) => ({
    label: 'No commit',
    tone: 'gray',
    text: `What was asked for led to no commit: ${reason}`,
    why: message,
  }),
  'resume.requested': asked('Resume asked', 'to let new pushes deploy again'),
  'lock.requested': asked('Lock asked', 'to keep new pushes from being deployed'),
  'unlock.requested': asked('Unlock asked', 'to lift the lock'),
};

function describeCommit({ commit, actor, rollback, changes, message }: ReleaseCommitted['data']): EventDescription {
  const who = `${personName(actor)} committed ${commit.slice(0, 7)}`;
  if (rollback)
    return {
      label: 'Committed',
      tone: 'orange',
      text: `${who}: back to ${rollback.to.slice(0, 7)}`,
      why: rollback.cause.message,
    };
  const changed = changes.map(({ image, from, to }) => `${shortImage(image)} ${shortTag(from)} → ${shortTag(to)}`);
  return { label: 'Committed', tone: 'blue', text: `${who}: ${changed.join(', ') || message || 'its settings'}` };
}

function asked(label: string, forWhat: string) {
  return ({ actor, reason }: DataOf<'lock.requested'>): EventDescription => ({
    label,
    tone: 'gray',
    text: `${personName(actor)} asks ${forWhat}`,
    why: reason,
  });
}

/** `Revision 3 with word-counts:badcdf7` */
function what({ revision, images }: Progress): string {
  const names = images.map(shortImage).join(', ');
  return `${revision === undefined ? 'It' : `Revision ${revision}`}${names === '' ? '' : ` with ${names}`}`;
}

function imageName({ repository, tag }: { repository: string; tag: string }): string {
  return shortImage(`${repository}:${tag}`);
}

function shortTag(tag: string): string {
  return shortImage(`:${tag}`).slice(1);
}
