import { Badge, Group, Text, Timeline } from '@mantine/core';
import type { ExplainStep } from '@shipit/contracts';
import { TimeAgo } from '../shell/time-ago.js';

const colors: Readonly<Record<ExplainStep['outcome'], string>> = {
  done: 'green',
  running: 'blue',
  waiting: 'gray',
  failed: 'red',
  skipped: 'gray',
  unknown: 'gray',
};

/** The way of a release from the push to now. */
export function WayTimeline({ steps }: { steps: readonly ExplainStep[] }) {
  const reached = steps.findLastIndex(
    ({ outcome }) => outcome === 'done' || outcome === 'failed' || outcome === 'running',
  );
  return (
    <Timeline active={reached} bulletSize={18} lineWidth={2}>
      {steps.map((step, index) => (
        <Timeline.Item
          key={`${step.step}-${index}`}
          color={colors[step.outcome]}
          title={<StepTitle step={step} />}
          data-step={step.step}
          data-outcome={step.outcome}
        >
          <Text size="sm">{step.detail}</Text>
          <TimeAgo at={step.at} />
        </Timeline.Item>
      ))}
    </Timeline>
  );
}

function StepTitle({ step }: { step: ExplainStep }) {
  return (
    <Group gap="xs">
      <Text fw={600}>{step.title}</Text>
      {step.reason && (
        <Badge size="xs" variant="outline" color={colors[step.outcome]}>
          {step.reason}
        </Badge>
      )}
    </Group>
  );
}
