import { sql, type Selectable } from 'kysely';
import type { LikeCases, Precedent } from '../program/precedent.ts';
import type { CaseOutcome, Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';
import type { Schema } from './schema.ts';

/** Keeps what was decided. A case that was decided before was appealed: the precedent says what was decided last. */
export async function savePrecedent(trx: Transaction, precedent: Omit<Precedent, 'appeals'>): Promise<void> {
  const row = {
    rule: precedent.rule,
    outcome: precedent.outcome,
    claimant_kinds: [...precedent.claimantKinds],
    rival_kinds: [...precedent.rivalKinds],
    is_against_direct_team: precedent.isAgainstDirectTeam,
    regions: [...precedent.regions],
    product_lines: [...precedent.productLines],
    value_band: precedent.valueBand,
    reasons: precedent.reasons,
    decided_at: precedent.decidedAt,
  };
  await trx
    .insertInto('precedent')
    .values({ case_id: precedent.caseId, appeals: 0, ...row })
    .onConflict((conflict) => conflict.column('case_id').doUpdateSet({ ...row, appeals: sql<number>`precedent.appeals + 1` }))
    .execute();
}

export interface PrecedentQuery {
  readonly rule?: string | undefined;
  readonly outcome?: CaseOutcome | undefined;
  readonly region?: string | undefined;
  readonly productLine?: string | undefined;
  /** Words that the reasons have, as a search on the web takes them: all of them, `or`, `-not`, `"as they stand"`. */
  readonly text?: string | undefined;
  readonly after?: { readonly decidedAt: Instant; readonly caseId: string } | undefined;
  readonly limit: number;
}

/** The latest first. `after` is the last one of the page before. */
export async function searchPrecedents(db: Database, wanted: PrecedentQuery): Promise<readonly Precedent[]> {
  const { rule, outcome, region, productLine, text, after, limit } = wanted;
  let query = db.selectFrom('precedent').selectAll().orderBy('decided_at', 'desc').orderBy('case_id').limit(limit);
  if (rule !== undefined) query = query.where('rule', '=', rule);
  if (outcome !== undefined) query = query.where('outcome', '=', outcome);
  if (region !== undefined) query = query.where(sql<boolean>`${region}::text = any(regions)`);
  if (productLine !== undefined) query = query.where(sql<boolean>`${productLine}::text = any(product_lines)`);
  if (text !== undefined) query = query.where(sql<boolean>`words @@ websearch_to_tsquery('simple', ${text}::text)`);
  if (after !== undefined) {
    query = query.where((where) =>
      where.or([
        where('decided_at', '<', after.decidedAt),
        where.and([where('decided_at', '=', after.decidedAt), where('case_id', '>', after.caseId)]),
      ]),
    );
  }
  return (await query.execute()).map(precedentOf);
}

/** What a case is like: others of the same rule, and the more so the more of lines and regions they share. */
export interface Likeness {
  readonly caseId: string;
  readonly rule: string;
  readonly productLines: readonly string[];
  readonly regions: readonly string[];
}

/** The most alike, of these the latest. */
export async function findLikePrecedents(db: Database, like: Likeness, limit: number): Promise<readonly Precedent[]> {
  const shared = sql`(product_lines && ${[...like.productLines]}::text[])::int + (regions && ${[...like.regions]}::text[])::int`;
  const rows = await db
    .selectFrom('precedent')
    .selectAll()
    .where('rule', '=', like.rule)
    .where('case_id', '!=', like.caseId)
    .orderBy(shared, 'desc')
    .orderBy('decided_at', 'desc')
    .orderBy('case_id')
    .limit(limit)
    .execute();
  return rows.map(precedentOf);
}

/** How the other cases of the same rule on one of these lines ended; null where there is none. */
export async function countLikeCases(trx: Database | Transaction, like: Omit<Likeness, 'regions'>): Promise<LikeCases | null> {
  const rows = await trx
    .selectFrom('precedent')
    .select(({ fn }) => ['outcome', fn.countAll<string>().as('count'), fn.max('decided_at').as('latest')])
    .where('rule', '=', like.rule)
    .where('case_id', '!=', like.caseId)
    .where(sql<boolean>`product_lines && ${[...like.productLines]}::text[]`)
    .groupBy('outcome')
    .execute();
  if (rows.length === 0) return null;
  const latestAt = rows.reduce((latest, row) => (row.latest > latest ? row.latest : latest), '');
  return { outcomes: rows.map((row) => ({ outcome: row.outcome as CaseOutcome, count: Number(row.count) })), latestAt };
}

function precedentOf(row: Selectable<Schema['precedent']>): Precedent {
  return {
    caseId: row.case_id,
    rule: row.rule,
    outcome: row.outcome as CaseOutcome,
    claimantKinds: row.claimant_kinds,
    rivalKinds: row.rival_kinds,
    isAgainstDirectTeam: row.is_against_direct_team,
    regions: row.regions,
    productLines: row.product_lines,
    valueBand: row.value_band,
    reasons: row.reasons,
    appeals: row.appeals,
    decidedAt: row.decided_at,
  };
}
