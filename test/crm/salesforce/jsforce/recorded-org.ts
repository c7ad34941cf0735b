import { createServer, request as forward, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Connection } from 'jsforce';
import type { CrmPort } from '../../../../crm/port.ts';
import { connectSalesforce } from '../../../../crm/salesforce/connect.ts';
import type { SalesforceAuth } from '../../../../crm/salesforce/sign-in.ts';
import { openSalesforceSandbox } from '../../../../sandbox/salesforce/open-sandbox.ts';

const VERSION = '66.0';

export interface RecordedCall {
  readonly method: string;
  /** As it stood on the wire. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Empty until the answer has come. */
  answer: string;
}

/** A sandbox org, of which everything that clients send to it is kept. */
export interface RecordedOrg {
  readonly url: string;
  readonly calls: RecordedCall[];
  /** Changes addresses on their way, as another org would answer them. */
  rewrite: (url: string) => string;
  /** Changes the status of answers on their way, as a gateway that lost them would. */
  restate: (method: string, status: number) => number;
  /** jsforce by itself, as `integration`. */
  naked(options?: Readonly<Record<string, unknown>>): Connection;
  ours(auth?: SalesforceAuth, requestTimeoutMs?: number): Promise<CrmPort>;
  control(path: string, body: object): Promise<void>;
  /** The rows, past the record of calls. */
  rows(soql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** The channels that somebody listens to, as the org says. */
  listening(): Promise<readonly string[]>;
  reset(): Promise<void>;
  close(): Promise<void>;
}

export const TOKEN = '00D000000000001!integration';

export async function openRecordedOrg(): Promise<RecordedOrg> {
  const sandbox = await openSalesforceSandbox({
    port: 0,
    dataFile: ':memory:',
    metadataRoot: 'crm/salesforce/force-app',
    sampleFile: null,
    seed: 1,
  });
  const calls: RecordedCall[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '/', headers } = incoming;
      const call: RecordedCall = { method, url, headers, body: Buffer.concat(chunks).toString('utf8'), answer: '' };
      calls.push(call);
      const outgoing = forward(
        `${sandbox.url}${org.rewrite(url)}`,
        { method, headers: { ...headers, 'accept-encoding': 'identity' } },
        (answer) => {
          response.writeHead(org.restate(method, answer.statusCode ?? 502), answer.headers);
          answer.on('data', (chunk: Buffer) => {
            call.answer += chunk.toString('utf8');
            response.write(chunk);
          });
          answer.on('end', () => response.end());
          answer.on('error', () => response.destroy());
        },
      );
      outgoing.on('error', () => response.destroy());
      response.on('close', () => outgoing.destroy());
      outgoing.end(Buffer.concat(chunks));
    });
  });
  server.on('upgrade', ({ method = '', url = '/', headers }, socket) => {
    calls.push({ method, url, headers, body: '', answer: '' });
    socket.end('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n');
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const send = async (path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${sandbox.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const org: RecordedOrg = {
    url,
    calls,
    rewrite: (address) => address,
    restate: (_method, status) => status,
    naked: (options = {}) => new Connection({ instanceUrl: url, accessToken: TOKEN, version: VERSION, ...options }),
    ours: (auth = { kind: 'token', accessToken: TOKEN }, requestTimeoutMs = 10_000) =>
      connectSalesforce({ connection: 'salesforce', instanceUrl: url, auth, apiVersion: VERSION, requestTimeoutMs }),
    control: async (path, body) => void (await send(`/_sandbox/${path}`, body)),
    rows: async (soql) =>
      ((await send(`/services/data/v${VERSION}/query?q=${encodeURIComponent(soql)}`)) as { records: Record<string, unknown>[] }).records,
    listening: async () => {
      const { clients } = (await send('/_sandbox/streaming')) as { clients: { subscriptions: Record<string, unknown> }[] };
      return clients.flatMap(({ subscriptions }) => Object.keys(subscriptions));
    },
    reset: async () => {
      await sandbox.reset();
      org.rewrite = (address) => address;
      org.restate = (_method, status) => status;
      calls.length = 0;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
      await sandbox.close();
    },
  };
  return org;
}
