import '@mantine/core/styles.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ActivityPage } from './activity/activity-page.js';
import { ReleasePage } from './release/release-page.js';
import { ReleasesPage } from './releases/releases-page.js';
import { readToken } from './session/session.js';
import { Shell } from './shell/shell.js';

readToken();

const root = createRootRoute({ component: Shell });
const releaseRoute = createRoute({
  getParentRoute: () => root,
  path: '/releases/$namespace/$name',
  component: function ReleaseRoute() {
    const { namespace, name } = releaseRoute.useParams();
    return <ReleasePage releaseKey={`${namespace}/${name}`} />;
  },
});
const router = createRouter({
  routeTree: root.addChildren([
    createRoute({ getParentRoute: () => root, path: '/', component: ReleasesPage }),
    releaseRoute,
    createRoute({ getParentRoute: () => root, path: '/activity', component: ActivityPage }),
  ]),
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

const queries = new QueryClient({
  defaultOptions: { queries: { retry: 1, staleTime: 1_000, refetchOnWindowFocus: true } },
});

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <MantineProvider defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
