import { CrmFailure } from '../failures.ts';
import type { RemoteWrite, WriteOutcome } from '../port.ts';
import { typeOfField } from './association-label.ts';
import type { AssociationWish } from './association-plan.ts';
import { findTargets, type AssociationTargets } from './association-target.ts';
import { setAssociations, type AssociatedRecord } from './association-write.ts';
import { wordsOf } from './classify-failure.ts';
import { withDueDates } from './due-date.ts';
import type { Session } from './session.ts';
import type { RowResult } from './write-answer.ts';
import { sendBatch } from './write-batch.ts';
import { prepareRow, refusedOutcome, targetKey, type PreparedRow } from './write-row.ts';

/** The most records of a batch. https://developers.hubspot.com/docs/api-reference/crm-objects/guide */
export const WRITE_BATCH_SIZE = 100;

/**
 * Writes up to 100 rows: one upsert for those by external id, one update for those by id, and then their associations. A refused row never fails the others. Writing
 * the same rows again ends in the same state, so a lost answer (CRM_UNAVAILABLE) is to be repeated.
 *
 * A row whose associations are refused is refused, though its properties were written: it is to be written again. A record may appear once.
 */
export async function write(session: Session, object: string, rows: readonly RemoteWrite[]): Promise<readonly WriteOutcome[]> {
  if (rows.length > WRITE_BATCH_SIZE)
    throw new CrmFailure('CRM_REQUEST_INVALID', `${rows.length} rows in one write; at most ${WRITE_BATCH_SIZE}`);
  const outcomes = new Map<number, WriteOutcome>();
  const prepared: PreparedRow[] = [];
  const targets = new Set<string>();
  for (const [index, row] of rows.entries()) {
    const key = targetKey(row);
    const preparation = prepareRow(object, index, row);
    if (targets.has(key))
      outcomes.set(index, refusedOutcome('CRM_REQUEST_INVALID', `The same ${object} (${key}) is written twice in one batch`, []));
    else if (preparation.kind === 'refused') outcomes.set(index, preparation.outcome);
    else prepared.push(preparation.row);
    targets.add(key);
  }
  try {
    await sendRows(session, object, prepared, outcomes);
  } catch (error) {
    const isAnyWritten = [...outcomes.values()].some(({ kind }) => kind === 'written');
    if (!(error instanceof CrmFailure) || !isAnyWritten) throw error;
    // A call that fails after another one succeeded must not hide what that one wrote.
    for (const { index, associations } of prepared) {
      const isUndone = !outcomes.has(index) || (associations.length > 0 && outcomes.get(index)?.kind === 'written');
      if (isUndone) outcomes.set(index, refusedOutcome(error.code, error.message, []));
    }
  }
  return rows.map((_row, index) => outcomes.get(index) ?? refusedOutcome('CRM_UNAVAILABLE', 'The row has no outcome', []));
}

async function sendRows(
  session: Session,
  object: string,
  rows: readonly PreparedRow[],
  outcomes: Map<number, WriteOutcome>,
): Promise<void> {
  const targets = await findTargets(session, rows);
  const possible = rows.filter((row) => {
    const refusal = targets.refusalOf(row);
    if (refusal !== null) outcomes.set(row.index, refusal);
    return refusal === null;
  });
  const second: PreparedRow[] = [];
  const keep = (result: RowResult): void => {
    outcomes.set(result.row.index, result.outcome);
    const mended = adopt(result);
    if (mended !== null) second.push(mended);
  };
  const isEmpty = ({ target, properties }: PreparedRow): boolean => target.kind === 'id' && Object.keys(properties).length === 0;
  for (const row of possible.filter(isEmpty)) {
    if (row.target.kind === 'id') outcomes.set(row.index, { kind: 'written', id: row.target.id, created: false });
  }
  const full = await withDueDates(
    session,
    object,
    possible.filter((row) => !isEmpty(row)),
  );
  for (const kind of ['external_id', 'id'] as const) {
    await sendBatch(
      session,
      object,
      full.filter(({ target }) => target.kind === kind),
      keep,
    );
  }
  await sendBatch(session, object, second.splice(0), ({ row, outcome }) => outcomes.set(row.index, outcome));
  await associate(session, object, possible, targets, outcomes);
}

/** A refused row as it may be sent once more: the value that it goes by came to a record while we wrote, and that record is the one to write. Null for any other. */
function adopt({ row, outcome, complaint }: RowResult): PreparedRow | null {
  const clash = complaint?.clash ?? null;
  if (outcome.kind !== 'refused' || clash === null || row.target.kind !== 'external_id' || clash.property !== row.target.field) return null;
  return { ...row, target: { kind: 'id', id: clash.ownerId } };
}

async function associate(
  session: Session,
  object: string,
  rows: readonly PreparedRow[],
  targets: AssociationTargets,
  outcomes: Map<number, WriteOutcome>,
): Promise<void> {
  const written = rows.flatMap((row) => {
    const outcome = outcomes.get(row.index);
    return outcome?.kind === 'written' && row.associations.length > 0 ? [{ row, outcome }] : [];
  });
  const others = new Set(written.flatMap(({ row }) => row.associations.map(({ field }) => field.toObject)));
  for (const toObject of others) {
    const records: AssociatedRecord[] = [];
    for (const { row, outcome } of written) {
      const mine = row.associations.filter(({ field }) => field.toObject === toObject);
      const wishes: AssociationWish[] = [];
      for (const association of mine) {
        wishes.push({
          field: association.field,
          type: await typeOfField(session, object, association.field),
          toId: targets.idOf(association),
          ...(association.fromId === undefined ? {} : { fromId: association.fromId }),
        });
      }
      if (wishes.length > 0) records.push({ id: outcome.id, isNew: outcome.created, wishes });
    }
    const complaints = await setAssociations(session, object, toObject, records);
    for (const { row, outcome } of written) {
      const complaint = complaints.get(outcome.id);
      if (complaint === undefined) continue;
      const code = complaint.category === 'OBJECT_NOT_FOUND' ? 'CRM_REFERENCE_MISSING' : 'CRM_VALUE_INVALID';
      const fields = row.associations.filter(({ field }) => field.toObject === toObject).map(({ field }) => field.name);
      outcomes.set(row.index, refusedOutcome(code, `The record was written, and not associated: ${wordsOf(complaint)}`, fields));
    }
  }
}
