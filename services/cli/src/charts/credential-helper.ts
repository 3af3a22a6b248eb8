import { execFile, type ExecFileException } from 'node:child_process';
import { z } from 'zod';

/** A keychain may ask the person at the terminal. */
const timeoutSeconds = 30;
const maxBytes = 64 * 1024;

const Credentials = z.object({ Username: z.string().min(1), Secret: z.string().min(1) });

export interface HelperCall {
  /** As Docker's configuration names it: `osxkeychain`, `ecr-login`. */
  helper: string;
  /** As `docker login` knows it. */
  server: string;
  environment: NodeJS.ProcessEnv;
}

/** What a credential helper of Docker answers: an authorization, nothing, or why it cannot be used. */
export type HelperAnswer = { authorization: string | undefined } | { problem: string };

/** Runs `docker-credential-<helper> get` without a shell. Never throws, and never tells what it wrote unless it failed. */
export async function askHelper({ helper, server, environment }: HelperCall): Promise<HelperAnswer> {
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/i.test(helper)) return { problem: 'its name is none' };
  const { out, failure } = await run(`docker-credential-${helper}`, server, environment);
  if (failure !== undefined) return isNotFound(out) ? { authorization: undefined } : { problem: failure };
  const read = Credentials.safeParse(parsed(out));
  if (!read.success) return { problem: 'its answer is not {"Username": "…", "Secret": "…"}' };
  const { Username, Secret } = read.data;
  if (Username === '<token>') return { problem: 'it keeps a token that is to be exchanged, which is not supported' };
  if (Username.includes(':')) return { problem: 'it gives a user name with a colon' };
  return { authorization: `Basic ${Buffer.from(`${Username}:${Secret}`).toString('base64')}` };
}

interface Ended {
  out: string;
  failure?: string;
}

function run(program: string, input: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  const limits = { timeout: timeoutSeconds * 1000, killSignal: 'SIGKILL', maxBuffer: maxBytes } as const;
  return new Promise((resolve) => {
    const child = execFile(program, ['get'], { env, ...limits, windowsHide: true }, (error, out, said) => {
      resolve(error ? { out, failure: reasonOf(error, said || out) } : { out });
    });
    child.on('error', () => undefined);
    child.stdin?.on('error', () => undefined).end(input);
  });
}

function reasonOf(error: ExecFileException, said: string): string {
  if (error.code === 'ENOENT') return 'it is not on PATH';
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return `it wrote more than ${maxBytes} bytes`;
  if (error.killed) return `it did not answer within ${timeoutSeconds} s`;
  return said.trim().split('\n', 1)[0]?.slice(0, 200) || `it ended with ${error.code}`;
}

/** The words that every helper has for it. */
function isNotFound(out: string): boolean {
  return /credentials not found/i.test(out);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
