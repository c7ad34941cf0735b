/** An emulated portal for one test file, on a free port with a clock that stands still, and plain calls to it. */

import { openHubspotSandbox } from '../../../sandbox/hubspot/open-sandbox.ts';
import type { HubspotSandboxOptions } from '../../../sandbox/hubspot/open-sandbox.ts';

export const PORTAL_START = Date.parse('2026-03-02T09:00:00.250Z');
export const OBJECTS = '/crm/v3/objects';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where the answer is JSON, text elsewhere. */
  // The tests look into answers of many shapes; each states what it expects.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

export interface OpenedPortal {
  readonly url: string;
  /** A call as `integration`, unless a header says otherwise. */
  readonly call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  readonly control: (path: string, body?: unknown) => Promise<Answer>;
  /** A new record with these properties; gives its id. */
  readonly add: (objectType: string, properties: object, associations?: object[]) => Promise<string>;
  readonly reset: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export function bearer(alias: string): Record<string, string> {
  return { authorization: `Bearer pat-sandbox-${alias}` };
}

const PLENTY = { tenSecondly: 1_000_000, daily: 1_000_000, search: 1_000_000 };

export async function openPortal(options: Partial<HubspotSandboxOptions> = {}): Promise<OpenedPortal> {
  const sandbox = await openHubspotSandbox({
    port: 0,
    dataFile: ':memory:',
    sampleFile: null,
    seed: 1,
    now: () => PORTAL_START,
    allowance: PLENTY,
    indexDelayMs: 0,
    ...options,
  });
  const call: OpenedPortal['call'] = async (method, path, body, headers = {}) => {
    const response = await fetch(sandbox.url + path, {
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
    control: (path, body) => call(body === undefined ? 'GET' : 'POST', `/_sandbox/${path}`, body),
    add: async (objectType, properties, associations = []) => {
      const answer = await call('POST', `${OBJECTS}/${objectType}`, { properties, associations });
      if (answer.status !== 201) throw new Error(`${objectType} was not created: ${JSON.stringify(answer.body)}`);
      return answer.body.id;
    },
    reset: sandbox.reset,
    close: sandbox.close,
  };
}
