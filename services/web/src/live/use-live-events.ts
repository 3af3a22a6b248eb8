import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type Connection, LiveEvents } from './live-events.js';

/** Follows the server's events for as long as the page is open. Another token begins anew; without one the server is not asked. */
export function useLiveEvents(token: string | undefined): Connection {
  const queries = useQueryClient();
  const [connection, setConnection] = useState<Connection>(token === undefined ? 'refused' : 'connecting');

  useEffect(() => {
    if (token === undefined) return setConnection('refused');
    setConnection('connecting');
    const controller = new AbortController();
    const tell = (next: Connection) => {
      if (!controller.signal.aborted) setConnection(next);
    };
    void new LiveEvents(queries, tell).follow(controller.signal);
    return () => controller.abort();
  }, [token, queries]);

  return connection;
}
