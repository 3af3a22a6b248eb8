import { Controller, Get, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ForAnybody } from '../access/role.guard.js';
import { ApiProblem } from '../problems/api-problem.js';

/** Mantine sets styles at run time, so styles may stand in the page; scripts may not. */
const securityPolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** The folder of the built page; absent where only the API is served. */
export class PageFolder {
  constructor(readonly path: string | undefined) {
    if (path !== undefined && !existsSync(join(path, 'index.html')))
      throw new Error('SHIPIT_PAGE names a folder without an index.html: build the page first');
  }
}

/** Serves the built page: files by their name, and the page itself for every address that it draws. Stands behind all other routes. */
@Controller()
export class PageController {
  constructor(private readonly folder: PageFolder) {}

  @Get('{*path}')
  @ForAnybody()
  async read(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { path: root } = this.folder;
    const isAddress = !/^\/(api|assets)\//.test(request.path);
    response.setHeader('content-security-policy', securityPolicy);
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'no-referrer');
    if (root !== undefined && (await send(response, request.path, { root, maxAge: '1h' }))) return;
    if (root !== undefined && isAddress && (await send(response, '/index.html', { root, maxAge: 0 }))) return;
    throw new ApiProblem(404, 'SHIPIT_NOT_FOUND', `There is nothing at ${request.path}`);
  }
}

/** Tells whether there was such a file. Names that lead out of the folder, and hidden files, are refused by the sender. */
function send(response: Response, path: string, options: { root: string; maxAge: string | number }): Promise<boolean> {
  return new Promise((resolve) => {
    if (path === '/') return resolve(false);
    response.sendFile(path, { ...options, dotfiles: 'ignore' }, (error?: Error) =>
      resolve(error === undefined || response.headersSent),
    );
  });
}
