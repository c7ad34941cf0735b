import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { pino } from 'pino';
import type { SyncActivities } from '../../activities/contract.ts';
import type { ActivityDependencies } from '../../activities/decision/dependencies.ts';
import { toActivityFailure } from '../../activities/failure.ts';
import { partnerRecords } from '../../activities/sync/partner-record.ts';
import { registrationRecords } from '../../activities/sync/registration-record.ts';
import { createSyncActivities } from '../../activities/sync/sync-activities.ts';
import type { CrmPort } from '../../crm/port.ts';
import type { SalesforceConfig } from '../../crm/salesforce/session.ts';
import { SUBMITTED, type RegistrationState } from '../../program/registration-life.ts';
import type { ObjectType } from '../../program/vocabulary.ts';
import { registerConnection } from '../../store/connection.ts';
import type { Database } from '../../store/database.ts';
import { readLinksByLocal, type Link } from '../../store/link.ts';
import { PUSH_CHANNEL } from '../../store/outbox.ts';
import { insertPartner, lockPartner, updatePartner, type PartnerFields } from '../../store/partner.ts';
import { countPushes, queuePush } from '../../store/push-queue.ts';
import { storeReceipt, type NewClaim } from '../../store/receipt.ts';
import { findRegistration, lockRegistration, saveClaimValues, saveState, type Registration } from '../../store/registration.ts';
import { listIssues, type SyncIssue } from '../../store/sync-issue.ts';
import type { HubspotFixture } from '../crm/hubspot/sandbox-fixture.ts';
import { ACME, OFFICE } from '../program/example.ts';
import type { CallCounts, CrmSide, People, TwoWayType } from './crm-side.ts';
import { CLAIM, PARTNER } from './example-record.ts';
import { emptyStore } from './decision-stage.ts';
import { copyRegistration } from './copied-registration.ts';
import { openHubspotSide } from './hubspot-side.ts';
import { startTestPostgres } from './postgres.ts';
import { openSalesforceSide, SHIPPED_OBJECTS, type Rep } from './salesforce-side.ts';
import { readYielded } from './yielded-edit.ts';

export { SHIPPED_OBJECTS, WRITE, type CrmRow } from './salesforce-side.ts';

/** Cycles after which two sides that still change are said never to agree. */
const MOST_CYCLES = 12;

/** Sync as the workflows call it, between a real database and a CRM with nothing in it. */
export interface CrmStage {
  readonly connection: string;
  readonly db: Database;
  readonly urls: { readonly database: string; readonly crm: string };
  readonly deps: ActivityDependencies;
  readonly port: CrmPort;
  readonly sync: SyncActivities;
  /** The same, with other dependencies, such as a worker of its own that is killed at some point. */
  workerWith(changes: Partial<ActivityDependencies>): SyncActivities;
  /** A worker whose CRM is wrapped. */
  workerOn(wrap: (port: CrmPort) => Partial<CrmPort>): SyncActivities;
  pull(objectType: ObjectType, by?: SyncActivities): Promise<number>;
  push(objectType: TwoWayType | 'opportunity', by?: SyncActivities): Promise<{ readonly written: number; readonly refused: number }>;
  /** Pull and push of both record types, as their workflows do at each poll, and push of opportunities where one waits. */
  cycle(by?: SyncActivities): Promise<void>;
  /** Cycles until one finds nothing to write and nothing queued; throws when that never happens. */
  settle(by?: SyncActivities): Promise<void>;
  addPartner(changes?: Partial<PartnerFields>): Promise<string>;
  addRegistration(partnerId: string, changes?: Partial<NewClaim>): Promise<string>;
  /** Registrations of one new partner, all in the CRM and settled. */
  settledRegistrations(count: number): Promise<readonly string[]>;
  editPartner(id: string, changes: Partial<PartnerFields>, at?: string): Promise<void>;
  editRegistration(id: string, values: Readonly<Record<string, string>>, at?: string): Promise<void>;
  setState(id: string, changes: Partial<RegistrationState>): Promise<void>;
  registration(id: string): Promise<Registration>;
  link(objectType: TwoWayType, id: string): Promise<Link | undefined>;
  remoteId(objectType: TwoWayType, id: string): Promise<string>;
  issues(status?: SyncIssue['status']): Promise<readonly SyncIssue[]>;
  /** Which fields were decided against whom. Throws where the audit does not say the same. */
  decisions(id: string): Promise<readonly { readonly field: string; readonly outcome: string; readonly policy: string }[]>;
  commands(id: string): Promise<readonly { readonly command: unknown; readonly comment: string | null }[]>;
  /** Every mapped field in which the record and its row differ, of both record types; also records without a row and rows without a record. */
  differences(): Promise<readonly string[]>;
  /** A control call of the sandbox, such as `clock` or `undelete`. */
  control(path: string, body?: object): Promise<void>;
  faults(...rules: readonly object[]): Promise<void>;
  /** A write to the CRM by sync, as faults name it. */
  readonly writeRoute: CrmSide['writeRoute'];
  /** Calls so far, by kind. */
  calls(): Promise<CallCounts>;
  callsDuring(work: () => Promise<unknown>): Promise<CallCounts>;
  /** The lanes that the store asked to be put to work meanwhile. */
  nudgesDuring(work: () => Promise<unknown>): Promise<readonly string[]>;
  /** What a person does in the CRM, in our words. */
  readonly people: People;
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** A stage with a Salesforce org. */
export interface SyncStage extends CrmStage {
  /** A connection that has not made a call yet. */
  connect(settings?: Partial<SalesforceConfig>): Promise<CrmPort>;
  /** What a person does in the CRM. */
  readonly rep: Rep;
}

/** A stage with a HubSpot portal. */
export interface PortalStage extends CrmStage {
  /** What is beyond what people do with records: definitions, the search index. */
  readonly portal: HubspotFixture;
}

/** Both CRMs, for what has to be kept on either of them. */
export const BOTH_CRMS: readonly (readonly [name: string, open: () => Promise<CrmStage>])[] = [
  ['Salesforce', () => openSyncStage()],
  ['HubSpot', () => openPortalStage()],
];

/** `metadataRoot`: the objects of the org, where they are not the shipped ones; null for an org in which nothing was deployed. */
export async function openSyncStage(metadataRoot: string | null = SHIPPED_OBJECTS): Promise<SyncStage> {
  const side = await openSalesforceSide(metadataRoot);
  // What the stage tells of the moment are getters: they are kept.
  return Object.assign(await openStage(side), { connect: (settings?: Partial<SalesforceConfig>) => side.connect(settings), rep: side.rep });
}

/** With a portal that keeps registrations in the custom object, and whose searches are never behind. */
export async function openPortalStage(): Promise<PortalStage> {
  const side = await openHubspotSide();
  return Object.assign(await openStage(side), { portal: side.portal });
}

async function openStage(side: CrmSide): Promise<CrmStage> {
  const { connection, mapping } = side;
  const postgres = await startTestPostgres();
  const { db, url: databaseUrl } = await postgres.openEmpty();
  const connectionOver = (port: CrmPort): ActivityDependencies['connections'] =>
    new Map([[connection, { port, mapping, conversion: side.conversion }]]);

  let port = await side.connect();
  const depsOf = (): ActivityDependencies => ({
    db,
    programs: { current: () => ACME, byVersion: (version) => (version === ACME.version ? ACME : null) },
    calendarOf: () => OFFICE,
    freeMailDomains: new Set(['gmail.com']),
    connections: connectionOver(port),
    now: () => new Date().toISOString(),
    newId: randomUUID,
    log: pino({ level: 'silent' }),
  });
  let deps = depsOf();
  const workerWith = (changes: Partial<ActivityDependencies>): SyncActivities => withTypes(createSyncActivities({ ...deps, ...changes }));
  let sync = workerWith({});
  let partnerCount = 0;

  const stage: CrmStage = {
    connection,
    db,
    urls: { database: databaseUrl, crm: side.url },
    get deps() {
      return deps;
    },
    get port() {
      return port;
    },
    get sync() {
      return sync;
    },
    workerWith,
    workerOn: (wrap) =>
      workerWith({
        connections: connectionOver({ ...port, ...wrap(port) }),
      }),
    async pull(objectType, by = sync) {
      let rows = 0;
      for (;;) {
        const page = await by.pullPage(connection, objectType);
        rows += page.rows;
        if (page.drained) return rows;
      }
    },
    async push(objectType, by = sync) {
      let written = 0;
      let refused = 0;
      for (;;) {
        const batch = await by.pushBatch(connection, objectType);
        written += batch.written;
        refused += batch.refused;
        if (batch.dueNow === 0) return { written, refused };
      }
    },
    async cycle(by = sync) {
      for (const objectType of ['partner', 'registration'] as const) {
        await stage.pull(objectType, by);
        await stage.push(objectType, by);
      }
      if ((await countPushes(db, connection, 'opportunity')) > 0) await stage.push('opportunity', by);
    },
    async settle(by = sync) {
      for (let cycles = 0; cycles < MOST_CYCLES; cycles += 1) {
        // What was put off need not be waited for.
        await db
          .updateTable('push_queue')
          .set({ not_before: new Date(0).toISOString() })
          .execute();
        const { writes } = await stage.callsDuring(() => stage.cycle(by));
        const queued = await db.selectFrom('push_queue').select('local_id').execute();
        if (writes === 0 && queued.length === 0) return;
      }
      throw new Error(`still writing after ${MOST_CYCLES} cycles: ${JSON.stringify(await stage.issues())}`);
    },
    async addPartner(changes = {}) {
      const id = randomUUID();
      const fields: PartnerFields = { ...PARTNER, name: `Partner ${(partnerCount += 1)}`, ...changes };
      await db.transaction().execute(async (trx) => {
        await insertPartner(trx, id, `P-${id}`, fields, deps.now());
        await queuePush(trx, [connection], 'partner', [id]);
      });
      return id;
    },
    async addRegistration(partnerId, changes = {}) {
      const registrationId = randomUUID();
      const claim = { ...CLAIM, registrationId, externalId: registrationId, contentDigest: registrationId, partnerId, ...changes };
      await storeReceipt(db, claim, { connections: [connection], freeMailDomains: deps.freeMailDomains, newId: randomUUID, now: deps.now });
      return registrationId;
    },
    async settledRegistrations(count) {
      const first = await stage.addRegistration(await stage.addPartner());
      await copyRegistration(db, connection, first, count - 1);
      await stage.settle();
      const rows = await db.selectFrom('registration').select('id').orderBy('sequence').execute();
      return rows.map((row) => row.id);
    },
    async editPartner(id, changes, at = deps.now()) {
      await db.transaction().execute(async (trx) => {
        const partner = await lockPartner(trx, id);
        if (partner === null) throw new Error(`there is no partner ${id}`);
        await updatePartner(trx, partner, changes, at);
        await queuePush(trx, [connection], 'partner', [id]);
      });
    },
    async editRegistration(id, values, at = deps.now()) {
      await db.transaction().execute(async (trx) => {
        const registration = await lockRegistration(trx, id);
        if (registration === null) throw new Error(`there is no registration ${id}`);
        await saveClaimValues(trx, registration, values, at, at);
        await queuePush(trx, [connection], 'registration', [id]);
      });
    },
    async setState(id, changes) {
      await db.transaction().execute(async (trx) => {
        await saveState(trx, id, { ...SUBMITTED, ...changes }, deps.now());
        await queuePush(trx, [connection], 'registration', [id]);
      });
    },
    async registration(id) {
      const found = await findRegistration(db, id);
      if (found === null) throw new Error(`there is no registration ${id}`);
      return found;
    },
    link: async (objectType, id) => (await readLinksByLocal(db, connection, objectType, [id])).get(id),
    async remoteId(objectType, id) {
      const link = await stage.link(objectType, id);
      if (link === undefined) throw new Error(`${objectType} ${id} is not linked`);
      return link.remoteId;
    },
    issues: (status = 'open') => listIssues(db, { status, limit: 1_000 }),
    decisions: (id) => readYielded(db, id),
    commands: (id) =>
      db
        .selectFrom('registration_command')
        .select(['command', 'comment'])
        .where('registration_id', '=', id)
        .orderBy('received_at')
        .execute(),
    async differences() {
      const found: string[] = [];
      for (const [table, records] of [['partner', partnerRecords] as const, ['registration', registrationRecords] as const]) {
        const rows = await db.selectFrom(table).select('id').execute();
        const locals = await records.read(
          db,
          deps,
          connection,
          rows.map((row) => row.id),
        );
        const { externalId, fields } = mapping[table];
        const key = externalId?.theirs ?? '';
        const remote = await side.ownRows(table);
        const byId = new Map(remote.map((row) => [String(row[key]), row]));
        if (byId.size !== remote.length || remote.length !== locals.length) found.push(`${locals.length} records, ${remote.length} rows`);
        for (const { localId, values } of locals) {
          const row = byId.get(localId);
          for (const field of fields) {
            const theirs = row === undefined ? undefined : field.codec.decode(row[field.theirs] ?? null);
            const ours = field.policy === 'command' ? null : values[field.ours];
            if (theirs !== ours) found.push(`${records.objectType} ${localId} ${field.ours}: ours ${ours}, theirs ${theirs}`);
          }
        }
      }
      return found;
    },
    control: (path, body = {}) => side.control(path, body),
    faults: (...rules) => stage.control('faults', { rules }),
    writeRoute: side.writeRoute,
    calls: () => side.calls(),
    async callsDuring(work) {
      const before = await stage.calls();
      await work();
      const after = await stage.calls();
      return { writes: after.writes - before.writes, reads: after.reads - before.reads };
    },
    async nudgesDuring(work) {
      const heard: string[] = [];
      const listener = new Client({ connectionString: databaseUrl });
      listener.on('notification', ({ payload }) => heard.push(payload ?? ''));
      await listener.connect();
      await listener.query(`listen ${PUSH_CHANNEL}`);
      await work();
      // Notifications come before the answer to what is asked after them.
      await listener.query('select 1');
      await listener.end();
      return heard;
    },
    people: side.people,
    async reset() {
      await side.reset();
      await emptyStore(db);
      port = await side.connect();
      deps = depsOf();
      sync = workerWith({});
      await registerConnection(db, connection, deps.now());
      // The descriptions that a connection asks for once are no part of what a test counts.
      await Promise.all(side.described.map((object) => port.describe(object)));
      await stage.pull('user');
    },
    async close() {
      await side.close();
      await postgres.stop();
    },
  };
  return stage;
}

/** Failures as they reach a workflow. */
function withTypes(activities: SyncActivities): SyncActivities {
  const fail = (error: unknown): never => {
    throw toActivityFailure(error);
  };
  return {
    pullPage: (connection, objectType) => activities.pullPage(connection, objectType).catch(fail),
    pushBatch: (connection, objectType) => activities.pushBatch(connection, objectType).catch(fail),
    backfillStep: (connection) => activities.backfillStep(connection).catch(fail),
    parkConnection: (connection, code) => activities.parkConnection(connection, code).catch(fail),
  };
}
