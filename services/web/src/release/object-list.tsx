import type { ReleaseResource } from '@shipit/contracts';
import { HealthBadge } from '../shell/state-badge.js';
import { ReadableText } from '../text/readable-text.js';

/** The live objects of a release, each with its health; what an object owns stands below it. */
export function ObjectList({ objects }: { objects: readonly ReleaseResource[] }) {
  if (objects.length === 0) return <p className="dimmed">Nothing is installed.</p>;
  return (
    <ul className="objects">
      {objects.map((object) => (
        <li
          key={`${object.kind}/${object.namespace ?? ''}/${object.name}`}
          data-object={`${object.kind}/${object.name}`}
          data-owned={object.owner !== undefined}
        >
          <div>
            <span className="dimmed">{object.kind}</span> <span className="reference">{object.name}</span>
            <div className="dimmed">
              <ReadableText>{object.message}</ReadableText>
            </div>
          </div>
          <HealthBadge health={object.health} />
        </li>
      ))}
    </ul>
  );
}
