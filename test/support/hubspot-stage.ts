import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { SyncActivities } from '../../activities/contract.ts';
import type { ActivityDependencies } from '../../activities/decision/dependencies.ts';
import { createSyncActivities } from '../../activities/sync/sync-activities.ts';
import type { WebhookReceiver } from '../../api/dependencies.ts';
import type { CrmPort } from '../../crm/port.ts';
import type { HubspotConfig } from '../../crm/hubspot/session.ts';
import { provisionPortal } from '../../crm/hubspot/provision-portal.ts';
import { shippedPortal } from '../../crm/hubspot/shipped-portal.ts';
import { hubspotProfile, type RegistrationObject } from '../../mappings/hubspot/registration-object.ts';
import type { ObjectType } from '../../program/vocabulary.ts';
import type { HubspotSandboxOptions } from '../../sandbox/hubspot/open-sandbox.ts';
import { readChanged } from '../../store/changed-record.ts';
import { registerConnection } from '../../store/connection.ts';
import type { Database } from '../../store/database.ts';
import { readLinksByLocal } from '../../store/link.ts';
import { insertPartner } from '../../store/partner.ts';
import { queuePush } from '../../store/push-queue.ts';
import { lockRegistration, saveClaimValues } from '../../store/registration.ts';
import { storeReceipt } from '../../store/receipt.ts';
import { openHubspotWebhooks } from '../../workers/compose/hubspot-webhooks.ts';
import { openHubspotFixture, type HubspotFixture } from '../crm/hubspot/sandbox-fixture.ts';
import { ACME, OFFICE } from '../program/example.ts';
import { apiDependencies, startTestApi } from './api.ts';
import { copyRegistration } from './copied-registration.ts';
import { CLAIM, PARTNER } from './example-record.ts';
import type { TestPostgres } from './postgres.ts';
import { until } from './until.ts';

export const PORTAL_CONNECTION = 'hubspot';
/** Of the sandbox: the app that `integration` writes with, and its secret. */
const APP = 900_100;
const CLIENT_SECRET = 'sandbox-client-secret';
const CLAIM_PROPERTIES = ['estimated_value', 'expected_close_date', 'requested_decision'];

/** Sync between a real database and a HubSpot portal whose webhooks go to a real API over HTTP. */
export interface HubspotStage {
  readonly db: Database;
  readonly databaseUrl: string;
  readonly deps: ActivityDependencies;
  readonly sync: SyncActivities;
  readonly portal: HubspotFixture;
  /** Where the app's webhooks go. */
  readonly target: string;
  pull(objectType: ObjectType, by?: SyncActivities): Promise<number>;
  push(objectType: 'partner' | 'registration'): Promise<number>;
  /** Registrations of one new partner, in the portal and settled. */
  settledRegistrations(count: number): Promise<readonly { readonly id: string; readonly remoteId: string }[]>;
  /** An edit in the portal by a rep; gives the id of what was made. */
  rep(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<string>;
  /** Waits until every event was delivered. */
  delivered(): Promise<void>;
  /** Ids of the rows that are to be looked at. */
  marked(objectType: ObjectType): Promise<readonly string[]>;
  /** A value of our record. */
  estimatedValue(id: string): Promise<string>;
  /** An edit on our side. */
  editEstimatedValue(id: string, value: string): Promise<void>;
  customerOf(id: string): Promise<string | null>;
  opportunityOf(id: string): Promise<string | null>;
  /** Associates a record with a company by this label, or takes the label away, as a rep does. */
  label(verb: 'create' | 'labels/archive', object: string, id: string, company: string, label: string): Promise<void>;
  /** A worker whose portal is wrapped. */
  workerOn(wrap: (port: CrmPort) => Partial<CrmPort>): SyncActivities;
  close(): Promise<void>;
}

export async function openHubspotStage(
  postgres: TestPostgres,
  options: Partial<HubspotSandboxOptions> = {},
  registrationObject: RegistrationObject = 'deal_registration',
): Promise<HubspotStage> {
  const { mapping } = hubspotProfile(registrationObject);
  const { db, url: databaseUrl } = await postgres.openEmpty();
  const portal = await openHubspotFixture({ connection: PORTAL_CONNECTION }, { now: Date.now, ...options });
  if (registrationObject === 'deals') await provisionPortal(portalConfig(portal.url), shippedPortal('deals'));
  const now = () => new Date().toISOString();
  const deps: ActivityDependencies = {
    db,
    programs: { current: () => ACME, byVersion: (version) => (version === ACME.version ? ACME : null) },
    calendarOf: () => OFFICE,
    freeMailDomains: new Set(['gmail.com']),
    connections: new Map([[PORTAL_CONNECTION, { port: portal.crm, mapping }]]),
    now,
    newId: randomUUID,
    log: pino({ level: 'silent' }),
  };
  const sync = createSyncActivities(deps);
  await registerConnection(db, PORTAL_CONNECTION, now());

  const receivers = new Map<string, WebhookReceiver>();
  const api = await startTestApi(apiDependencies(db, { now, connections: [PORTAL_CONNECTION], hubspotWebhooks: receivers }));
  const webhooks = { clientSecret: CLIENT_SECRET, publicUrl: api.url, mapping };
  const opened = openHubspotWebhooks({ db, portals: new Map([[PORTAL_CONNECTION, webhooks]]), now, log: deps.log });
  for (const [name, receiver] of opened) receivers.set(name, receiver);
  const target = `${api.url}/webhooks/hubspot/${PORTAL_CONNECTION}`;
  await subscribe(portal, target);

  const waiting = async (): Promise<number> => ((await portal.call('GET', '/_sandbox/webhooks')) as { waiting: number }).waiting;
  const placeOf = (id: string) =>
    db.selectFrom('registration_place').select(['customer_account', 'opportunity']).where('registration_id', '=', id).executeTakeFirst();
  const stage: HubspotStage = {
    db,
    databaseUrl,
    deps,
    sync,
    portal,
    target,
    async pull(objectType, by = sync) {
      let rows = 0;
      for (;;) {
        const page = await by.pullPage(PORTAL_CONNECTION, objectType);
        rows += page.rows;
        if (page.drained) return rows;
      }
    },
    async push(objectType) {
      let written = 0;
      for (;;) {
        const batch = await sync.pushBatch(PORTAL_CONNECTION, objectType);
        written += batch.written;
        if (batch.dueNow === 0) return written;
      }
    },
    async settledRegistrations(count) {
      const [partnerId, first] = [randomUUID(), randomUUID()];
      await db.transaction().execute(async (trx) => {
        await insertPartner(trx, partnerId, `P-${partnerId}`, PARTNER, now());
        await queuePush(trx, [PORTAL_CONNECTION], 'partner', [partnerId]);
      });
      const claim = { ...CLAIM, registrationId: first, externalId: first, contentDigest: first, partnerId };
      await storeReceipt(db, claim, { connections: [PORTAL_CONNECTION], freeMailDomains: deps.freeMailDomains, newId: randomUUID, now });
      if (count > 1) await copyRegistration(db, PORTAL_CONNECTION, first, count - 1);
      for (const objectType of ['partner', 'registration'] as const) {
        await stage.push(objectType);
        await stage.pull(objectType);
      }
      const rows = await db.selectFrom('registration').select('id').orderBy('sequence').execute();
      const links = await readLinksByLocal(
        db,
        PORTAL_CONNECTION,
        'registration',
        rows.map(({ id }) => id),
      );
      return rows.map(({ id }) => ({ id, remoteId: links.get(id)?.remoteId ?? 'none' }));
    },
    async rep(method, path, body) {
      const answer = (await portal.call(method, path, body, 'rep')) as { readonly id?: string } | null;
      return answer?.id ?? '';
    },
    delivered: async () => void (await until('every event is delivered', async () => (await waiting()) === 0)),
    marked: async (objectType) => (await readChanged(db, PORTAL_CONNECTION, objectType, 1_000)).map(({ remoteId }) => remoteId),
    async estimatedValue(id) {
      const row = await db.selectFrom('registration').select('value_amount').where('id', '=', id).executeTakeFirstOrThrow();
      return row.value_amount;
    },
    async editEstimatedValue(id, value) {
      await db.transaction().execute(async (trx) => {
        const registration = await lockRegistration(trx, id);
        if (registration === null) throw new Error(`there is no registration ${id}`);
        await saveClaimValues(trx, registration, { estimatedValue: value }, now(), now());
        await queuePush(trx, [PORTAL_CONNECTION], 'registration', [id]);
      });
    },
    customerOf: async (id) => (await placeOf(id))?.customer_account ?? null,
    opportunityOf: async (id) => (await placeOf(id))?.opportunity ?? null,
    async label(verb, object, id, company, label) {
      const { results } = (await portal.call('GET', `/crm/v4/associations/${object}/companies/labels`)) as {
        readonly results: readonly { readonly label: string | null; readonly typeId: number }[];
      };
      const associationTypeId = results.find((each) => each.label === label)?.typeId;
      const types = [{ associationCategory: 'USER_DEFINED', associationTypeId }];
      await stage.rep('POST', `/crm/v4/associations/${object}/companies/batch/${verb}`, {
        inputs: [{ from: { id }, to: { id: company }, types }],
      });
    },
    workerOn: (wrap) =>
      createSyncActivities({
        ...deps,
        connections: new Map([[PORTAL_CONNECTION, { port: { ...portal.crm, ...wrap(portal.crm) }, mapping }]]),
      }),
    async close() {
      await portal.close();
      await api.close();
    },
  };
  return stage;
}

function portalConfig(baseUrl: string): HubspotConfig {
  return {
    connection: PORTAL_CONNECTION,
    baseUrl,
    accessToken: 'pat-sandbox-integration',
    apiVersion: '2026-03',
    requestTimeoutMs: 10_000,
  };
}

/** As an app does that keeps registrations, companies and deals in step. */
async function subscribe(portal: HubspotFixture, targetUrl: string): Promise<void> {
  const { objectTypeId } = (await portal.call('GET', '/crm-object-schemas/v3/schemas/deal_registration')) as { objectTypeId: string };
  const kinds = ['creation', 'deletion', 'restore', 'merge', 'associationChange'];
  const types: readonly object[] = [
    ...kinds.map((kind) => ({ eventType: `object.${kind}`, objectTypeId })),
    ...CLAIM_PROPERTIES.map((propertyName) => ({ eventType: 'object.propertyChange', objectTypeId, propertyName })),
    ...['company', 'deal'].flatMap((word) => kinds.map((kind) => ({ eventType: `${word}.${kind}` }))),
    { eventType: 'company.propertyChange', propertyName: 'name' },
    // Means nothing to us.
    { eventType: 'contact.creation' },
  ];
  await portal.call('PUT', `/webhooks/v3/${APP}/settings`, { targetUrl, throttling: { maxConcurrentRequests: 10 } });
  for (const type of types) await portal.call('POST', `/webhooks/v3/${APP}/subscriptions`, { active: true, ...type });
}
