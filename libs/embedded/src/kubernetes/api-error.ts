import type { JsonObject } from './json.js';

export interface Cause extends JsonObject {
  reason?: string;
  message: string;
  field?: string;
}

export interface ErrorDetails extends JsonObject {
  name?: string;
  group?: string;
  kind?: string;
  causes?: Cause[];
}

/** An error which the client is told as a `Status` object. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly code: number,
    readonly reason: string,
    message: string,
    readonly details: ErrorDetails = {},
  ) {
    super(message);
  }

  get status(): JsonObject {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      reason: this.reason,
      ...(Object.keys(this.details).length > 0 && { details: this.details }),
      code: this.code,
    };
  }
}

interface Named {
  group: string;
  plural: string;
}

export function resourceName({ group, plural }: Named): string {
  return group === '' ? plural : `${plural}.${group}`;
}

function detailsOf(type: Named, name: string): ErrorDetails {
  return { name, ...(type.group !== '' && { group: type.group }), kind: type.plural };
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}

export function notFound(type: Named, name: string): ApiError {
  return new ApiError(404, 'NotFound', `${resourceName(type)} "${name}" not found`, detailsOf(type, name));
}

export function noSuchPath(): ApiError {
  return new ApiError(404, 'NotFound', 'the server could not find the requested resource');
}

export function alreadyExists(type: Named, name: string): ApiError {
  return new ApiError(409, 'AlreadyExists', `${resourceName(type)} "${name}" already exists`, detailsOf(type, name));
}

export function forbidden(type: Named, name: string, why: string): ApiError {
  return new ApiError(403, 'Forbidden', `${resourceName(type)} "${name}" is forbidden: ${why}`, detailsOf(type, name));
}

export function conflict(type: Named, name: string, why: string): ApiError {
  const message = `Operation cannot be fulfilled on ${resourceName(type)} "${name}": ${why}`;
  return new ApiError(409, 'Conflict', message, detailsOf(type, name));
}

export function staleVersion(type: Named, name: string): ApiError {
  return conflict(
    type,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );
}

export function expired(asked: number, oldest: number): ApiError {
  return new ApiError(410, 'Expired', `too old resource version: ${asked} (${oldest})`);
}

export function invalid(type: { group: string; kind: string }, name: string, causes: Cause[]): ApiError {
  const told = causes.map((cause) => `${cause.field ?? ''}: ${cause.message}`);
  const list = told.length === 1 ? (told[0] ?? '') : `[${told.join(', ')}]`;
  const kind = type.group === '' ? type.kind : `${type.kind}.${type.group}`;
  const details = { name, ...(type.group !== '' && { group: type.group }), kind: type.kind, causes };
  return new ApiError(422, 'Invalid', `${kind} "${name}" is invalid: ${list}`, details);
}

export function requiredValue(field: string, detail = ''): Cause {
  return { reason: 'FieldValueRequired', message: `Required value${detail && `: ${detail}`}`, field };
}

export function invalidValue(field: string, value: unknown, why: string): Cause {
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${why}`, field };
}
