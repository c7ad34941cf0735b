import type { Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';

/** A piece of evidence as it was brought: a text, or a summary with its kind, and where and of when it is. */
export type EvidencePiece =
  string | { readonly kind: string; readonly summary: string; readonly url?: string | undefined; readonly date?: string | undefined };

/** What one side of a case said for itself. Its words are those of the command that brought it. */
export interface CaseStatement {
  readonly id: string;
  readonly registrationId: string;
  /** Whose the registration was then. */
  readonly partnerId: string;
  readonly by: string;
  readonly text: string;
  readonly evidence: readonly EvidencePiece[];
  readonly at: Instant;
}

/** Call it after what is recorded of it: everybody locks the case's history before its command. */
export async function insertStatement(
  trx: Transaction,
  caseId: string,
  { id, registrationId, partnerId, by, at }: Omit<CaseStatement, 'text' | 'evidence'>,
): Promise<void> {
  await trx
    .insertInto('case_statement')
    .values({ case_id: caseId, command_id: id, registration_id: registrationId, partner_id: partnerId, made_by: by, made_at: at })
    .execute();
}

/** What was said for a registration, in whichever case. */
export async function readStatementsFor(
  trx: Transaction,
  registrationId: string,
): Promise<readonly Pick<CaseStatement, 'text' | 'evidence'>[]> {
  const rows = await trx
    .selectFrom('case_statement')
    .innerJoin('case_command', (join) =>
      join.onRef('case_command.case_id', '=', 'case_statement.case_id').onRef('case_command.command_id', '=', 'case_statement.command_id'),
    )
    .select(['comment', 'evidence'])
    .where('registration_id', '=', registrationId)
    .execute();
  return rows.map(({ comment, evidence }) => ({ text: comment ?? '', evidence: (evidence ?? []) as readonly EvidencePiece[] }));
}

/** Oldest first. `ofSide`: only what was said for this registration by whoever has it now. */
export async function listStatements(
  db: Database | Transaction,
  caseId: string,
  ofSide: string | null = null,
): Promise<readonly CaseStatement[]> {
  let query = db
    .selectFrom('case_statement')
    .innerJoin('case_command', (join) =>
      join.onRef('case_command.case_id', '=', 'case_statement.case_id').onRef('case_command.command_id', '=', 'case_statement.command_id'),
    )
    .select(['case_statement.command_id', 'registration_id', 'partner_id', 'made_by', 'made_at', 'comment', 'evidence'])
    .where('case_statement.case_id', '=', caseId)
    .orderBy('made_at')
    .orderBy('case_statement.command_id');
  if (ofSide !== null) {
    query = query
      .where('registration_id', '=', ofSide)
      .where('partner_id', '=', (where) => where.selectFrom('registration').select('registration.partner_id').where('id', '=', ofSide));
  }
  return (await query.execute()).map((row) => ({
    id: row.command_id,
    registrationId: row.registration_id,
    partnerId: row.partner_id,
    by: row.made_by,
    text: row.comment ?? '',
    evidence: (row.evidence ?? []) as readonly EvidencePiece[],
    at: row.made_at,
  }));
}

/** How often each registration of the case was spoken for, from `since` on. */
export async function countStatements(trx: Transaction, caseId: string, since: Instant): Promise<ReadonlyMap<string, number>> {
  const rows = await trx
    .selectFrom('case_statement')
    .select(({ fn }) => ['registration_id', fn.countAll<string>().as('count')])
    .where('case_id', '=', caseId)
    .where('made_at', '>=', since)
    .groupBy('registration_id')
    .execute();
  return new Map(rows.map((row) => [row.registration_id, Number(row.count)]));
}
