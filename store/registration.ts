import { sql, type Selectable } from 'kysely';
import { NO_FACTS, type ClaimSnapshot, type CustomerDetails } from '../program/claim.ts';
import { nameBands } from '../program/name-similarity.ts';
import { isUndecided, type RegistrationState } from '../program/registration-life.ts';
import { restoreState } from '../program/restore-state.ts';
import type { Instant, Money, RegistrationKind, RegistrationStatus } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';
import type { RegistrationTable } from './schema.ts';

export interface Registration extends ClaimSnapshot {
  readonly externalId: string;
  readonly partnerId: string;
  readonly customerId: string;
  /** `api`, or the connection in which a rep created it. */
  readonly origin: string;
  /** The user who entered it in a CRM, by the id there where the user was not captured yet; null where the partner registered it. */
  readonly submittedBy: string | null;
  readonly contentDigest: string;
  readonly customerNameKey: string;
  readonly contact: { readonly name: string | null; readonly email: string | null };
  readonly description: string;
  readonly evidence: readonly unknown[];
  readonly programVersion: string;
  readonly state: RegistrationState;
  readonly syncNote: string | null;
  readonly fieldTimes: Readonly<Record<string, Instant>>;
  readonly updatedAt: Instant;
}

/** What intake stores; the receipt (`sequence`) is given by the database in the order of commits, under the customer's locks. */
export type Receipt = Omit<Registration, 'sequence' | 'syncNote' | 'fieldTimes' | 'updatedAt'>;

export async function insertRegistration(trx: Transaction, receipt: Receipt): Promise<Registration> {
  const row = await trx
    .insertInto('registration')
    .values({
      id: receipt.registrationId,
      sequence: sql<string>`nextval('registration_receipt')`,
      external_id: receipt.externalId,
      partner_id: receipt.partnerId,
      customer_id: receipt.customerId,
      origin: receipt.origin,
      content_digest: receipt.contentDigest,
      ...claimColumns(receipt),
      customer_name_key: receipt.customerNameKey,
      customer_name_bands: [...nameBands(receipt.customerNameKey)],
      contact_name: receipt.contact.name,
      contact_email: receipt.contact.email,
      description: receipt.description,
      evidence: JSON.stringify(receipt.evidence),
      program_version: receipt.programVersion,
      submitted_at: receipt.submittedAt,
      submitted_by: receipt.submittedBy,
      state: JSON.stringify(receipt.state),
      approved_as: null,
      ended_at: null,
      sync_note: null,
      field_times: '{}',
      updated_at: receipt.submittedAt,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return registrationOf(row);
}

export type ClaimFields = Pick<ClaimSnapshot, 'kind' | 'customer' | 'productLines' | 'estimatedValue' | 'expectedCloseDate' | 'facts'>;

function claimColumns(claim: ClaimFields) {
  return {
    kind: claim.kind,
    customer_name: claim.customer.name,
    customer_domain: claim.customer.domain,
    customer_country: claim.customer.country,
    customer_postal_code: claim.customer.postalCode,
    customer_company_number: claim.customer.companyNumber,
    product_lines: [...claim.productLines],
    value_amount: claim.estimatedValue.amount,
    value_currency: claim.estimatedValue.currency,
    expected_close_date: claim.expectedCloseDate,
    facts: JSON.stringify(claim.facts),
  };
}

export async function findRegistration(db: Database | Transaction, id: string): Promise<Registration | null> {
  const row = await db.selectFrom('registration').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : registrationOf(row);
}

export async function readRegistrations(db: Database | Transaction, ids: readonly string[]): Promise<readonly Registration[]> {
  if (ids.length === 0) return [];
  return (await db.selectFrom('registration').selectAll().where('id', 'in', ids).execute()).map(registrationOf);
}

export async function lockRegistration(trx: Transaction, id: string): Promise<Registration | null> {
  const row = await trx.selectFrom('registration').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  return row === undefined ? null : registrationOf(row);
}

export async function lockRegistrations(trx: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length > 0)
    await trx
      .selectFrom('registration')
      .select('id')
      .where('id', 'in', [...ids])
      .orderBy('id')
      .forUpdate()
      .execute();
}

export async function findByExternalId(db: Database | Transaction, partnerId: string, externalId: string): Promise<Registration | null> {
  const row = await db
    .selectFrom('registration')
    .selectAll()
    .where('partner_id', '=', partnerId)
    .where('external_id', '=', externalId)
    .executeTakeFirst();
  return row === undefined ? null : registrationOf(row);
}

export interface RegistrationFilter {
  readonly status?: RegistrationStatus | undefined;
  readonly partnerId?: string | undefined;
  /** Only receipts after this one. */
  readonly afterSequence?: number | undefined;
  readonly limit: number;
}

/** In the order of receipt. */
export async function listRegistrations(db: Database, filter: RegistrationFilter): Promise<readonly Registration[]> {
  let query = db.selectFrom('registration').selectAll().orderBy('sequence').limit(filter.limit);
  if (filter.status !== undefined) query = query.where('status', '=', filter.status);
  if (filter.partnerId !== undefined) query = query.where('partner_id', '=', filter.partnerId);
  if (filter.afterSequence !== undefined) query = query.where('sequence', '>', String(filter.afterSequence));
  return (await query.execute()).map(registrationOf);
}

/** `endedAt`: since when a claim that does not stand any more has ended; it keeps the first such time until it stands again. */
export async function saveState(
  trx: Transaction,
  id: string,
  state: RegistrationState,
  now: Instant,
  endedAt: Instant = now,
): Promise<void> {
  const stands = isUndecided(state.status) || state.status === 'approved';
  await trx
    .updateTable('registration')
    .set({
      state: JSON.stringify(state),
      updated_at: now,
      ended_at: stands ? null : sql<string>`coalesce(ended_at, ${endedAt}::timestamptz)`,
    })
    .where('id', '=', id)
    .execute();
}

/** The users who entered one of these registrations in a CRM. */
export async function readSubmitters(trx: Transaction, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const rows = await trx
    .selectFrom('registration')
    .leftJoin('crm_user as user', (join) =>
      join.onRef('user.connection', '=', 'registration.origin').onRef('user.remote_id', '=', 'registration.submitted_by'),
    )
    .select(({ fn }) => fn.coalesce('user.alias', 'registration.submitted_by').as('alias'))
    .distinct()
    .where('registration.id', 'in', [...ids])
    .where('registration.submitted_by', 'is not', null)
    .execute();
  return rows.flatMap(({ alias }) => alias ?? []);
}

export async function savePartner(trx: Transaction, id: string, partnerId: string, now: Instant): Promise<void> {
  await trx.updateTable('registration').set({ partner_id: partnerId, updated_at: now }).where('id', '=', id).execute();
}

export async function saveSyncNote(trx: Transaction, id: string, note: string, now: Instant): Promise<void> {
  await trx.updateTable('registration').set({ sync_note: note, updated_at: now }).where('id', '=', id).execute();
}

export interface Amendment {
  readonly claim: ClaimFields;
  readonly customerId: string;
  readonly customerNameKey: string;
  readonly contact: { readonly name: string | null; readonly email: string | null };
  readonly description: string;
  readonly evidence: readonly unknown[];
  readonly fieldTimes: Readonly<Record<string, Instant>>;
  /** A claim on another customer or other lines, or one that is completed late, takes its place at the end, with the receipt of now. */
  readonly newReceipt: boolean;
}

export async function saveAmendment(trx: Transaction, id: string, amendment: Amendment, now: Instant): Promise<void> {
  await trx
    .updateTable('registration')
    .set({
      ...claimColumns(amendment.claim),
      ...(amendment.newReceipt ? { sequence: sql<string>`nextval('registration_receipt')`, submitted_at: now } : {}),
      customer_id: amendment.customerId,
      customer_name_key: amendment.customerNameKey,
      customer_name_bands: [...nameBands(amendment.customerNameKey)],
      contact_name: amendment.contact.name,
      contact_email: amendment.contact.email,
      description: amendment.description,
      evidence: JSON.stringify(amendment.evidence),
      field_times: JSON.stringify(amendment.fieldTimes),
      updated_at: now,
    })
    .where('id', '=', id)
    .execute();
}

/** A registration as it is read from its row. */
export function registrationOf(row: Selectable<RegistrationTable>): Registration {
  const customer: CustomerDetails = {
    name: row.customer_name,
    domain: row.customer_domain,
    country: row.customer_country,
    postalCode: row.customer_postal_code,
    companyNumber: row.customer_company_number,
  };
  const estimatedValue: Money = { amount: row.value_amount, currency: row.value_currency };
  return {
    registrationId: row.id,
    sequence: Number(row.sequence),
    externalId: row.external_id,
    partnerId: row.partner_id,
    customerId: row.customer_id,
    origin: row.origin,
    submittedBy: row.submitted_by,
    contentDigest: row.content_digest,
    kind: row.kind as RegistrationKind,
    customer,
    customerNameKey: row.customer_name_key,
    contact: { name: row.contact_name, email: row.contact_email },
    productLines: row.product_lines,
    estimatedValue,
    expectedCloseDate: row.expected_close_date,
    description: row.description,
    evidence: row.evidence,
    programVersion: row.program_version,
    submittedAt: row.submitted_at,
    facts: { ...NO_FACTS, ...row.facts },
    state: restoreState(row.state),
    syncNote: row.sync_note,
    fieldTimes: row.field_times,
    updatedAt: row.updated_at,
  };
}

export async function saveKind(trx: Transaction, id: string, kind: RegistrationKind, now: Instant): Promise<void> {
  await trx.updateTable('registration').set({ kind, updated_at: now }).where('id', '=', id).execute();
}

/**
 * Takes over the claim's values that were edited in a CRM, among those that may be edited there. Returns whether one really changed.
 * A value that cannot be stored (empty) is left as it is: the next push writes ours back.
 */
export async function saveClaimValues(
  trx: Transaction,
  registration: Registration,
  values: Readonly<Record<string, string | null>>,
  editedAt: Instant,
  now: Instant,
): Promise<boolean> {
  const current: Readonly<Record<string, string>> = {
    estimatedValue: registration.estimatedValue.amount,
    estimatedCurrency: registration.estimatedValue.currency,
    expectedCloseDate: registration.expectedCloseDate,
  };
  const columns: Readonly<Record<string, string>> = {
    estimatedValue: 'value_amount',
    estimatedCurrency: 'value_currency',
    expectedCloseDate: 'expected_close_date',
  };
  const changed = Object.keys(current).filter(
    (field) => values[field] !== undefined && values[field] !== null && values[field] !== current[field],
  );
  const timed = Object.keys(values).filter((field) => field in current || field === 'customerAccount');
  const times = { ...registration.fieldTimes, ...Object.fromEntries(timed.map((field) => [field, editedAt])) };
  await trx
    .updateTable('registration')
    .set({
      ...Object.fromEntries(changed.map((field) => [columns[field], values[field]])),
      field_times: JSON.stringify(times),
      updated_at: now,
    })
    .where('id', '=', registration.registrationId)
    .execute();
  return changed.length > 0;
}
