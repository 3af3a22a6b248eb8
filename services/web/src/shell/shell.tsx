import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { useState } from 'react';
import type { Connection } from '../live/live-events.js';
import { useLiveEvents } from '../live/use-live-events.js';
import { forgetToken, keepToken, readToken } from '../session/session.js';
import { SchemeButton } from './scheme-button.js';
import { SignIn } from './sign-in.js';
import type { Tone } from './state-badge.js';

/** The frame of every page. */
export function Shell() {
  const [token, setToken] = useState(readToken);
  const queries = useQueryClient();
  const connection = useLiveEvents(token);
  const signIn = (given: string) => {
    keepToken(given);
    setToken(given);
  };
  const signOut = () => {
    forgetToken();
    setToken(undefined);
    queries.clear();
  };
  return (
    <>
      <header className="header">
        <div className="inner">
          <span className="brand">Ship-it</span>
          <nav aria-label="Pages">
            <Link to="/" activeOptions={{ exact: true, includeSearch: false }}>
              Releases
            </Link>
            <Link to="/activity">Activity</Link>
          </nav>
          <ConnectionBadge connection={connection} />
          <SchemeButton />
          {token !== undefined && (
            <button type="button" className="quiet" onClick={signOut}>
              Sign out
            </button>
          )}
        </div>
      </header>
      <main className="inner">
        {connection === 'refused' ? <SignIn wasRefused={token !== undefined} onToken={signIn} /> : <Outlet />}
      </main>
      {connection === 'away' && (
        <div className="away" role="alert">
          <strong>The server is not reachable.</strong> What stands here may be out of date. The page tries again by
          itself.
        </div>
      )}
    </>
  );
}

const badges: Readonly<Record<Connection, [tone: Tone, text: string]>> = {
  connecting: ['gray', 'Connecting'],
  live: ['green', 'Live'],
  away: ['red', 'Not reachable'],
  refused: ['gray', 'Not signed in'],
};

function ConnectionBadge({ connection }: { connection: Connection }) {
  const [tone, text] = badges[connection];
  return (
    <span className={`badge connection tone-${tone}`} data-connection={connection} role="status">
      {text}
    </span>
  );
}
