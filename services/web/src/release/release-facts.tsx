import type { ReleaseDetail } from '@shipit/contracts';
import type { ReactNode } from 'react';
import { TimeAgo } from '../shell/time-ago.js';
import { ImageNames } from '../text/image-names.js';
import { Person } from '../text/person.js';
import { isWebAddress } from './is-web-address.js';

/** Owner, place, image, chart, since when and by whom. */
export function ReleaseFacts({ release }: { release: ReleaseDetail }) {
  return (
    <dl className="facts">
      <Fact name="Squad">{release.squad}</Fact>
      <Fact name="Runs in">
        {release.cluster} / {release.targetNamespace}
      </Fact>
      <Fact name="Image">{release.images.length > 0 && <ImageNames images={release.images} />}</Fact>
      <Fact name="Chart">{release.chart}</Fact>
      <Fact name="Revision">{release.revision}</Fact>
      <Fact name="Commit">{release.commit && <code title={release.commit}>{release.commit.slice(0, 7)}</code>}</Fact>
      <Fact name="Since">
        <TimeAgo at={release.since} />
      </Fact>
      <Fact name="By">
        <Person name={release.by} />
      </Fact>
      <Fact name="New pushes">{describePushes(release)}</Fact>
      <Fact name="Links">
        <Links links={release.links} />
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children || '–'}</dd>
    </div>
  );
}

function describePushes({ isSuspended, isAutodeployed }: ReleaseDetail): string {
  if (isSuspended) return 'suspended';
  return isAutodeployed ? 'deployed' : 'reported only';
}

/** What annotations name may be anything: only addresses of the web become links. */
function Links({ links }: { links: ReleaseDetail['links'] }) {
  return (
    <span className="links">
      {(['code', 'dashboard', 'logs'] as const).map((name) => {
        const href = links[name];
        return isWebAddress(href) ? (
          <a key={name} href={href} target="_blank" rel="noopener noreferrer nofollow">
            {name}
          </a>
        ) : null;
      })}
      {links.slack}
    </span>
  );
}
