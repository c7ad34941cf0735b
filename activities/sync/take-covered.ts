import type { CanonicalRecord } from '../../program/merge-plan.ts';
import type { Transaction } from '../../store/database.ts';
import type { Link } from '../../store/link.ts';
import { queuePush } from '../../store/push-queue.ts';
import { logSyncDecision } from '../../store/sync-decision.ts';
import { answerOverridden, recordOverride } from './answer-overridden.ts';
import type { CoveredEdit } from './covered-edit.ts';
import type { Lane } from './lane.ts';
import { inOurClock } from './remote-edit.ts';

/**
 * Takes over what our write covered, and answers what may not stand. `sent`: what was written over it.
 *
 * A covered edit stands, unless our side edited the field once more since, and later by the CRM's time. The record is queued again: the CRM has our value.
 */
export async function takeCovered(
  trx: Transaction,
  lane: Lane,
  link: Pick<Link, 'localId' | 'remoteId'>,
  sent: CanonicalRecord,
  covered: CoveredEdit,
): Promise<void> {
  const { deps, connection, policies, port, records } = lane;
  const objectType = records.objectType;
  const { localId } = link;
  const editedAt = inOurClock(port, covered.at);
  const [current] = await records.read(trx, deps, connection, [localId]);
  const stands = (field: string): boolean => {
    const oursAt = current?.editedAt[field];
    return oursAt === undefined || current?.values[field] === sent[field] || Date.parse(oursAt) <= Date.parse(editedAt);
  };
  const values = Object.fromEntries(Object.entries(covered.values).filter(([field]) => stands(field)));
  const unusable =
    Object.keys(values).length === 0 ? [] : await records.take(trx, deps, connection, { localId, values, editedAt, isCovered: true });
  const at = deps.now();
  const decided = Object.keys(covered.values).filter((field) => !unusable.includes(field));
  for (const field of decided) {
    const outcome = field in values ? 'take' : 'send';
    await logSyncDecision(trx, { connection, objectType, localId, field, outcome, policy: policies[field] ?? '', at });
  }
  const [given, kept] = [decided.filter((field) => field in values), decided.filter((field) => !(field in values))];
  await recordOverride(trx, lane, localId, 'own edit given up', given, at);
  await recordOverride(trx, lane, localId, 'edit written back', kept, at);
  const overridden = { ...covered.overridden, ...Object.fromEntries(unusable.map((field) => [field, values[field] ?? null])) };
  await answerOverridden(trx, lane, link, overridden, Object.keys(overridden), at);
  if (covered.command !== null) await records.keepCommand(trx, deps, connection, covered.command);
  await queuePush(trx, [connection], objectType, [localId]);
}
