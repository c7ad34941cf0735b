import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A webhook as it arrived, before anybody checked it. */
export interface ReceivedWebhook {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly answered: number;
}

/** What the receiver does with a request: a status, or an answer of its own. */
export type Answerer = (request: IncomingMessage, response: ServerResponse, body: string) => number | Promise<number>;

export interface TestReceiver {
  readonly url: string;
  readonly port: number;
  /** Everything that arrived, in order, whatever was answered. */
  readonly received: ReceivedWebhook[];
  /** Those that were taken. */
  taken(): readonly ReceivedWebhook[];
  answer: Answerer;
  close(): Promise<void>;
}

/** A real HTTP server on a free port of the loopback, or on `port`, that takes what is posted to it. */
export async function startWebhookReceiver(port = 0): Promise<TestReceiver> {
  const received: ReceivedWebhook[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const status = await receiver.answer(request, response, body);
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      if (request.method === 'POST') received.push({ id: headers['webhook-id'] ?? '', headers, body, answered: status });
      if (!response.headersSent) response.writeHead(status);
      if (!response.writableEnded) response.end();
    })().catch(() => response.destroy());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const bound = (server.address() as AddressInfo).port;
  const receiver: TestReceiver = {
    url: `http://127.0.0.1:${bound}/hooks`,
    port: bound,
    received,
    taken: () => received.filter(({ answered }) => answered >= 200 && answered < 300),
    answer: () => 204,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return receiver;
}
