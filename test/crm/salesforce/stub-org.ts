import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CrmFailure } from '../../../crm/failures.ts';
import type { CrmPort } from '../../../crm/port.ts';
import { connectSalesforce } from '../../../crm/salesforce/connect.ts';
import type { CrmLog, SalesforceCall, SalesforceConfig } from '../../../crm/salesforce/session.ts';
import type { SessionShelf } from '../../../crm/salesforce/session-shelf.ts';

export interface StubRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string | null;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** An org that answers as a test scripts it, for what the sandbox does not do. Requests are kept in order. */
export interface StubOrg {
  readonly url: string;
  readonly requests: StubRequest[];
  answer: (request: StubRequest, response: ServerResponse) => void;
  close(): Promise<void>;
}

export async function openStubOrg(): Promise<StubOrg> {
  const requests: StubRequest[] = [];
  const server = createServer((incoming, response) => {
    void readRequest(incoming).then((request) => {
      requests.push(request);
      org.answer(request, response);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const org: StubOrg = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: (_request, response) => sendJson(response, 404, [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }]),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return org;
}

async function readRequest(incoming: IncomingMessage): Promise<StubRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const url = new URL(incoming.url ?? '/', 'http://stub');
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    query: url.searchParams.get('q'),
    authorization: incoming.headers.authorization,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8', ...headers }).end(JSON.stringify(body));
}

export const DESCRIBED_ACCOUNT = {
  name: 'Account',
  fields: [
    { name: 'Id', type: 'id', length: 18, nillable: false, defaultedOnCreate: true },
    { name: 'IsDeleted', type: 'boolean' },
    { name: 'MasterRecordId', type: 'reference', referenceTo: ['Account'], relationshipName: 'MasterRecord' },
    { name: 'Name', type: 'string', length: 255, nillable: false, createable: true, updateable: true },
    { name: 'CreatedById', type: 'reference', referenceTo: ['User'], relationshipName: 'CreatedBy' },
    { name: 'LastModifiedById', type: 'reference', referenceTo: ['User'], relationshipName: 'LastModifiedBy' },
    {
      name: 'ParentId',
      type: 'reference',
      referenceTo: ['Account'],
      relationshipName: 'Parent',
      createable: true,
      updateable: true,
      nillable: true,
    },
    { name: 'OwnerId', type: 'reference', referenceTo: ['User', 'Group'], relationshipName: 'Owner', createable: true, updateable: true },
  ],
};

/** Answers describe, and hands everything else to `answer`. */
export function withDescribe(answer: StubOrg['answer']): StubOrg['answer'] {
  return (request, response) => {
    if (request.path.endsWith('/describe')) sendJson(response, 200, DESCRIBED_ACCOUNT);
    else answer(request, response);
  };
}

export function connectTo(
  org: StubOrg,
  change: Partial<SalesforceConfig> = {},
  onCall?: (call: SalesforceCall) => void,
  shelf?: SessionShelf,
  log?: CrmLog,
): Promise<CrmPort> {
  const config: SalesforceConfig = {
    connection: 'salesforce',
    instanceUrl: org.url,
    auth: { kind: 'token', accessToken: '00D000000000001!integration' },
    apiVersion: '66.0',
    requestTimeoutMs: 5_000,
    ...change,
  };
  return connectSalesforce(config, log, onCall, shelf);
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
