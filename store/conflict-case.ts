import type { Selectable } from 'kysely';
import type { CaseState } from '../program/case-life.ts';
import { restoreCaseState } from '../program/restore-state.ts';
import type { CaseStatus, Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';
import type { Schema } from './schema.ts';

export interface ConflictCase {
  readonly id: string;
  readonly rule: string;
  readonly customerId: string;
  readonly productLine: string;
  /** For insiders: names the rivals. */
  readonly summary: string;
  /** For the partner who claims: names nobody. */
  readonly partnerSummary: string;
  readonly evidence: readonly { readonly kind: string; readonly summary: string }[];
  readonly opportunity: { readonly connection: string; readonly remoteId: string } | null;
  readonly state: CaseState;
  readonly openedAt: Instant;
  readonly resolvedAt: Instant | null;
}

export interface CaseMember {
  readonly registrationId: string;
  readonly side: 'claimant' | 'rival';
}

export async function insertCase(trx: Transaction, conflict: ConflictCase): Promise<void> {
  await trx
    .insertInto('conflict_case')
    .values({
      id: conflict.id,
      rule: conflict.rule,
      customer_id: conflict.customerId,
      product_line: conflict.productLine,
      summary: conflict.summary,
      partner_summary: conflict.partnerSummary,
      evidence: JSON.stringify(conflict.evidence),
      opportunity: conflict.opportunity === null ? null : JSON.stringify(conflict.opportunity),
      state: JSON.stringify(conflict.state),
      opened_at: conflict.openedAt,
      resolved_at: conflict.resolvedAt,
    })
    .execute();
}

/** Adds members, and returns those that were not in before; who is in already keeps the side it has. */
export async function addMembers(trx: Transaction, caseId: string, members: readonly CaseMember[]): Promise<readonly CaseMember[]> {
  if (members.length === 0) return [];
  const rows = await trx
    .insertInto('conflict_case_registration')
    .values(members.map((member) => ({ case_id: caseId, registration_id: member.registrationId, side: member.side })))
    .onConflict((conflict) => conflict.doNothing())
    .returning(['registration_id', 'side'])
    .execute();
  return rows.map((row) => ({ registrationId: row.registration_id, side: row.side }));
}

export async function readMembers(db: Database | Transaction, caseId: string): Promise<readonly CaseMember[]> {
  const rows = await db
    .selectFrom('conflict_case_registration')
    .innerJoin('registration', 'registration.id', 'conflict_case_registration.registration_id')
    .select(['registration_id', 'side'])
    .where('case_id', '=', caseId)
    .orderBy('registration.sequence')
    .execute();
  return rows.map((row) => ({ registrationId: row.registration_id, side: row.side }));
}

export async function findCase(db: Database | Transaction, id: string): Promise<ConflictCase | null> {
  const row = await db.selectFrom('conflict_case').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : caseOf(row);
}

/** The case of this conflict that is not settled yet, locked; whatever customers were joined since it was opened. */
export async function lockOpenCase(
  trx: Transaction,
  conflict: { readonly customerId: string; readonly productLine: string; readonly rule: string },
): Promise<ConflictCase | null> {
  const row = await trx
    .selectFrom('conflict_case')
    .selectAll()
    .where('customer_id', '=', conflict.customerId)
    .where('product_line', '=', conflict.productLine)
    .where('rule', '=', conflict.rule)
    .where('status', '!=', 'resolved')
    .orderBy('opened_at')
    .orderBy('id')
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
  return row === undefined ? null : caseOf(row);
}

/** Takes the registration out of the cases that are not settled, and returns which these are. */
export async function leaveOpenCases(trx: Transaction, registrationId: string): Promise<readonly string[]> {
  const rows = await trx
    .deleteFrom('conflict_case_registration')
    .using('conflict_case')
    .whereRef('conflict_case.id', '=', 'conflict_case_registration.case_id')
    .where('conflict_case_registration.registration_id', '=', registrationId)
    .where('conflict_case.status', '!=', 'resolved')
    .returning('conflict_case.id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Whoever lost the position by the case claims it now. */
export async function takeClaimantSide(trx: Transaction, caseId: string, registrationId: string): Promise<void> {
  await trx
    .updateTable('conflict_case_registration')
    .set({ side: 'claimant' })
    .where('case_id', '=', caseId)
    .where('registration_id', '=', registrationId)
    .execute();
}

export async function lockCase(trx: Transaction, id: string): Promise<ConflictCase | null> {
  const row = await trx.selectFrom('conflict_case').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  return row === undefined ? null : caseOf(row);
}

export async function saveCaseState(trx: Transaction, id: string, state: CaseState, resolvedAt: Instant | null): Promise<void> {
  await trx
    .updateTable('conflict_case')
    .set({ state: JSON.stringify(state), resolved_at: resolvedAt })
    .where('id', '=', id)
    .execute();
}

/** Oldest first. `after` is the last one of the page before. */
export async function listCases(
  db: Database,
  filter: { status?: CaseStatus | undefined; after?: { openedAt: Instant; id: string } | undefined; limit: number },
): Promise<readonly ConflictCase[]> {
  let query = db.selectFrom('conflict_case').selectAll().orderBy('opened_at').orderBy('id').limit(filter.limit);
  if (filter.status !== undefined) query = query.where('status', '=', filter.status);
  const after = filter.after;
  if (after !== undefined) {
    query = query.where((where) =>
      where.or([where('opened_at', '>', after.openedAt), where.and([where('opened_at', '=', after.openedAt), where('id', '>', after.id)])]),
    );
  }
  return (await query.execute()).map(caseOf);
}

/** The cases these registrations take part in, for showing them beside the registration. */
export async function readCasesOf(
  db: Database | Transaction,
  registrationIds: readonly string[],
): Promise<readonly { readonly registrationId: string; readonly side: CaseMember['side']; readonly conflict: ConflictCase }[]> {
  if (registrationIds.length === 0) return [];
  const rows = await db
    .selectFrom('conflict_case_registration')
    .innerJoin('conflict_case', 'conflict_case.id', 'conflict_case_registration.case_id')
    .selectAll('conflict_case')
    .select(['conflict_case_registration.registration_id', 'conflict_case_registration.side'])
    .where('conflict_case_registration.registration_id', 'in', [...registrationIds])
    .orderBy('conflict_case.opened_at')
    .execute();
  return rows.map((row) => ({ registrationId: row.registration_id, side: row.side, conflict: caseOf(row) }));
}

function caseOf(row: Selectable<Schema['conflict_case']>): ConflictCase {
  return {
    id: row.id,
    rule: row.rule,
    customerId: row.customer_id,
    productLine: row.product_line,
    summary: row.summary,
    partnerSummary: row.partner_summary,
    evidence: row.evidence,
    opportunity: row.opportunity,
    state: restoreCaseState(row.state),
    openedAt: row.opened_at,
    resolvedAt: row.resolved_at,
  };
}
