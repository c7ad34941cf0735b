import type { Selectable } from 'kysely';
import type { HistoricalClaim, PastAnswer, PastEnd, Question, Sighting } from '../program/simulation/history.ts';
import { questionOf } from '../program/simulation/question.ts';
import { completeClaim, completeEvidence } from '../program/stored-snapshot.ts';
import type { Decision, Instant } from '../program/vocabulary.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';
import type { StoredVerdict } from './verdict.ts';

/** So many rows are read at once: memory holds a page, however long the history is. */
const PAGE = 500;

/** A kept decision with its place among all of them. */
export interface NumberedVerdict extends StoredVerdict {
  readonly id: string;
}

/** Every kept decision of registrations that were received at `since` or later (null: all), oldest first, a page at a time. */
export async function* readDecisions(db: Database, since: Instant | null, pageSize = PAGE): AsyncGenerator<readonly NumberedVerdict[]> {
  for (let after = '0'; ;) {
    let query = db.selectFrom('verdict').selectAll('verdict').where('verdict.id', '>', after).orderBy('verdict.id').limit(pageSize);
    if (since !== null) {
      query = query.innerJoin('registration', 'registration.id', 'verdict.registration_id').where('registration.submitted_at', '>=', since);
    }
    const rows = await query.execute();
    if (rows.length > 0) yield rows.map((row) => ({ id: row.id, ...verdictOf(row) }));
    if (rows.length < pageSize) return;
    after = (rows.at(-1) as { readonly id: string }).id;
  }
}

export interface ReadHistory {
  readonly claims: readonly HistoricalClaim[];
  /** Registrations that no program has judged yet; nothing is known of them that could be simulated. */
  readonly unjudged: number;
}

/** The registrations received at `since` or later (null: all) as they really went: what the programs saw, and what people and partners did. */
export async function readHistory(db: Database, since: Instant | null, pageSize = PAGE): Promise<ReadHistory> {
  const claims: HistoricalClaim[] = [];
  let unjudged = 0;
  for (let after = '0'; ;) {
    let query = db.selectFrom('registration').select(COLUMNS).where('sequence', '>', after).orderBy('sequence').limit(pageSize);
    if (since !== null) query = query.where('submitted_at', '>=', since);
    const rows = await query.execute();
    const page = await readPage(db, rows);
    claims.push(...page);
    unjudged += rows.length - page.length;
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return { claims, unjudged };
    after = last.sequence;
  }
}

const COLUMNS = ['id', 'sequence', 'partner_id', 'program_version', 'state', 'ended_at', 'updated_at'] as const;
type RegistrationRow = Pick<Selectable<Schema['registration']>, (typeof COLUMNS)[number]>;

async function readPage(db: Database, rows: readonly RegistrationRow[]): Promise<readonly HistoricalClaim[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const [verdicts, audit, extensions] = await Promise.all([
    db.selectFrom('verdict').selectAll().where('registration_id', 'in', ids).orderBy('id').execute(),
    db
      .selectFrom('audit_entry')
      .select(['subject', 'at', 'kind', 'actor'])
      .where(
        'subject',
        'in',
        ids.map((id) => `registration/${id}`),
      )
      .where('kind', 'in', Object.keys(ANSWERS))
      .where('actor', '!=', 'program')
      .orderBy('id')
      .execute(),
    db.selectFrom('registration_command').selectAll().where('registration_id', 'in', ids).orderBy('received_at').execute(),
  ]);
  const verdictsOf = Map.groupBy(verdicts, ({ registration_id }) => registration_id);
  const auditOf = Map.groupBy(audit, ({ subject }) => subject);
  const commandsOf = Map.groupBy(extensions, ({ registration_id }) => registration_id);
  return rows.flatMap((row) => {
    const all = (verdictsOf.get(row.id) ?? []).map(verdictOf);
    // What was asked of an approved claim was no question that decided it; how it was amended is seen all the same.
    const judged = all.filter(({ evidence }) => evidence.approved === null);
    const [first, ...later] = all.map(({ decidedAt, claim, evidence }): Sighting => ({ at: decidedAt, claim, evidence }));
    if (first === undefined) return [];
    return [
      {
        registrationId: row.id,
        sequence: Number(row.sequence),
        partnerId: row.partner_id,
        programVersion: row.program_version,
        sightings: [first, ...later] as const,
        answers: answersOf(row, judged, auditOf.get(`registration/${row.id}`) ?? []),
        extensions: (commandsOf.get(row.id) ?? []).flatMap(({ command, outcome, received_at: at }) =>
          command.kind === 'extend' && (outcome as { readonly kind?: string } | null)?.kind === 'done' ? [{ at, days: command.days }] : [],
        ),
        end: endOf(row),
        status: row.state.status,
      },
    ];
  });
}

/** What people said, by the kind of the audit entry that says so. */
const ANSWERS: Readonly<Record<string, Decision>> = { approved: 'approve', denied: 'deny', returned: 'return' };

/** Every answer of a person, to the question that was open when it came. What answered no question (an appeal) is left out. */
function answersOf(
  { state }: RegistrationRow,
  judged: readonly StoredVerdict[],
  audit: readonly { readonly at: Instant; readonly kind: string; readonly actor: string }[],
): readonly PastAnswer[] {
  const said = audit.flatMap(({ at, kind, actor }) => {
    const decision = ANSWERS[kind];
    return decision === undefined ? [] : [{ at, decision, by: actor }];
  });
  const last = state.decision;
  // What an arbiter awarded or denied in a case is kept as the claim's decision, under the case's entry in the audit.
  if (last !== null && last.by !== 'program' && !said.some(({ at }) => at === last.at))
    said.push({ at: last.at, decision: last.outcome, by: last.by });
  return said.flatMap((answer) => {
    const question = openQuestionAt(judged, answer.at);
    return question === null ? [] : [{ ...answer, question }];
  });
}

/** What the last verdict before `at` asked; null where it asked nobody. An answer may bring a verdict of the same instant, which is not the one it answers. */
function openQuestionAt(judged: readonly StoredVerdict[], at: Instant): Question | null {
  const before = judged.filter(({ decidedAt }) => Date.parse(decidedAt) < Date.parse(at));
  const verdict = (before.at(-1) ?? judged.find(({ decidedAt }) => decidedAt === at))?.verdict;
  return verdict?.outcome === 'review' || verdict?.outcome === 'needs_ruling' ? questionOf(verdict) : null;
}

function endOf({ state: { status }, ended_at: endedAt, updated_at: updatedAt }: RegistrationRow): PastEnd | null {
  switch (status) {
    case 'withdrawn':
    case 'won':
    case 'lost':
    case 'revoked':
      return { kind: status, at: endedAt ?? updatedAt };
    case 'submitted':
    case 'in_review':
    case 'returned':
    case 'approved':
    case 'denied':
    case 'lapsed':
    case 'expired':
      return null;
  }
}

function verdictOf(row: Selectable<Schema['verdict']>): StoredVerdict {
  return {
    registrationId: row.registration_id,
    programVersion: row.program_version,
    occasion: row.occasion,
    claim: completeClaim(row.claim),
    evidence: completeEvidence(row.evidence, row.claim),
    verdict: row.verdict,
    decidedAt: row.decided_at,
  };
}
