import {
  Accepted,
  Explanation,
  listOf,
  Problem,
  ReasonBody,
  ReleaseDetail,
  ReleaseHistory,
  ReleaseResource,
  ReleaseSummary,
  type Role,
  RollbackBody,
  ShipitEvent,
} from '@shipit/contracts';
import { z } from 'zod';
import { EventQuery } from '../events/events.controller.js';
import { ReleaseQuery } from '../releases/filter-releases.js';

interface Route {
  method: 'get' | 'post';
  path: string;
  summary: string;
  role: Role | 'anybody';
  query?: z.ZodObject;
  body?: z.ZodType;
  answer: { status: 200 | 202; schema: z.ZodType };
}

const one = '/api/v1/releases/{namespace}/{name}';
const EventList = listOf(z.object({ cursor: z.string(), event: ShipitEvent }));

/** Every route there is. A test compares it with what the controllers serve, and asks each with each role. */
export const routeTable: readonly Route[] = [
  {
    method: 'get',
    path: '/api/v1/releases',
    summary: 'All releases, filtered',
    role: 'viewer',
    query: ReleaseQuery,
    answer: { status: 200, schema: listOf(ReleaseSummary) },
  },
  { method: 'get', path: one, summary: 'One release', role: 'viewer', answer: { status: 200, schema: ReleaseDetail } },
  {
    method: 'get',
    path: `${one}/history`,
    summary: 'Its last revisions, newest first',
    role: 'viewer',
    answer: { status: 200, schema: ReleaseHistory },
  },
  {
    method: 'get',
    path: `${one}/resources`,
    summary: 'Its live objects with their health',
    role: 'viewer',
    answer: { status: 200, schema: listOf(ReleaseResource) },
  },
  {
    method: 'get',
    path: `${one}/explain`,
    summary: 'Why it is as it is, from the push to now',
    role: 'viewer',
    answer: { status: 200, schema: Explanation },
  },
  {
    method: 'post',
    path: `${one}/rollback`,
    summary: 'Restore an earlier good revision by a commit',
    role: 'deployer',
    body: RollbackBody,
    answer: { status: 202, schema: Accepted },
  },
  {
    method: 'post',
    path: `${one}/lock`,
    summary: 'Stop automatic commits, with a reason',
    role: 'deployer',
    body: ReasonBody,
    answer: { status: 202, schema: Accepted },
  },
  {
    method: 'post',
    path: `${one}/unlock`,
    summary: 'Allow automatic commits again',
    role: 'deployer',
    body: ReasonBody,
    answer: { status: 202, schema: Accepted },
  },
  {
    method: 'post',
    path: `${one}/resume`,
    summary: 'Lift a hold and its blocks',
    role: 'deployer',
    body: ReasonBody,
    answer: { status: 202, schema: Accepted },
  },
  {
    method: 'get',
    path: '/api/v1/events',
    summary: 'Events, newest first; with Accept: text/event-stream a stream that goes on after Last-Event-ID',
    role: 'viewer',
    query: EventQuery,
    answer: { status: 200, schema: EventList },
  },
  {
    method: 'get',
    path: '/api/openapi.json',
    summary: 'This description',
    role: 'anybody',
    answer: { status: 200, schema: z.looseObject({}) },
  },
];

/** The API as OpenAPI 3.1, made from the schemas that read and write it. */
export function openApiDocument(): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routeTable) (paths[route.path] ??= {})[route.method] = operation(route);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Ship-it',
      version: '1',
      description: 'Releases of a GitOps repository: what runs where, why, and how to change it.',
    },
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    paths,
  };
}

function operation({ path, summary, role, query, body, answer }: Route): Record<string, unknown> {
  return {
    summary,
    ...(role === 'anybody' ? { security: [] } : { security: [{ bearer: [] }], description: `Needs the role ${role}.` }),
    parameters: [...pathParameters(path), ...queryParameters(query), ...(body ? [idempotencyKey] : [])],
    ...(body && { requestBody: { required: true, content: json(body, 'input') } }),
    responses: {
      [answer.status]: { description: summary, content: json(answer.schema, 'output') },
      default: {
        description: 'What was wrong, and what to do',
        content: { 'application/problem+json': { schema: toSchema(Problem, 'output') } },
      },
    },
  };
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', maxLength: 200 },
};

function pathParameters(path: string): object[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(query: z.ZodObject | undefined): object[] {
  return Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: toSchema(schema as z.ZodType, 'input'),
  }));
}

function json(schema: z.ZodType, io: 'input' | 'output'): object {
  return { 'application/json': { schema: toSchema(schema, io) } };
}

function toSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' });
  return rest;
}
