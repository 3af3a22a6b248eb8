import { releaseStates, type ReleaseState } from '@shipit/contracts';

interface StateChipsProps {
  counts: ReadonlyMap<ReleaseState, number>;
  chosen: readonly ReleaseState[];
  onChange: (chosen: ReleaseState[]) => void;
}

/** One chip for each state with how many releases are in it. Chosen ones narrow the list. */
export function StateChips({ counts, chosen, onChange }: StateChipsProps) {
  const toggle = (state: ReleaseState) =>
    onChange(chosen.includes(state) ? chosen.filter((one) => one !== state) : [...chosen, state]);
  return (
    <div className="chips" role="group" aria-label="States">
      {releaseStates.map((state) => (
        <button
          key={state}
          type="button"
          className="chip"
          aria-pressed={chosen.includes(state)}
          data-empty={!counts.has(state)}
          onClick={() => toggle(state)}
        >
          {state} <span className="count">{counts.get(state) ?? 0}</span>
        </button>
      ))}
    </div>
  );
}
