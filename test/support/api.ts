import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { Registry } from 'prom-client';
import type { ApiDependencies } from '../../api/dependencies.ts';
import { createApi } from '../../api/server.ts';
import type { Database } from '../../store/database.ts';
import { ACME, OFFICE } from '../program/example.ts';

export const API_TOKEN = 'a-token-for-tests-0123456789';

/** A Monday, within the office hours of the sample calendar. */
export const NOW = '2026-11-23T15:00:00.000Z';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Of whatever shape was answered: tests compare it with literals. */
  readonly body: never;
  readonly text: string;
}

export interface TestApi {
  readonly url: string;
  /** With the token, unless other headers are given; a text is sent as it stands. */
  call(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<ApiAnswer>;
  close(): Promise<void>;
}

/** Without its parameters. */
export function mediaTypeOf({ headers }: ApiAnswer): string {
  return (headers.get('content-type') ?? '').replace(/;.*$/s, '');
}

/** Dependencies of an API without Temporal: whoever sends a command with it finds nobody. */
export function apiDependencies(db: Database, changes: Partial<ApiDependencies> = {}): ApiDependencies {
  return {
    db,
    temporal: null as unknown as Client,
    programs: { current: () => ACME, byVersion: (version) => (version === ACME.version ? ACME : null) },
    connections: ['salesforce'],
    apiToken: API_TOKEN,
    freeMailDomains: new Set(['gmail.com']),
    calendarOf: () => OFFICE,
    preview: async () => {
      throw new Error('no preview was expected');
    },
    now: () => NOW,
    newId: randomUUID,
    logger: false,
    metrics: new Registry(),
    readiness: async () => ({ ready: true, reasons: [] }),
    ...changes,
  };
}

/** Listens on a free port of the loopback: what is tested goes over the wire. */
export async function startTestApi(deps: ApiDependencies): Promise<TestApi> {
  const app = await createApi(deps);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    async call(method, path, body, headers = { authorization: `Bearer ${API_TOKEN}` }) {
      const payload = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
      const type = body === undefined ? {} : { 'content-type': 'application/json' };
      const answer = await fetch(`${url}${path}`, { method, headers: { ...type, ...headers }, ...payload });
      const text = await answer.text();
      const isJson = String(answer.headers.get('content-type')).includes('json');
      return { status: answer.status, headers: answer.headers, text, body: (isJson ? JSON.parse(text) : null) as never };
    },
    close: () => app.close(),
  };
}

export const PARTNER = {
  name: 'Aster Consulting',
  domain: 'aster.example',
  country: 'US',
  type: 'reseller',
  track: 'solution',
  tier: 'gold',
  status: 'active',
} as const;

/** A registration that nothing is wrong with, of the partner `P-1`. */
export function registrationBody(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    externalId: 'DR-1',
    partnerId: 'P-1',
    customer: { name: 'Northwind Inc', domain: 'northwind.example', country: 'US', postalCode: '10001' },
    contact: { name: 'Dana Reed', email: 'dana.reed@northwind.example' },
    productLines: ['platform', 'analytics'],
    estimatedValue: { amount: '25000.00', currency: 'USD' },
    expectedCloseDate: '2027-01-31',
    description: 'Two sites, first phase in spring.',
    ...changes,
  };
}
