import type { ReleaseState } from '@shipit/contracts';
import { useEffect, useRef, useState } from 'react';
import { type ReleaseFilter, statesOf, writeFilter } from './release-filter.js';

const settleMs = 250;

/** The filter of the list. `write` keeps it in the address, so that it can be sent to somebody and is there again after going back. */
export function useFilter(address: ReleaseFilter, write: (filter: ReleaseFilter) => void) {
  const [text, setText] = useState(address.q ?? '');
  const [states, setStates] = useState<ReleaseState[]>(() => statesOf(address.state));
  const written = useRef(JSON.stringify(address));

  useEffect(() => {
    const search = writeFilter(text, states);
    if (JSON.stringify(search) === written.current) return undefined;
    const timer = setTimeout(() => {
      written.current = JSON.stringify(search);
      write(search);
    }, settleMs);
    return () => clearTimeout(timer);
  }, [text, states, write]);

  // Somebody followed a link to another filter, or to none.
  useEffect(() => {
    if (JSON.stringify(address) === written.current) return;
    written.current = JSON.stringify(address);
    setText(address.q ?? '');
    setStates(statesOf(address.state));
  }, [address]);

  return { text, setText, states, setStates };
}
