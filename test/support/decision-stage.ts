import { NO_FACTS } from '../../program/claim.ts';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { pino } from 'pino';
import type { CaseActivities, RegistrationActivities } from '../../activities/contract.ts';
import { createCaseActivities } from '../../activities/decision/case-activities.ts';
import type { ActivityDependencies } from '../../activities/decision/dependencies.ts';
import { createRegistrationActivities } from '../../activities/decision/registration-activities.ts';
import type { CustomerDetails } from '../../program/claim.ts';
import type { CaseCommand } from '../../program/case-life.ts';
import type { CommandAnswer } from '../../program/messages.ts';
import type { RegistrationCommand } from '../../program/registration-life.ts';
import type { CaseOutcome } from '../../program/vocabulary.ts';
import { storeCaseCommand } from '../../store/case-command.ts';
import { storeCommand } from '../../store/command.ts';
import { findCase, type ConflictCase } from '../../store/conflict-case.ts';
import { saveUsers } from '../../store/crm-mirror.ts';
import type { Database } from '../../store/database.ts';
import { insertPartner, type PartnerFields } from '../../store/partner.ts';
import { storeReceipt, type NewClaim } from '../../store/receipt.ts';
import { findRegistration, type Registration } from '../../store/registration.ts';
import { ACME, OFFICE } from '../program/example.ts';
import { PARTNER } from './example-record.ts';

/** A Monday at 10:00 in New York, within the office hours of the sample calendar. */
export const MONDAY = '2026-11-16T15:00:00.000Z';

export function later(at: string, ms: number): string {
  return new Date(Date.parse(at) + ms).toISOString();
}

/** What a test says of a claim; the rest is an ordinary one on its own customer, which is approved at once. */
export type ClaimWishes = Omit<Partial<NewClaim>, 'customer'> & { readonly customer?: Partial<CustomerDetails> };

/** The decisions as the workflows call them, on a real database, with claims and people to try them on. */
export interface DecisionStage {
  readonly db: Database;
  readonly deps: ActivityDependencies;
  readonly registrations: RegistrationActivities;
  readonly cases: CaseActivities;
  /** A new active solution partner; returns its id. */
  addPartner(changes?: Partial<PartnerFields>): Promise<string>;
  /** Stores a claim as intake does. Without a partner it is a new one's. */
  receive(wishes?: ClaimWishes): Promise<Registration>;
  evaluate(registrationId: string, at?: string): Promise<Registration>;
  receiveAndEvaluate(wishes?: ClaimWishes): Promise<Registration>;
  /** Stores a command as the API does and carries it out; the same `commandId` again is the same command. An appeal brings something new unless it says what. */
  command(registrationId: string, command: RegistrationCommand, options?: CommandOptions): Promise<CommandAnswer>;
  settle(caseId: string, outcome: CaseOutcome, actor: string, registrationId?: string, at?: string): Promise<CommandAnswer>;
  /** Stores a command on a case as the API does and carries it out; the same `commandId` again is the same command. */
  commandCase(
    caseId: string,
    command: CaseCommand,
    options?: Omit<CommandOptions, 'amendment'> & { readonly evidence?: readonly string[] },
  ): Promise<CommandAnswer>;
  registration(registrationId: string): Promise<Registration>;
  conflictCase(caseId: string | null): Promise<ConflictCase>;
  /** Ids and lines of the protections that have not ended, in the order in which they were given. */
  protections(): Promise<readonly { readonly registrationId: string; readonly line: string }[]>;
  /** What waits in the outbox for the workflow of this id, oldest first. */
  messages(subject: string): Promise<readonly { readonly kind: string; readonly payload: object }[]>;
  /** Makes CRM users known to the mirror. */
  setUsers(users: readonly { readonly alias: string; readonly isActive: boolean }[]): Promise<void>;
  /** Evaluates what a committed transaction asked to be evaluated, looks again at who is asked, and empties the outbox; as the dispatcher and the workflows would. */
  runMessages(at?: string): Promise<void>;
  /** The same stage whose activities get other dependencies. */
  withDependencies(changes: Partial<ActivityDependencies>): DecisionStage;
}

export interface CommandOptions {
  readonly at?: string;
  readonly commandId?: string;
  readonly comment?: string;
  readonly amendment?: object;
}

export function createDecisionStage(db: Database, changes: Partial<ActivityDependencies> = {}): DecisionStage {
  const deps: ActivityDependencies = {
    db,
    programs: { current: () => ACME, byVersion: (version) => (version === ACME.version ? ACME : null) },
    calendarOf: () => OFFICE,
    freeMailDomains: new Set(['gmail.com']),
    connections: new Map(),
    now: () => MONDAY,
    newId: randomUUID,
    log: pino({ level: 'silent' }),
    ...changes,
  };
  const registrations = createRegistrationActivities(deps);
  const cases = createCaseActivities(deps);

  const registration = async (id: string): Promise<Registration> => {
    const found = await findRegistration(db, id);
    if (found === null) throw new Error(`there is no registration ${id}`);
    return found;
  };
  const addPartner = async (fields: Partial<PartnerFields> = {}): Promise<string> => {
    const id = randomUUID();
    await db.transaction().execute((trx) => insertPartner(trx, id, `P-${id}`, { ...PARTNER, ...fields }, deps.now()));
    return id;
  };
  const receive = async ({ customer, ...wishes }: ClaimWishes = {}): Promise<Registration> => {
    const registrationId = randomUUID();
    const claim: NewClaim = {
      registrationId,
      externalId: `DR-${registrationId}`,
      partnerId: wishes.partnerId ?? (await addPartner()),
      origin: 'api',
      kind: 'resale',
      facts: NO_FACTS,
      customer: { ...ORDINARY_CUSTOMER, ...customer },
      contact: { name: null, email: null },
      productLines: ['platform'],
      estimatedValue: { amount: '20000.00', currency: 'USD' },
      expectedCloseDate: '2027-03-31',
      description: 'a deal',
      evidence: [],
      programVersion: ACME.version,
      contentDigest: registrationId,
      ...wishes,
    };
    const settings = { connections: [], freeMailDomains: deps.freeMailDomains, newId: deps.newId, now: deps.now };
    return (await storeReceipt(db, claim, settings)).registration;
  };
  const evaluate = async (id: string, at = deps.now()): Promise<Registration> => {
    await registrations.evaluateRegistration(id, 'receipt', at);
    return registration(id);
  };

  return {
    db,
    deps,
    registrations,
    cases,
    addPartner,
    receive,
    evaluate,
    registration,
    async receiveAndEvaluate(wishes) {
      return evaluate((await receive(wishes)).registrationId);
    },
    async command(
      registrationId,
      command,
      { at = deps.now(), commandId = randomUUID(), comment = null, amendment } = {} as CommandOptions,
    ) {
      const brought = command.kind === 'appeal' ? { evidence: [`What nobody had seen before ${commandId}.`] } : undefined;
      const values = amendment ?? brought;
      const stored = { commandId, command, comment, ...(values === undefined ? {} : { amendment: values }) };
      await storeCommand(db, registrationId, stored, at);
      return (await registrations.carryOutCommand(registrationId, { commandId, command }, at)).answer;
    },
    async settle(caseId, outcome, actor, registrationId, at = deps.now()) {
      const command = { outcome, registrationId: registrationId ?? null, actor };
      return (await cases.settleCase(caseId, { commandId: randomUUID(), command }, at)).answer;
    },
    async commandCase(caseId, command, { at = deps.now(), commandId = randomUUID(), comment = null, evidence } = {}) {
      await storeCaseCommand(db, caseId, { commandId, command, comment, ...(evidence === undefined ? {} : { evidence }) }, at);
      return (await cases.settleCase(caseId, { commandId, command }, at)).answer;
    },
    async conflictCase(caseId) {
      const found = caseId === null ? null : await findCase(db, caseId);
      if (found === null) throw new Error(`there is no case ${caseId}`);
      return found;
    },
    async protections() {
      const rows = await db.selectFrom('protection').selectAll().where('ended_at', 'is', null).orderBy('id').execute();
      return rows.map((row) => ({ registrationId: row.registration_id, line: row.product_line }));
    },
    async messages(subject) {
      return db.selectFrom('outbox').select(['kind', 'payload']).where('subject', '=', subject).orderBy('id').execute();
    },
    async setUsers(users) {
      const rows = users.map(({ alias, isActive }) => ({
        connection: 'salesforce',
        remote_id: `005-${alias}`,
        alias,
        email: null,
        name: null,
        is_active: isActive,
        manager_remote_id: null,
        stamp: MONDAY,
        deleted: false,
      }));
      await db.transaction().execute((trx) => saveUsers(trx, rows));
    },
    async runMessages(at = deps.now()) {
      for (;;) {
        const [message] = await db.selectFrom('outbox').selectAll().orderBy('id').limit(1).execute();
        if (message === undefined) return;
        await db.deleteFrom('outbox').where('id', '=', message.id).execute();
        const id = message.subject.split('/')[1] ?? '';
        const isNew = message.kind === 'start_registration' && (await registration(id)).state.status === 'submitted';
        const isToBeJudged = isNew || (message.payload as { reevaluate?: boolean }).reevaluate === true;
        if (isToBeJudged) await registrations.evaluateRegistration(id, message.kind, at);
        else if ((message.payload as { reconsider?: boolean }).reconsider !== true) continue;
        else if (message.subject.startsWith('case/')) await cases.escalateCase(id, at);
        else await registrations.passDeadline(id, at);
      }
    },
    withDependencies: (more) => createDecisionStage(db, { ...deps, ...more }),
  };
}

/** Empties every table, so that tests on one database do not see each other's customers; the audit too, which only the owner of the database can. */
export async function emptyStore(db: Database): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select string_agg(quote_ident(tablename), ', ') as name from pg_tables where schemaname = 'public' and tablename not like 'kysely%'
  `.execute(db);
  await db.transaction().execute(async (trx) => {
    await sql`set local session_replication_role = replica`.execute(trx);
    await sql.raw(`truncate ${rows[0]?.name} restart identity cascade`).execute(trx);
  });
}

const ORDINARY_CUSTOMER: CustomerDetails = {
  name: 'Northwind Inc',
  domain: 'northwind.com',
  country: 'US',
  postalCode: null,
  companyNumber: null,
};
