import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CrmFailure } from '../../../crm/failures.ts';
import { connectHubspot } from '../../../crm/hubspot/connect.ts';
import type { HubspotCall, HubspotConfig, SessionParts } from '../../../crm/hubspot/session.ts';
import type { CrmPort } from '../../../crm/port.ts';

export interface StubRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  // The tests look into bodies of many shapes; each states what it expects.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

/** A portal that answers as a test scripts it, for what the sandbox does not do. Requests are kept in order. */
export interface StubPortal {
  readonly url: string;
  readonly requests: StubRequest[];
  answer: (request: StubRequest, response: ServerResponse) => void;
  close(): Promise<void>;
}

export async function openStubPortal(): Promise<StubPortal> {
  const requests: StubRequest[] = [];
  const server = createServer((incoming, response) => {
    void readRequest(incoming).then((request) => {
      requests.push(request);
      portal.answer(request, response);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const portal: StubPortal = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: (_request, response) => sendJson(response, 404, { status: 'error', message: 'resource not found' }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return portal;
}

async function readRequest(incoming: IncomingMessage): Promise<StubRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const url = new URL(incoming.url ?? '/', 'http://stub');
  const text = Buffer.concat(chunks).toString('utf8');
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    authorization: incoming.headers.authorization,
    body: text === '' ? null : isForm(incoming) ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text),
  };
}

function isForm({ headers }: IncomingMessage): boolean {
  return headers['content-type'] === 'application/x-www-form-urlencoded';
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json;charset=utf-8', ...headers }).end(JSON.stringify(body));
}

export function sendPage(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/html' }).end('<html><body>Bad Gateway for anna@contoso.example</body></html>');
}

const text = { type: 'string', fieldType: 'text', modificationMetadata: { readOnlyValue: false } };
export const DESCRIBED = {
  results: [
    { ...text, name: 'name' },
    { ...text, name: 'partner_id', hasUniqueValue: true },
  ],
};

/** Answers the properties API, and hands everything else to `answer`. */
export function withProperties(answer: StubPortal['answer']): StubPortal['answer'] {
  return (request, response) => {
    if (request.path.includes('/properties/')) sendJson(response, 200, DESCRIBED);
    else answer(request, response);
  };
}

/** Answers as scripted one after the other, the last one for ever. */
export function inTurn(...answers: StubPortal['answer'][]): StubPortal['answer'] {
  let turn = 0;
  return (request, response) => {
    answers[Math.min(turn, answers.length - 1)]?.(request, response);
    turn += 1;
  };
}

export function connectTo(
  portal: StubPortal,
  change: Partial<HubspotConfig> = {},
  onCall?: (call: HubspotCall) => void,
  { log, shelf, sharedPace }: SessionParts = {},
): CrmPort {
  const config: HubspotConfig = {
    connection: 'hubspot',
    baseUrl: portal.url,
    ...(change.auth === undefined ? { accessToken: 'pat-secret-token' } : {}),
    apiVersion: '2026-03',
    requestTimeoutMs: 5_000,
    pace: { callsPerTenSeconds: 10_000, searchesPerSecond: 10_000 },
    patience: { repeats: 0, pauseMs: 0 },
    ...change,
  };
  return connectHubspot(config, log, onCall, shelf, sharedPace);
}

/** The failure of `work`; fails the test when there is none, or another error. */
export async function failureOf(work: Promise<unknown>): Promise<CrmFailure> {
  const failure: unknown = await work.then(
    () => new Error('expected a failure'),
    (error: unknown) => error,
  );
  if (failure instanceof CrmFailure) return failure;
  throw failure;
}
