/** An emulated org for one test file, on a free port with a clock that stands still, and plain calls to it. */

import { openSalesforceSandbox } from '../../../sandbox/salesforce/open-sandbox.ts';

export const ORG_START = Date.parse('2026-03-02T09:00:00.250Z');
export const METADATA_ROOT = 'crm/salesforce/force-app/main/default';
export const DATA = '/services/data/v66.0';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where the answer is JSON, text elsewhere. */
  // The tests look into answers of many shapes; each states what it expects.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

export interface OpenedOrg {
  readonly url: string;
  /** A call below the version as `integration`, unless a path from the root or a header says otherwise. */
  readonly call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  readonly query: (soql: string) => Promise<Record<string, unknown>[]>;
  readonly control: (path: string, body?: unknown) => Promise<Answer>;
  readonly reset: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export function bearer(alias: string): Record<string, string> {
  return { authorization: `Bearer 00D000000000001!${alias}` };
}

export interface OrgOptions {
  readonly dataFile?: string;
  readonly sampleFile?: string;
  readonly metadataRoot?: string | null;
}

export async function openOrg(options: OrgOptions = {}): Promise<OpenedOrg> {
  const sandbox = await openSalesforceSandbox({
    port: 0,
    dataFile: options.dataFile ?? ':memory:',
    metadataRoot: options.metadataRoot === undefined ? METADATA_ROOT : options.metadataRoot,
    sampleFile: options.sampleFile ?? null,
    seed: 1,
    now: () => ORG_START,
  });
  const call: OpenedOrg['call'] = async (method, path, body, headers = {}) => {
    const address = sandbox.url + (/^\/(services|id|cometd|_sandbox|page|kit|$)/.test(path) ? path : DATA + path);
    const response = await fetch(address, {
      method,
      headers: { ...bearer('integration'), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
  return {
    url: sandbox.url,
    call,
    query: async (soql) => (await call('GET', `/query?q=${encodeURIComponent(soql)}`)).body.records,
    control: (path, body) => call(body === undefined ? 'GET' : 'POST', `/_sandbox/${path}`, body),
    reset: sandbox.reset,
    close: sandbox.close,
  };
}

/** A partner account with this external id; gives its record id. */
export async function addPartner(org: OpenedOrg, partnerId: string): Promise<string> {
  const answer = await org.call('POST', '/sobjects/Account', { Name: `Partner ${partnerId}`, Partner_Id__c: partnerId });
  return answer.body.id;
}
