import type { IncomingMessage } from 'node:http';
import { parse } from 'yaml';

import { ApiError, badRequest } from '../api-error.js';
import type { Json } from '../json.js';
import { decodeProtobuf } from './protobuf.js';

export interface ApiRequest {
  method: string;
  path: string[];
  query: URLSearchParams;
  accept: string;
  contentType: string;
  userAgent: string;
  body: Json;
}

const MAX_BODY = 3 * 1024 * 1024;
const REFUSED_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

export async function readRequest(message: IncomingMessage): Promise<ApiRequest> {
  const url = new URL(message.url ?? '/', 'https://localhost');
  const contentType = (message.headers['content-type'] ?? 'application/json').split(';')[0]?.trim() ?? '';
  const body = await readBody(message);
  return {
    method: message.method ?? 'GET',
    path: url.pathname
      .split('/')
      .filter((part) => part !== '')
      .map(decodePart),
    query: url.searchParams,
    accept: message.headers.accept ?? '*/*',
    contentType,
    userAgent: message.headers['user-agent'] ?? '',
    body: body.length === 0 ? undefined : parseBody(body, contentType),
  };
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY)
      throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${MAX_BODY}`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badRequest(`invalid path segment ${part}`);
  }
}

function parseBody(body: Buffer, contentType: string): Json {
  if (contentType === 'application/vnd.kubernetes.protobuf') return decodeProtobuf(body);
  if (contentType.includes('cbor')) {
    const accepted = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';
    throw new ApiError(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
    );
  }
  const text = body.toString('utf8');
  try {
    return JSON.parse(text, refuseKeys) as Json;
  } catch (error) {
    if (error instanceof ApiError) throw error;
    if (!contentType.includes('yaml'))
      throw badRequest(`couldn't get version/kind; json parse error: ${(error as Error).message}`);
  }
  return parseYaml(text);
}

/** Deep flow nesting can end the process inside the parser, so it is counted before. */
function parseYaml(text: string): Json {
  if (/(?:[[{]\s*){64}/.test(text)) throw badRequest('error converting YAML to JSON: nested too deeply');
  try {
    return JSON.parse(JSON.stringify(parse(text, { maxAliasCount: 50 }) ?? null), refuseKeys) as Json;
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw badRequest(`error converting YAML to JSON: ${(error as Error).message}`);
  }
}

function refuseKeys(key: string, value: unknown): unknown {
  if (REFUSED_KEYS.has(key)) throw badRequest(`the key ${key} is not allowed`);
  return value;
}
