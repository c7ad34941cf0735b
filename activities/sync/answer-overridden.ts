import type { CanonicalRecord, MergePlan } from '../../program/merge-plan.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { recordAudit } from '../../store/audit.ts';
import type { Transaction } from '../../store/database.ts';
import type { Link } from '../../store/link.ts';
import { countWrittenOver, logSyncDecision } from '../../store/sync-decision.ts';
import { readRecordsWithIssue } from '../../store/sync-issue.ts';
import { raiseLaneIssue, type Lane } from './lane.ts';

const OSCILLATES = 'RECORD_OSCILLATES';
/** A person who insists stops before this; an automation in the CRM that rewrites what we write does not. */
const OSCILLATES_AT = 6;
const OSCILLATES_WITHIN_MS = 10 * 60_000;

/** The fields that were edited in the CRM and are to be written over, with the values that were found there. */
export function overriddenEdits(plan: MergePlan, theirs: CanonicalRecord): CanonicalRecord {
  return Object.fromEntries(
    Object.entries(plan).flatMap(([field, step]) => (step.kind === 'send' && step.overrode ? [[field, theirs[field] ?? null]] : [])),
  );
}

/**
 * Answers the edits that do not stand, on the record where the field is kept by us or the value is `unusable`, and logs the policy that decided so.
 *
 * It is committed before anything is written over them, and the caller keeps the edited values as the base: then each edit is answered once, whether the
 * pull or the push met it first, and the same edit made again later is a new one.
 * A field that is written over again and again in a short time gets no more answers: the record is parked with an issue.
 */
export async function answerOverridden(
  trx: Transaction,
  lane: Lane,
  { localId, remoteId }: Pick<Link, 'localId' | 'remoteId'>,
  edits: CanonicalRecord,
  unusable: readonly string[],
  at: Instant,
): Promise<void> {
  const { deps, connection, policies, records } = lane;
  const objectType = records.objectType;
  const oscillating: string[] = [];
  const since = new Date(Date.parse(at) - OSCILLATES_WITHIN_MS).toISOString();
  for (const field of Object.keys(edits)) {
    await logSyncDecision(trx, { connection, objectType, localId, field, outcome: 'send', policy: policies[field] ?? '', at });
    if ((await countWrittenOver(trx, connection, objectType, localId, field, since)) >= OSCILLATES_AT) oscillating.push(field);
  }
  await recordOverride(trx, lane, localId, 'edit written back', Object.keys(edits), at, unusable);
  if (oscillating.length > 0) {
    await raiseLaneIssue(trx, lane, {
      localId,
      remoteId,
      category: 'conflict',
      code: OSCILLATES,
      message: `${oscillating.join(', ')}: written back ${OSCILLATES_AT} times in ${OSCILLATES_WITHIN_MS / 60_000} minutes, and changed again each time.`,
      remedy: 'Find the automation or the person in the CRM that changes the field, then retry.',
    });
    return;
  }
  const answered = Object.keys(edits).filter((field) => policies[field] === 'ours' || unusable.includes(field));
  if (answered.length > 0) await records.answerOverridden(trx, deps, connection, localId, answered, at);
}

/**
 * Keeps in the audit that one of two edits yielded, field by field with the policy that decided so: theirs (`edit written back`), or ours to a later one of theirs
 * (`own edit given up`). `unusable`: what yielded because nothing could be decided on it, whatever the policy.
 */
export async function recordOverride(
  trx: Transaction,
  { connection, policies, records }: Lane,
  localId: string,
  kind: 'edit written back' | 'own edit given up',
  fields: readonly string[],
  at: Instant,
  unusable: readonly string[] = [],
): Promise<void> {
  if (fields.length === 0) return;
  const by = Object.fromEntries(fields.map((field) => [field, unusable.includes(field) ? 'unusable' : (policies[field] ?? '')]));
  await recordAudit(trx, { subject: `${records.objectType}/${localId}`, kind, actor: connection, details: { fields, policies: by }, at });
}

/** Those of the records that are parked: from the issue on until somebody retries or skips it. */
export async function readOscillating(
  trx: Transaction,
  { connection, records }: Lane,
  localIds: readonly string[],
): Promise<ReadonlySet<string>> {
  return readRecordsWithIssue(trx, connection, records.objectType, localIds, OSCILLATES);
}
