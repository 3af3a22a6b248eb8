import { ChartError } from './chart-error.js';
import { download, type DownloadOptions } from './download.js';
import type { Round } from './round.js';

const MAX_REFS_BYTES = 16 * 1024 * 1024;

/**
 * Reading from a repository by git's smart HTTP protocol: which refs there are, and one commit with all of its files.
 * Redirects are refused, so that credentials stay where they belong.
 */
export class GitUploadPack {
  constructor(
    private readonly url: URL,
    private readonly options: DownloadOptions,
  ) {}

  /** Ref → commit; where a tag is an object of its own, the commit that it names. */
  async refs(round: Round): Promise<Map<string, string>> {
    const { subject, signal, timeoutSeconds } = round;
    const limits = { maxBytes: MAX_REFS_BYTES, timeoutSeconds };
    const request = { signal, isRedirectRefused: true };
    const { body, headers } = await download(
      this.#at('info/refs?service=git-upload-pack'),
      limits,
      this.options,
      request,
    );
    if (headers['content-type'] !== 'application/x-git-upload-pack-advertisement') {
      throw new ChartError('SHIPIT_CHART_SOURCE', `${subject}: there is no git repository at ${this.url.href}`);
    }
    const refs = new Map<string, string>();
    for (const line of readLines(subject, body)) {
      const [, id = '', name = '', isPeeled] = /^([0-9a-f]{40}) ([^\0\n^]+)(\^\{\})?/.exec(line.toString('utf8')) ?? [];
      if (id !== '' && (isPeeled !== undefined || !refs.has(name))) refs.set(name, id);
    }
    return refs;
  }

  /** The pack with a commit, its folders and files; no history. */
  async pack(commit: string, maxBytes: number, { subject, signal, timeoutSeconds }: Round): Promise<Uint8Array> {
    const wants = [`want ${commit} side-band-64k ofs-delta no-progress agent=ship-it\n`, 'deepen 1\n'];
    const question = Buffer.from(`${wants.map(formatLine).join('')}0000${formatLine('done\n')}`);
    const { body } = await download(this.#at('git-upload-pack'), { maxBytes, timeoutSeconds }, this.options, {
      ...{ signal, isRedirectRefused: true },
      question: { body: question, type: 'application/x-git-upload-pack-request' },
      accept: 'application/x-git-upload-pack-result',
    });
    const chunks: Buffer[] = [];
    for (const line of readLines(subject, body)) {
      if (line[0] === 1) chunks.push(line.subarray(1));
      else checkRefusal(subject, commit, line);
    }
    return Buffer.concat(chunks);
  }

  #at(endpoint: string): URL {
    return new URL(`${this.url.origin}${this.url.pathname.replace(/\/$/, '')}/${endpoint}`);
  }
}

/** Of the other lines only those matter by which the server says no. */
function checkRefusal(subject: string, commit: string, line: Buffer): void {
  const text = line.toString('utf8');
  if (line[0] !== 3 && !text.startsWith('ERR ')) return;
  const said = JSON.stringify(
    text
      .replace(/^(\x03|ERR )/, '')
      .trim()
      .slice(0, 200),
  );
  const isAbsent = /not our ref|no such|unadvertised/i.test(text);
  throw new ChartError(
    isAbsent ? 'SHIPIT_CHART_NOT_FOUND' : 'SHIPIT_CHART_DOWNLOAD',
    isAbsent
      ? `${subject}: commit ${commit} is not there, or the server gives only tags; it says ${said}`
      : `${subject}: the git server says ${said}`,
  );
}

function formatLine(text: string): string {
  return `${(text.length + 4).toString(16).padStart(4, '0')}${text}`;
}

/** The content of each line with a length in front of it; markers between them are left out. */
function* readLines(subject: string, body: Uint8Array = new Uint8Array()): Generator<Buffer> {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  for (let at = 0; at < bytes.length;) {
    const head = bytes.toString('latin1', at, at + 4);
    const length = /^[0-9a-f]{4}$/i.test(head) ? Number.parseInt(head, 16) : -1;
    if (length < 0 || length === 3 || at + length > bytes.length) {
      throw new ChartError('SHIPIT_CHART_DOWNLOAD', `${subject}: the git server's answer cannot be understood`);
    }
    if (length > 4) yield bytes.subarray(at + 4, at + length);
    at += Math.max(length, 4);
  }
}
