import type { Selectable } from 'kysely';
import type { PartnerSnapshot } from '../program/claim.ts';
import type { Instant, PartnerStatus, PartnerTier, PartnerTrack, PartnerType } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';
import type { PartnerTable } from './schema.ts';

export interface Partner extends PartnerSnapshot {
  /** Where the partner wants to be written to; no rule looks at it. */
  readonly email: string | null;
  /** When each field was last edited on our side, in our clock. */
  readonly fieldTimes: Readonly<Record<string, Instant>>;
  readonly updatedAt: Instant;
}

/** The fields a caller or the CRM may change. */
export type PartnerFields = Omit<PartnerSnapshot, 'partnerId' | 'externalId'> & { readonly email?: string | null };

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** By our id, or by the partner's external id. */
export async function findPartner(db: Database | Transaction, idOrExternalId: string): Promise<Partner | null> {
  const query = db.selectFrom('partner').selectAll();
  const byId = UUID.test(idOrExternalId) ? await query.where('id', '=', idOrExternalId).executeTakeFirst() : undefined;
  const row = byId ?? (await query.where('external_id', '=', idOrExternalId).executeTakeFirst());
  return row === undefined ? null : partnerOf(row);
}

export async function lockPartner(trx: Transaction, id: string): Promise<Partner | null> {
  const row = await trx.selectFrom('partner').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  return row === undefined ? null : partnerOf(row);
}

export async function lockPartners(trx: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length > 0)
    await trx
      .selectFrom('partner')
      .select('id')
      .where('id', 'in', [...ids])
      .orderBy('id')
      .forUpdate()
      .execute();
}

export async function readPartners(db: Database | Transaction, ids: readonly string[]): Promise<readonly Partner[]> {
  if (ids.length === 0) return [];
  return (await db.selectFrom('partner').selectAll().where('id', 'in', ids).execute()).map(partnerOf);
}

export async function insertPartner(
  trx: Transaction,
  id: string,
  externalId: string,
  fields: PartnerFields,
  now: Instant,
): Promise<'inserted' | 'exists'> {
  const result = await trx
    .insertInto('partner')
    .values({
      id,
      external_id: externalId,
      name: fields.name,
      domain: fields.domain,
      country: fields.country,
      type: fields.type,
      track: fields.track,
      tier: fields.tier,
      status: fields.status,
      manager: fields.manager,
      regions: [...fields.regions],
      company_number: fields.companyNumber,
      email: fields.email ?? null,
      field_times: JSON.stringify(Object.fromEntries(Object.keys(fields).map((field) => [field, now]))),
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) => conflict.column('external_id').doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n ? 'inserted' : 'exists';
}

/** Sets the given fields and remembers when each was edited. Returns the names of those that really changed. */
export async function updatePartner(
  trx: Transaction,
  partner: Partner,
  changes: Partial<PartnerFields>,
  editedAt: Instant,
): Promise<readonly string[]> {
  const changed = (Object.keys(changes) as (keyof PartnerFields)[]).filter((field) => !isSame(changes[field], partner[field]));
  if (changed.length === 0) return [];
  const times = { ...partner.fieldTimes, ...Object.fromEntries(changed.map((field) => [field, editedAt])) };
  await trx
    .updateTable('partner')
    .set({
      ...Object.fromEntries(changed.map((field) => [field === 'companyNumber' ? 'company_number' : field, changes[field]])),
      field_times: JSON.stringify(times),
      updated_at: editedAt,
    })
    .where('id', '=', partner.partnerId)
    .execute();
  return changed;
}

/** Values are texts, or lists of texts in which the order says nothing. */
function isSame(left: string | readonly string[] | null | undefined, right: string | readonly string[] | null): boolean {
  if (!Array.isArray(left) || !Array.isArray(right)) return left === right;
  return left.length === right.length && left.every((value) => right.includes(value));
}

function partnerOf(row: Selectable<PartnerTable>): Partner {
  return {
    partnerId: row.id,
    externalId: row.external_id,
    name: row.name,
    domain: row.domain,
    country: row.country,
    type: row.type as PartnerType,
    track: row.track as PartnerTrack | null,
    tier: row.tier as PartnerTier | null,
    status: row.status as PartnerStatus,
    manager: row.manager,
    regions: row.regions,
    companyNumber: row.company_number,
    email: row.email,
    fieldTimes: row.field_times,
    updatedAt: row.updated_at,
  };
}
