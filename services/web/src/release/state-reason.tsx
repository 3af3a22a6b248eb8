import { Alert } from '@mantine/core';
import type { ReleaseDetail } from '@shipit/contracts';
import { personName } from '../text/person-name.js';
import { ReadableText } from '../text/readable-text.js';

/** Why a release is not simply deployed. */
export function StateReason({ release }: { release: ReleaseDetail }) {
  const { state, message, rollback } = release;
  if (state === 'Failed') return <Reason color="red" title="It failed" text={message} />;
  if (state !== 'RollingBack' && state !== 'RolledBack') return null;
  if (!rollback) return <Reason color="orange" title="It is rolled back" text={message} />;
  const from = rollback.of.slice(0, 7);
  const to = rollback.to === undefined ? '' : ` to ${rollback.to.slice(0, 7)}`;
  const verb = state === 'RolledBack' ? 'Rolled' : 'Rolling';
  return (
    <Reason
      color={state === 'RolledBack' ? 'violet' : 'orange'}
      title={`${verb} back from ${from}${to} by ${personName(rollback.by)}`}
      text={rollback.cause.message}
    />
  );
}

function Reason({ color, title, text }: { color: string; title: string; text: string }) {
  return (
    <Alert color={color} title={title} mt="md" data-cause>
      <ReadableText>{text}</ReadableText>
    </Alert>
  );
}
