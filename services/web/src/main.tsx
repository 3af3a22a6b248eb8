import './without-eval.js';
import '@mantine/core/styles.css';
import './page.css';
import { createTheme, MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRootRoute, createRoute, createRouter, Link, RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ActivityPage } from './activity/activity-page.js';
import { ReleasePage } from './release/release-page.js';
import { readFilter, type ReleaseFilter } from './releases/release-filter.js';
import { ReleasesPage } from './releases/releases-page.js';
import { refetchEvery } from './session/refetch-every.js';
import { ServerProblem } from './session/fetch-api.js';
import { readToken } from './session/session.js';
import { Shell } from './shell/shell.js';

// Before the router reads the address.
readToken();

const root = createRootRoute({
  component: Shell,
  notFoundComponent: () => (
    <p>
      There is no such page. <Link to="/">To the releases</Link>
    </p>
  ),
});
const releasesRoute = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: readFilter,
  component: function ReleasesRoute() {
    return <ReleasesPage address={releasesRoute.useSearch()} onFilter={keepFilter} />;
  },
});
const releaseRoute = createRoute({
  getParentRoute: () => root,
  path: '/releases/$namespace/$name',
  component: function ReleaseRoute() {
    const { namespace, name } = releaseRoute.useParams();
    return <ReleasePage key={`${namespace}/${name}`} releaseKey={`${namespace}/${name}`} />;
  },
});
const router = createRouter({
  routeTree: root.addChildren([
    releasesRoute,
    releaseRoute,
    createRoute({ getParentRoute: () => root, path: '/activity', component: ActivityPage }),
  ]),
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

function keepFilter(search: ReleaseFilter): void {
  void router.navigate({ to: '/', search, replace: true });
}

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: 'always',
      staleTime: 1_000,
      // An event or the stream's return asks anew; this is for what neither tells of.
      refetchInterval: refetchEvery(60_000),
      retry: (failures, error) => failures < 3 && error instanceof ServerProblem && error.status >= 500,
    },
  },
});

const theme = createTheme({ autoContrast: true, cursorType: 'pointer' });

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
