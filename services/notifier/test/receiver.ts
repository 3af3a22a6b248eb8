import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface Received {
  path: string;
  id: string;
  contentType: string | undefined;
  event: { id: string; type: string; specversion: string; data: unknown };
}

type Answer = (response: ServerResponse, received: Received) => void;

/** A subscriber's server: takes only what is signed rightly, and answers each path as it is told to. */
export async function startReceiver(secret: string) {
  const received: Received[] = [];
  const forged: string[] = [];
  const answers = new Map<string, Answer>();
  const webhook = new Webhook(secret);

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    try {
      const event = webhook.verify(body, request.headers as Record<string, string>) as Received['event'];
      const { 'webhook-id': id, 'content-type': contentType } = request.headers;
      const one = { path: request.url ?? '', id: String(id), contentType, event };
      received.push(one);
      (answers.get(one.path) ?? ((out) => void out.writeHead(204).end()))(response, one);
    } catch {
      forged.push(request.url ?? '');
      response.writeHead(401).end();
    }
  }
  const server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    forged,
    answer: (path: string, answer: Answer) => void answers.set(path, answer),
    /** Ids of events that came to a path, in their order. */
    at: (path: string) => received.filter((one) => one.path === path).map(({ id }) => id),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
