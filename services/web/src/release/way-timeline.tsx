import type { ExplainStep } from '@shipit/contracts';
import { TimeAgo } from '../shell/time-ago.js';
import { ReadableText } from '../text/readable-text.js';

const marks: Readonly<Record<ExplainStep['outcome'], string>> = {
  done: '✓',
  running: '…',
  waiting: '○',
  failed: '✕',
  skipped: '–',
  unknown: '?',
};

/** The way of a release from the push to now. */
export function WayTimeline({ steps }: { steps: readonly ExplainStep[] }) {
  return (
    <ol className="way">
      {steps.map((step, index) => (
        <li key={`${step.step}-${index}`} data-step={step.step} data-outcome={step.outcome}>
          <span className="mark" role="img" aria-label={step.outcome}>
            {marks[step.outcome]}
          </span>
          <div className="step-title">
            <strong>{step.title}</strong>
            {step.reason && !isSaidByTitle(step) && <span className="dimmed">{step.reason}</span>}
            <TimeAgo at={step.at} />
          </div>
          <div className="step-detail">
            <ReadableText>{step.detail}</ReadableText>
          </div>
        </li>
      ))}
    </ol>
  );
}

function isSaidByTitle({ reason, outcome }: ExplainStep): boolean {
  return outcome === 'done' && reason !== 'newer';
}
