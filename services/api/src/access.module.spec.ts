import { roles, Problem } from '@shipit/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, tokens } from '../test/api-in-memory.js';
import { routeTable } from './openapi/openapi.js';

const callers = ['nobody', 'somebody with a wrong token', ...roles] as const;
const cases = routeTable.flatMap((route) => callers.map((caller) => ({ ...route, caller })));

describe('who may use which route', () => {
  let api: Awaited<ReturnType<typeof startApi>>;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  function call(method: string, path: string, caller: (typeof callers)[number]) {
    const address = path.replace('{namespace}', 'default').replace('{name}', 'not-there');
    const request =
      method === 'get' ? api.anybody().get(address) : api.anybody().post(address).send({ reason: 'why not' });
    const token =
      caller === 'somebody with a wrong token' ? 'wrong-token-0123456789' : caller !== 'nobody' && tokens[caller];
    return token ? request.set('authorization', `Bearer ${token}`) : request;
  }

  it.each(cases)('$method $path needs $role, asked by $caller', async ({ method, path, role, caller }) => {
    const response = await call(method, path, caller);
    const isKnown = caller === 'viewer' || caller === 'deployer' || caller === 'admin';
    if (role === 'anybody') expect(response.status).toBe(200);
    else if (!isKnown) expect(response.body).toMatchObject({ status: 401, code: 'SHIPIT_UNAUTHENTICATED' });
    else if (roles.indexOf(caller) < roles.indexOf(role))
      expect(response.body).toMatchObject({ status: 403, code: 'SHIPIT_FORBIDDEN' });
    else expect([200, 404]).toContain(response.status);
    if (response.status >= 400) {
      expect(response.type).toBe('application/problem+json');
      expect(Problem.parse(response.body).status).toBe(response.status);
    }
  });

  it('serves exactly the routes of the table, beside the page', () => {
    const express = api.application.getHttpAdapter().getInstance() as {
      router: { stack: { route?: { path: string; methods: Record<string, boolean> } }[] };
    };
    const served = express.router.stack.flatMap(({ route }) =>
      route ? Object.keys(route.methods).map((method) => `${method} ${route.path.replace(/:(\w+)/g, '{$1}')}`) : [],
    );
    const ours = served.filter((route) => route !== 'get /{*path}').sort();
    expect(ours).toEqual(routeTable.map(({ method, path }) => `${method} ${path}`).sort());
  });

  it.each(['/api/v1/secrets', '/api/v1/releases/default/word-counts/manifest', '/api'])(
    'tells nothing at %s, which is no route',
    async (path) => {
      const response = await api.as('admin').get(path);
      expect(response.body).toMatchObject({ status: 404, code: 'SHIPIT_NOT_FOUND' });
    },
  );

  it('does not say what it is made of', async () => {
    const response = await api.anybody().get('/api/openapi.json');
    expect(response.headers).not.toHaveProperty('x-powered-by');
  });

  it('describes itself as OpenAPI 3.1, each route with its answers and its path parameters', async () => {
    const { body } = await api.anybody().get('/api/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    for (const { method, path, answer, role } of routeTable) {
      const operation = body.paths[path][method];
      expect(Object.keys(operation.responses)).toEqual([`${answer.status}`, 'default']);
      const named = operation.parameters
        .filter((one: { in: string }) => one.in === 'path')
        .map((one: { name: string }) => one.name);
      expect(named).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      expect(operation.security).toEqual(role === 'anybody' ? [] : [{ bearer: [] }]);
    }
    expect(JSON.stringify(body)).not.toContain('"$ref":"#/$defs');
  });
});
