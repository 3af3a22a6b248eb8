import type { NestMiddleware } from '@nestjs/common';
import express, { type NextFunction, type Request, type Response } from 'express';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Mantine sets styles at run time, so styles may stand in the page; scripts may not. */
const securityPolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** Serves the built page: files by their name, and the page itself for every address that it draws. */
export class ServePage implements NestMiddleware {
  private readonly files: express.Handler;

  constructor(private readonly folder: string) {
    if (!existsSync(join(folder, 'index.html')))
      throw new Error('SHIPIT_PAGE names a folder without an index.html: build the page first');
    this.files = express.static(folder, { index: false, maxAge: '1h', setHeaders: protect });
  }

  use(request: Request, response: Response, next: NextFunction): void {
    if (request.path.startsWith('/api/') || (request.method !== 'GET' && request.method !== 'HEAD')) return next();
    this.files(request, response, (error?: unknown) => {
      if (error) return next(error);
      if (!request.accepts('html') || request.path.startsWith('/assets/')) return next();
      protect(response);
      response.setHeader('cache-control', 'no-cache');
      response.sendFile(join(this.folder, 'index.html'));
    });
  }
}

function protect(response: Response): void {
  response.setHeader('content-security-policy', securityPolicy);
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
}
