import type { HttpTransport } from './http-transport.js';

export interface RefUpdate {
  ref: string;
  /** The update happens only if the ref is at this commit. */
  from: string;
  to: string;
  pack: Uint8Array;
}

export type PushReply = { accepted: true } | { accepted: false; reason: string; cause?: unknown };

/**
 * Pushes one commit by speaking the push protocol directly: one request, no walk over the tree.
 * Accepted only on the server's explicit word; whatever else it says is no proof that the branch did not move.
 */
export async function sendPack(
  transport: HttpTransport,
  repositoryUrl: string,
  update: RefUpdate,
  signal?: AbortSignal,
): Promise<PushReply> {
  const command = `${update.from} ${update.to} ${update.ref}\0 report-status agent=ship-it`;
  const response = await transport.request(
    {
      url: `${repositoryUrl}/git-receive-pack`,
      method: 'POST',
      headers: {
        'content-type': 'application/x-git-receive-pack-request',
        accept: 'application/x-git-receive-pack-result',
      },
      body: [packetLine(command), Buffer.from('0000'), update.pack],
    },
    signal,
  );
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  const lines = readPacketLines(Buffer.concat(chunks));
  if (lines.includes('unpack ok') && lines.includes(`ok ${update.ref}`)) return { accepted: true };
  return { accepted: false, reason: lines.join('; ').slice(0, 500) || 'the answer was empty' };
}

function packetLine(text: string): Buffer {
  const bytes = Buffer.from(`${text}\n`);
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, '0')), bytes]);
}

/** The lines up to the end or the first thing that is none. */
function readPacketLines(bytes: Buffer): string[] {
  const lines: string[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const length = Number.parseInt(bytes.toString('latin1', at, at + 4), 16);
    if (length === 0) at += 4;
    else if (length > 4 && at + length <= bytes.length) {
      lines.push(bytes.toString('utf8', at + 4, at + length).trimEnd());
      at += length;
    } else break;
  }
  return lines;
}
