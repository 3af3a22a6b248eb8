import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { CliError } from './output/cli-error.js';

export interface Connection {
  url: string;
  token: string;
}

/** What the playground leaves for programs, as far as the terminal needs it. */
export const PlaygroundReady = z.looseObject({
  api: z.string(),
  token: z.string(),
  aws: z.looseObject({ endpointEcr: z.string(), region: z.string(), account: z.string() }),
});
export type PlaygroundReady = z.infer<typeof PlaygroundReady>;

export interface ConnectionOptions {
  server?: string | undefined;
}

/** The API to talk to: --server or SHIPIT_SERVER with SHIPIT_TOKEN, else the playground of this folder. */
export function findConnection({ server }: ConnectionOptions, environment = process.env): Connection {
  const url = server ?? environment['SHIPIT_SERVER'];
  if (url !== undefined) {
    const token = environment['SHIPIT_TOKEN'];
    if (!token) throw new CliError('SHIPIT_TOKEN must hold the bearer token for the server', 2);
    return { url: url.replace(/\/+$/, ''), token };
  }
  const playground = findPlayground(environment);
  if (!playground)
    throw new CliError(
      'no server: set SHIPIT_SERVER and SHIPIT_TOKEN, or run `npm start` and call shipit in the same folder',
      2,
    );
  return { url: playground.api, token: playground.token };
}

/** Looks for `.playground/ready.json` in this folder and those above; SHIPIT_PLAYGROUND names another folder. */
export function findPlayground(environment = process.env): PlaygroundReady | undefined {
  const named = environment['SHIPIT_PLAYGROUND'];
  if (named) return readReady(join(named, 'ready.json'));
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const found = readReady(join(folder, '.playground', 'ready.json'));
    if (found || folder === dirname(folder)) return found;
  }
}

function readReady(file: string): PlaygroundReady | undefined {
  try {
    return PlaygroundReady.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
