import type { ReleaseHistory } from '@shipit/contracts';
import { StateBadge } from '../shell/state-badge.js';
import { TimeAgo } from '../shell/time-ago.js';
import { ImageNames } from '../text/image-names.js';
import { Person } from '../text/person.js';

/** The last revisions of a release, newest first. */
export function HistoryTable({ entries }: { entries: ReleaseHistory['items'] }) {
  if (entries.length === 0) return <p className="dimmed">Nothing was deployed yet.</p>;
  return (
    <div className="scroll">
      <table className="table history">
        <thead>
          <tr>
            <th className="col-revision">Revision</th>
            <th className="col-state">State</th>
            <th className="col-image">Image</th>
            <th className="col-chart">Chart</th>
            <th className="col-commit">Commit</th>
            <th className="col-by">By</th>
            <th className="col-since">When</th>
            <th className="col-took">Took</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={`${entry.revision}-${entry.state}-${entry.at}`} data-revision={entry.revision}>
              <td>{entry.revision}</td>
              <td>
                <StateBadge state={entry.state} />
                {entry.state === 'Failed' && <div className="dimmed">{entry.reason}</div>}
              </td>
              <td>
                <ImageNames images={entry.images} />
              </td>
              <td className="col-chart">{entry.chart}</td>
              <td>
                <code title={entry.commit}>{entry.commit.slice(0, 7)}</code>
              </td>
              <td>
                <Person name={entry.by} />
              </td>
              <td>
                <TimeAgo at={entry.at} />
              </td>
              <td>{entry.tookSeconds !== undefined && `${entry.tookSeconds.toFixed(1)} s`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
