import { connectHubspot } from '../../../crm/hubspot/connect.ts';
import type { PortalDefinition } from '../../../crm/hubspot/portal-definition.ts';
import type { HubspotCall, HubspotConfig, SessionParts } from '../../../crm/hubspot/session.ts';
import { shippedPortal } from '../../../crm/hubspot/shipped-portal.ts';
import type { CrmPort } from '../../../crm/port.ts';
import { openHubspotSandbox, type HubspotSandboxOptions } from '../../../sandbox/hubspot/open-sandbox.ts';
import type { CrmFixture } from '../crm-fixture.ts';

const PLENTY = { tenSecondly: 1_000_000, daily: 1_000_000, search: 1_000_000 };
const UNBOUNDED = { callsPerTenSeconds: 1_000_000, searchesPerSecond: 1_000_000 };

/** What we ship for a portal with custom objects. */
export function shippedDefinition(): PortalDefinition {
  return shippedPortal('deal_registration');
}

export interface HubspotFixture extends CrmFixture {
  readonly url: string;
  control(path: string, body: object): Promise<void>;
  /** A call as `integration`, or as another user; throws unless it succeeds. */
  call(method: string, path: string, body?: object, alias?: string): Promise<unknown>;
  connect(change?: Partial<HubspotConfig>, onCall?: (call: HubspotCall) => void, parts?: SessionParts): CrmPort;
  byRoute(): Promise<Readonly<Record<string, number>>>;
  /** The portal as it was opened. What is connected to it still knows what it remembered of the portal before. */
  reset(): Promise<void>;
}

/** An empty sandbox portal with the shipped definitions, and the port as the integration and as a rep. Nothing is repeated, so that failures are seen. */
export async function openHubspotFixture(
  change: Partial<HubspotConfig> = {},
  options: Partial<HubspotSandboxOptions> = {},
): Promise<HubspotFixture> {
  const sandbox = await openHubspotSandbox({
    port: 0,
    dataFile: ':memory:',
    sampleFile: null,
    seed: 1,
    allowance: PLENTY,
    indexDelayMs: 0,
    // Rows of one batch have one stamp, as in a CRM that keeps seconds.
    now: () => Math.floor(Date.now() / 1_000) * 1_000,
    ...options,
  });
  const send = async (method: string, path: string, body?: object, alias = 'integration'): Promise<unknown> => {
    const response = await fetch(sandbox.url + path, {
      method,
      headers: { authorization: `Bearer pat-sandbox-${alias}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  await defineShipped(send);
  const connect: HubspotFixture['connect'] = (more = {}, onCall, { log, shelf, sharedPace } = {}) =>
    connectHubspot(
      {
        connection: 'hubspot',
        baseUrl: sandbox.url,
        ...(more.auth === undefined ? { accessToken: 'pat-sandbox-integration' } : {}),
        apiVersion: '2026-03',
        requestTimeoutMs: 10_000,
        pace: UNBOUNDED,
        patience: { repeats: 0, pauseMs: 0 },
        ...change,
        ...more,
      },
      log,
      onCall,
      shelf,
      sharedPace,
    );
  const control = async (path: string, body: object): Promise<void> => void (await send('POST', `/_sandbox/${path}`, body));
  const faultNext = (method: string, path: string, fault: object): Promise<void> =>
    control('faults', { rules: [{ method, path, nth: 1, times: 1, ...fault }] });
  const calls = async () =>
    (await send('GET', '/_sandbox/calls')) as { readonly total: number; readonly byRoute: Readonly<Record<string, number>> };
  let forgotten = (await calls()).total;
  return {
    url: sandbox.url,
    control,
    call: send,
    connect,
    byRoute: async () => (await calls()).byRoute,
    async reset() {
      await control('reset', {});
      await defineShipped(send);
      forgotten = (await calls()).total;
    },
    names: {
      partner: { object: 'companies', id: 'partner_id', name: 'name' },
      registration: {
        object: 'deal_registration',
        id: 'registration_id',
        status: 'registration_status',
        partner: 'associations.companies.partner',
        customerName: 'customer_name',
        value: 'estimated_value',
        closeDate: 'expected_close_date',
        description: 'description',
        isDescriptionTracked: true,
        longest: { id: 65_536, customerName: 65_536 },
      },
      task: {
        object: 'tasks',
        id: 'question_id',
        title: 'hs_task_subject',
        due: 'hs_timestamp',
        owner: 'hubspot_owner_id',
        record: 'associations.deal_registration',
        closed: { hs_task_status: 'COMPLETED' },
        open: { hs_task_status: 'NOT_STARTED' },
        isClosed: { field: 'hs_task_status', yes: 'COMPLETED', no: 'NOT_STARTED' },
        isTracked: true,
      },
    },
    crm: connect(),
    rep: connect({ accessToken: 'pat-sandbox-rep' }),
    calls: async () => (await calls()).total - forgotten,
    forgetCalls: async () => {
      forgotten = (await calls()).total;
    },
    remove: async (object, id) => void (await send('DELETE', `/crm/v3/objects/${object}/${id}`, undefined, 'rep')),
    advanceClock: (advanceMs) => control('clock', { advanceMs }),
    loseNextWriteAnswer: () => faultNext('POST', '/crm/objects/*/batch/upsert', { fault: 'lost_answer' }),
    // The whole batch is refused, and then the row alone.
    lockNextRow: () => faultNext('POST', '/crm/objects/*/batch/upsert', { fault: 'row_lock', times: 2 }),
    failNextCall: () => faultNext('*', '/', { fault: 'unavailable' }),
    close: () => sandbox.close(),
  };
}

async function defineShipped(send: (method: string, path: string, body?: object) => Promise<unknown>): Promise<void> {
  const { customObject, properties, group, pipelines, associationLabels } = shippedDefinition();
  await send('POST', '/crm-object-schemas/v3/schemas', customObject ?? undefined);
  for (const [object, inputs] of Object.entries(properties)) {
    await send('POST', `/crm/v3/properties/${object}/groups`, group);
    await send('POST', `/crm/v3/properties/${object}/batch/create`, { inputs });
  }
  for (const [object, pipeline] of Object.entries(pipelines)) await send('POST', `/crm/v3/pipelines/${object}`, pipeline);
  for (const { from, to, ...label } of associationLabels) await send('POST', `/crm/v4/associations/${from}/${to}/labels`, label);
}
