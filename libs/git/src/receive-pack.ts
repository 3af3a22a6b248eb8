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
  const command = `${update.from} ${update.to} ${update.ref}\0 report-status side-band-64k agent=ship-it`;
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
  const { report, said } = readReply(Buffer.concat(chunks));
  if (report.includes('unpack ok') && report.includes(`ok ${update.ref}`)) return { accepted: true };
  const problems = report.filter((line) => line !== 'unpack ok');
  return { accepted: false, reason: oneLine([...problems, said].join('; ')).slice(0, 500) || 'the answer was empty' };
}

/** Band 1 carries the report, the others what the server tells people; a server without bands sends the report alone. */
function readReply(reply: Buffer): { report: string[]; said: string } {
  const packets = readPackets(reply);
  const band = (...numbers: number[]) =>
    Buffer.concat(packets.filter(([number]) => numbers.includes(number ?? 0)).map((packet) => packet.subarray(1)));
  const isBanded = packets.length > 0 && packets.every(([number]) => number !== undefined && number <= 3);
  const report = isBanded ? readPackets(band(1)) : packets;
  return {
    report: report.map((line) => line.toString('utf8').trimEnd()),
    said: isBanded ? band(2, 3).toString('utf8') : '',
  };
}

function oneLine(text: string): string {
  return text
    .replace(/[\s\p{C}]+/gu, ' ')
    .replace(/(^|; )(; )+|[; ]+$/g, '$1')
    .trim();
}

function packetLine(text: string): Buffer {
  const bytes = Buffer.from(`${text}\n`);
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, '0')), bytes]);
}

/** The packets up to the end or the first thing that is none. */
function readPackets(bytes: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const length = Number.parseInt(bytes.toString('latin1', at, at + 4), 16);
    if (length === 0) at += 4;
    else if (length > 4 && at + length <= bytes.length) {
      packets.push(bytes.subarray(at + 4, at + length));
      at += length;
    } else break;
  }
  return packets;
}
