import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { Log } from '@shipit/platform';
import type { Response } from 'express';
import { ZodError } from 'zod';
import { ApiProblem } from './api-problem.js';

/** Every error leaves as RFC 9457 problem+json; what nobody expected is logged and told without its details. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const problem = this.problemOf(error);
    if (response.headersSent) {
      response.end();
      return;
    }
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }

  private problemOf(error: unknown): ApiProblem {
    if (error instanceof ApiProblem) return error;
    if (error instanceof ZodError) return new ApiProblem(400, 'SHIPIT_INVALID', describe(error));
    if (error instanceof HttpException)
      return new ApiProblem(error.getStatus(), frameworkCode(error.getStatus()), error.message);
    if (isBodyError(error)) return new ApiProblem(error.status, 'SHIPIT_BODY', error.message);
    this.log.error({ err: error }, 'request failed');
    return new ApiProblem(500, 'SHIPIT_INTERNAL', 'Something went wrong here; the log of the api service says what.');
  }
}

/** What the framework itself refuses is a body, or an address that is none. */
function frameworkCode(status: number): string {
  return status === 404 ? 'SHIPIT_NOT_FOUND' : 'SHIPIT_BODY';
}

function describe(error: ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
    .join('; ');
}

/** What express's body parser throws: too large, or not JSON. */
function isBodyError(error: unknown): error is Error & { status: number } {
  return (
    error instanceof Error &&
    'status' in error &&
    typeof error.status === 'number' &&
    error.status >= 400 &&
    error.status < 500
  );
}
