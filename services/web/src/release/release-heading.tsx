import { Button } from '@mantine/core';
import type { ReleaseDetail } from '@shipit/contracts';
import { useState } from 'react';
import { StateBadge } from '../shell/state-badge.js';
import { ReleaseFacts } from './release-facts.js';
import { RollbackDialog } from './rollback-dialog.js';
import { StateReason } from './state-reason.js';

/** What a release is and how it stands, with what a person can do about it. */
export function ReleaseHeading({ release }: { release: ReleaseDetail }) {
  const [isAsking, setIsAsking] = useState(false);
  const isDeployed = release.revision !== undefined;
  return (
    <div>
      <div className="title-line">
        <h1>{release.name}</h1>
        <StateBadge state={release.state} reason={release.reason} />
        <span className="dimmed grow">{release.message.length <= 80 && release.message}</span>
        <Button
          color="orange"
          variant="light"
          onClick={() => setIsAsking(true)}
          disabled={!isDeployed}
          title={isDeployed ? undefined : 'Nothing was deployed yet that could be undone'}
        >
          Roll back
        </Button>
      </div>
      <ReleaseFacts release={release} />
      <StateReason release={release} />
      <RollbackDialog release={release} isOpen={isAsking} onClose={() => setIsAsking(false)} />
    </div>
  );
}
