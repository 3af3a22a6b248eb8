import { splitReleaseKey } from '@shipit/contracts';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { LoggedEvent } from '../session/api.js';
import { TimeAgo } from '../shell/time-ago.js';
import { ReadableText } from '../text/readable-text.js';
import { describeEvent } from './describe-event.js';

export const EventLine = memo(function EventLine({ logged: { event } }: { logged: LoggedEvent }) {
  const release = 'release' in event.data ? event.data.release : undefined;
  const { label, tone, text, why } = describeEvent(event);
  return (
    <li className="event" data-event={event.type}>
      <TimeAgo at={event.time} />
      <span className={`badge tone-${tone}`}>{label}</span>
      <div>
        {release !== undefined && <ReleaseLink release={release} />}
        <ReadableText>{text}</ReadableText>
        {why !== undefined && (
          <div className="dimmed">
            <ReadableText>{why}</ReadableText>
          </div>
        )}
      </div>
    </li>
  );
});

function ReleaseLink({ release }: { release: string }) {
  const { namespace, name } = splitReleaseKey(release);
  return (
    <>
      <Link to="/releases/$namespace/$name" params={{ namespace, name }} className="strong">
        {namespace === 'default' ? name : release}
      </Link>{' '}
    </>
  );
}
