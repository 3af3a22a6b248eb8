import type { ReleaseSummary } from '@shipit/contracts';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { StateBadge } from '../shell/state-badge.js';
import { TimeAgo } from '../shell/time-ago.js';
import { ImageNames } from '../text/image-names.js';
import { Person } from '../text/person.js';

/** Rows are drawn anew only where their release changed: a list has hundreds. */
export const ReleaseTable = memo(function ReleaseTable({ releases }: { releases: readonly ReleaseSummary[] }) {
  return (
    <div className="scroll">
      <table className="table releases">
        <thead>
          <tr>
            <th className="col-name">Release</th>
            <th className="col-squad">Squad</th>
            <th className="col-state">State</th>
            <th className="col-image">Image</th>
            <th className="col-chart">Chart</th>
            <th className="col-since">Since</th>
            <th className="col-by">By</th>
          </tr>
        </thead>
        <tbody>
          {releases.map((release) => (
            <ReleaseRow key={release.release} release={release} />
          ))}
        </tbody>
      </table>
    </div>
  );
});

const ReleaseRow = memo(function ReleaseRow({ release }: { release: ReleaseSummary }) {
  const { namespace, name, message } = release;
  return (
    <tr data-release={release.release}>
      <td>
        <Link to="/releases/$namespace/$name" params={{ namespace, name }} className="strong">
          {namespace === 'default' ? name : release.release}
        </Link>
        <div className="dimmed one-line" title={message}>
          {message}
        </div>
      </td>
      <td className="col-squad">{release.squad}</td>
      <td>
        <StateBadge state={release.state} reason={release.reason} />
      </td>
      <td>
        <ImageNames images={release.images} />
      </td>
      <td className="col-chart">
        {release.chart}
        {release.revision !== undefined && <div className="dimmed">revision {release.revision}</div>}
      </td>
      <td>
        <TimeAgo at={release.since} />
      </td>
      <td>
        <Person name={release.by} />
      </td>
    </tr>
  );
});
