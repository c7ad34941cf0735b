import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Client } from 'pg';
import { pino } from 'pino';
import type { SyncActivities } from '../../activities/contract.ts';
import type { ActivityDependencies } from '../../activities/decision/dependencies.ts';
import { toActivityFailure } from '../../activities/failure.ts';
import { partnerRecords } from '../../activities/sync/partner-record.ts';
import { registrationRecords } from '../../activities/sync/registration-record.ts';
import { createSyncActivities } from '../../activities/sync/sync-activities.ts';
import type { CrmPort } from '../../crm/port.ts';
import { connectSalesforce } from '../../crm/salesforce/connect.ts';
import type { SalesforceConfig } from '../../crm/salesforce/session.ts';
import { salesforceConversion } from '../../mappings/salesforce/conversion.ts';
import { salesforceMapping } from '../../mappings/salesforce/mapping.ts';
import { SUBMITTED, type RegistrationState } from '../../program/registration-life.ts';
import type { ObjectType } from '../../program/vocabulary.ts';
import { openSalesforceSandbox } from '../../sandbox/salesforce/open-sandbox.ts';
import { registerConnection } from '../../store/connection.ts';
import type { Database } from '../../store/database.ts';
import { readLinksByLocal, type Link } from '../../store/link.ts';
import { PUSH_CHANNEL } from '../../store/outbox.ts';
import { insertPartner, lockPartner, updatePartner, type PartnerFields } from '../../store/partner.ts';
import { countPushes, queuePush } from '../../store/push-queue.ts';
import { storeReceipt, type NewClaim } from '../../store/receipt.ts';
import { findRegistration, lockRegistration, saveClaimValues, saveState, type Registration } from '../../store/registration.ts';
import { listIssues, type SyncIssue } from '../../store/sync-issue.ts';
import { ACME, OFFICE } from '../program/example.ts';
import { CLAIM, PARTNER } from './example-record.ts';
import { emptyStore } from './decision-stage.ts';
import { copyRegistration } from './copied-registration.ts';
import { startTestPostgres } from './postgres.ts';
import { readYielded } from './yielded-edit.ts';

export type TwoWayType = 'partner' | 'registration' | 'task';
/** What a person works with in the CRM: a record type of ours, or one of the CRM's own by its name. */
export type RepObject = TwoWayType | 'Opportunity' | 'Account';
export type CrmRow = Readonly<Record<string, string | number | boolean | null>>;

export const OBJECTS = { partner: 'Account', registration: 'Deal_Registration__c', task: 'Task' } as const;
export const SHIPPED_OBJECTS = join(process.cwd(), 'crm/salesforce/force-app');
const CRM = 'salesforce';
const DATA = '/services/data/v66.0';
/** Cycles after which two sides that still change are said never to agree. */
const MOST_CYCLES = 12;

/** Sync as the workflows call it, between a real database and a Salesforce org with nothing in it. */
export interface SyncStage {
  readonly db: Database;
  readonly urls: { readonly database: string; readonly crm: string };
  readonly deps: ActivityDependencies;
  readonly port: CrmPort;
  readonly sync: SyncActivities;
  /** The same, with other dependencies, such as a worker of its own that is killed at some point. */
  workerWith(changes: Partial<ActivityDependencies>): SyncActivities;
  /** A connection that has not made a call yet. */
  connect(settings?: Partial<SalesforceConfig>): Promise<CrmPort>;
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
  /** Calls so far, by kind. */
  calls(): Promise<{ readonly writes: number; readonly reads: number }>;
  callsDuring(work: () => Promise<unknown>): Promise<{ readonly writes: number; readonly reads: number }>;
  /** The lanes that the store asked to be put to work meanwhile. */
  nudgesDuring(work: () => Promise<unknown>): Promise<readonly string[]>;
  /** What a person does in the CRM. */
  readonly rep: Rep;
  reset(): Promise<void>;
  close(): Promise<void>;
}

export interface Rep {
  create(objectType: RepObject, fields: CrmRow, as?: string): Promise<string>;
  edit(objectType: RepObject | 'User', remoteId: string, fields: CrmRow, as?: string): Promise<void>;
  /** The same edit of many registrations. */
  editAll(remoteIds: readonly string[], fields: CrmRow): Promise<void>;
  remove(objectType: RepObject, remoteId: string): Promise<void>;
  row(objectType: RepObject, remoteId: string): Promise<CrmRow>;
  /** Rows of a query, deleted ones left out. */
  query(soql: string): Promise<readonly CrmRow[]>;
}

/** A write to the CRM by sync, as faults name it. */
export const WRITE = { method: 'PATCH', path: '/composite/sobjects' } as const;

/** `metadataRoot`: the objects of the org, where they are not the shipped ones; null for an org in which nothing was deployed. */
export async function openSyncStage(metadataRoot: string | null = SHIPPED_OBJECTS): Promise<SyncStage> {
  const postgres = await startTestPostgres();
  const { db, url: databaseUrl } = await postgres.openEmpty();
  const sandbox = await openSalesforceSandbox({ port: 0, dataFile: ':memory:', metadataRoot, sampleFile: null, seed: 1 });
  const connect = (settings: Partial<SalesforceConfig> = {}): Promise<CrmPort> =>
    connectSalesforce({
      connection: CRM,
      instanceUrl: sandbox.url,
      auth: { kind: 'token', accessToken: '00D000000000001!integration' },
      apiVersion: '66.0',
      requestTimeoutMs: 10_000,
      ...settings,
    });
  const call = async (method: string, path: string, body?: object, as = 'rep'): Promise<unknown> => {
    const response = await fetch(`${sandbox.url}${path}`, {
      method,
      headers: { authorization: `Bearer 00D000000000001!${as}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  const objectOf = (objectType: string): string => (OBJECTS as Readonly<Record<string, string>>)[objectType] ?? objectType;
  const rep: Rep = {
    create: async (objectType, fields, as) =>
      ((await call('POST', `${DATA}/sobjects/${objectOf(objectType)}`, fields, as)) as { id: string }).id,
    edit: async (objectType, id, fields, as) => void (await call('PATCH', `${DATA}/sobjects/${objectOf(objectType)}/${id}`, fields, as)),
    editAll: async (ids, fields) => {
      for (let first = 0; first < ids.length; first += 200) {
        const records = ids.slice(first, first + 200).map((id) => ({ attributes: { type: OBJECTS.registration }, id, ...fields }));
        await call('PATCH', `${DATA}/composite/sobjects`, { allOrNone: false, records });
      }
    },
    remove: async (objectType, id) => void (await call('DELETE', `${DATA}/sobjects/${objectOf(objectType)}/${id}`)),
    row: async (objectType, id) => (await call('GET', `${DATA}/sobjects/${objectOf(objectType)}/${id}`)) as CrmRow,
    query: async (soql) => ((await call('GET', `${DATA}/query?q=${encodeURIComponent(soql)}`)) as { records: CrmRow[] }).records,
  };

  let port = await connect();
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

  const stage: SyncStage = {
    db,
    urls: { database: databaseUrl, crm: sandbox.url },
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
    connect,
    workerOn: (wrap) =>
      workerWith({
        connections: connectionOver({ ...port, ...wrap(port) }),
      }),
    async pull(objectType, by = sync) {
      let rows = 0;
      for (;;) {
        const page = await by.pullPage(CRM, objectType);
        rows += page.rows;
        if (page.drained) return rows;
      }
    },
    async push(objectType, by = sync) {
      let written = 0;
      let refused = 0;
      for (;;) {
        const batch = await by.pushBatch(CRM, objectType);
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
      if ((await countPushes(db, CRM, 'opportunity')) > 0) await stage.push('opportunity', by);
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
        await queuePush(trx, [CRM], 'partner', [id]);
      });
      return id;
    },
    async addRegistration(partnerId, changes = {}) {
      const registrationId = randomUUID();
      const claim = { ...CLAIM, registrationId, externalId: registrationId, contentDigest: registrationId, partnerId, ...changes };
      await storeReceipt(db, claim, { connections: [CRM], freeMailDomains: deps.freeMailDomains, newId: randomUUID, now: deps.now });
      return registrationId;
    },
    async settledRegistrations(count) {
      const first = await stage.addRegistration(await stage.addPartner());
      await copyRegistration(db, CRM, first, count - 1);
      await stage.settle();
      const rows = await db.selectFrom('registration').select('id').orderBy('sequence').execute();
      return rows.map((row) => row.id);
    },
    async editPartner(id, changes, at = deps.now()) {
      await db.transaction().execute(async (trx) => {
        const partner = await lockPartner(trx, id);
        if (partner === null) throw new Error(`there is no partner ${id}`);
        await updatePartner(trx, partner, changes, at);
        await queuePush(trx, [CRM], 'partner', [id]);
      });
    },
    async editRegistration(id, values, at = deps.now()) {
      await db.transaction().execute(async (trx) => {
        const registration = await lockRegistration(trx, id);
        if (registration === null) throw new Error(`there is no registration ${id}`);
        await saveClaimValues(trx, registration, values, at, at);
        await queuePush(trx, [CRM], 'registration', [id]);
      });
    },
    async setState(id, changes) {
      await db.transaction().execute(async (trx) => {
        await saveState(trx, id, { ...SUBMITTED, ...changes }, deps.now());
        await queuePush(trx, [CRM], 'registration', [id]);
      });
    },
    async registration(id) {
      const found = await findRegistration(db, id);
      if (found === null) throw new Error(`there is no registration ${id}`);
      return found;
    },
    link: async (objectType, id) => (await readLinksByLocal(db, CRM, objectType, [id])).get(id),
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
        const mapping = salesforceMapping[table];
        const rows = await db.selectFrom(table).select('id').execute();
        const locals = await records.read(
          db,
          deps,
          CRM,
          rows.map((row) => row.id),
        );
        const key = mapping.externalId?.theirs ?? '';
        const columns = ['Id', ...new Set(mapping.fields.map((field) => field.theirs))].join(', ');
        const remote = await rep.query(`SELECT ${columns} FROM ${mapping.object} WHERE ${key} != null`);
        const byId = new Map(remote.map((row) => [String(row[key]), row]));
        if (byId.size !== remote.length || remote.length !== locals.length) found.push(`${locals.length} records, ${remote.length} rows`);
        for (const { localId, values } of locals) {
          const row = byId.get(localId);
          for (const field of mapping.fields) {
            const theirs = row === undefined ? undefined : field.codec.decode(row[field.theirs] ?? null);
            const ours = field.policy === 'command' ? null : values[field.ours];
            if (theirs !== ours) found.push(`${records.objectType} ${localId} ${field.ours}: ours ${ours}, theirs ${theirs}`);
          }
        }
      }
      return found;
    },
    control: async (path, body = {}) => void (await call('POST', `/_sandbox/${path}`, body)),
    faults: (...rules) => stage.control('faults', { rules }),
    async calls() {
      const { byRoute } = (await call('GET', '/_sandbox/calls')) as { byRoute: Record<string, number> };
      const sum = (pattern: RegExp) =>
        Object.entries(byRoute).reduce((total, [route, count]) => total + (pattern.test(route) ? count : 0), 0);
      return { writes: sum(/^(PATCH|POST|DELETE) .*\/composite\/sobjects/), reads: sum(/^GET .*\/query/) };
    },
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
    rep,
    async reset() {
      await sandbox.reset();
      await emptyStore(db);
      port = await connect();
      deps = depsOf();
      sync = workerWith({});
      await registerConnection(db, CRM, deps.now());
      // The descriptions that a connection asks for once are no part of what a test counts.
      if (metadataRoot !== null) await Promise.all(Object.values(OBJECTS).map((object) => port.describe(object)));
      await stage.pull('user');
    },
    async close() {
      await sandbox.close();
      await postgres.stop();
    },
  };
  return stage;
}

function connectionOver(port: CrmPort): ActivityDependencies['connections'] {
  return new Map([[CRM, { port, mapping: salesforceMapping, conversion: salesforceConversion }]]);
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
