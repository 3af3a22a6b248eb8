import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type z, ZodError } from 'zod';
import { AwsError } from './aws-error.js';

/** What an action may know about the request it answers. */
export interface AwsRequest {
  /** `scheme://host:port` as the client addressed us. */
  readonly origin: string;
  /** Aborted when the client goes away or the server stops; ends a long poll. */
  readonly signal: AbortSignal;
}

export type AwsAction = (input: unknown, request: AwsRequest) => Promise<object> | object;

export interface AwsJsonService {
  /** What stands before the dot in `x-amz-target`. */
  readonly target: string;
  readonly contentType: 'application/x-amz-json-1.0' | 'application/x-amz-json-1.1';
  /** Put before error types, e.g. `com.amazonaws.sqs#`. */
  readonly errorPrefix: string;
  /** What the service calls a value that does not fit; SQS has two names for it, ECR one. */
  readonly invalidParameterType?: string;
  readonly actions: Readonly<Record<string, AwsAction>>;
}

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** An action whose input is checked by `schema` first; what does not fit is answered as AWS does. */
export function awsAction<Schema extends z.ZodType>(
  schema: Schema,
  run: (input: z.output<Schema>, request: AwsRequest) => Promise<object> | object,
): AwsAction {
  return (input, request) => run(schema.parse(input), request);
}

/** Serves one AWS service in its JSON protocol on 127.0.0.1. Signatures are not checked. */
export async function serveAwsJson(service: AwsJsonService, port = 0): Promise<RunningServer> {
  const server = createServer((request, response) => {
    void answer(service, request, response);
  });
  await listen(server, port);
  const actualPort = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${actualPort}`,
    port: actualPort,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const maxRequestBytes = 16 * 1024 * 1024;

async function answer(service: AwsJsonService, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    const action = findAction(service, request);
    const input: unknown = parseJson(await readBody(request));
    const origin = `http://${request.headers.host ?? '127.0.0.1'}`;
    send(response, service, { status: 200, body: await action(input, { origin, signal: gone.signal }) });
  } catch (error) {
    sendError(response, service, error instanceof ZodError ? shapeError(error, service) : error);
  }
}

function findAction(service: AwsJsonService, request: IncomingMessage): AwsAction {
  const target = String(request.headers['x-amz-target'] ?? '');
  const name = target.slice(service.target.length + 1);
  if (request.method !== 'POST' || !target.startsWith(`${service.target}.`) || !Object.hasOwn(service.actions, name)) {
    throw new AwsError('UnknownOperationException', `Unknown operation ${target || '(no x-amz-target header)'}`);
  }
  return service.actions[name] as AwsAction;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxRequestBytes)
      throw new AwsError('RequestEntityTooLarge', 'The request is too large', { status: 413 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON');
  }
}

function shapeError(error: ZodError, { invalidParameterType }: AwsJsonService): AwsError {
  const [first] = error.issues;
  const path = first?.path.join('.') ?? '';
  if (invalidParameterType !== undefined) {
    const message = `Invalid parameter at '${path}' failed to satisfy constraint: '${first?.message}'`;
    return new AwsError(invalidParameterType, message);
  }
  if (first?.code === 'invalid_type' && first.message.endsWith('received undefined')) {
    return new AwsError('MissingRequiredParameterException', `The request must contain the parameter ${path}.`, {
      queryCode: 'MissingParameter',
    });
  }
  const message = `Value for parameter ${path} is invalid. Reason: ${first?.message}.`;
  return new AwsError('InvalidParameterValueException', message, { queryCode: 'InvalidParameterValue' });
}

function sendError(response: ServerResponse, service: AwsJsonService, error: unknown): void {
  if (response.destroyed) return;
  if (!(error instanceof AwsError)) {
    send(response, service, { status: 500, body: { __type: 'InternalFailure', message: String(error) } });
    return;
  }
  response.setHeader('x-amzn-query-error', `${error.queryCode};Sender`);
  const body = { __type: `${service.errorPrefix}${error.type}`, message: error.message };
  send(response, service, { status: error.status, body });
}

function send(response: ServerResponse, service: AwsJsonService, reply: { status: number; body: object }): void {
  if (response.destroyed) return;
  const text = JSON.stringify(reply.body);
  response.writeHead(reply.status, {
    'content-type': service.contentType,
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': randomUUID(),
  });
  response.end(text);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}
