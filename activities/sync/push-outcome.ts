import { CRM_FAILURES, type CrmFailureCode } from '../../crm/failures.ts';
import type { WriteOutcome } from '../../crm/port.ts';
import type { CanonicalRecord } from '../../program/merge-plan.ts';
import type { Transaction } from '../../store/database.ts';
import { readLinksByLocal, readLinksByRemote, saveLinks, type Link } from '../../store/link.ts';
import { finishPushes, type PendingPush } from '../../store/push-queue.ts';
import { attempt } from '../../store/sync-attempt.ts';
import { FIELD_NOT_WRITTEN, resolveIssues } from '../../store/sync-issue.ts';
import { forgetIntents } from '../../store/write-intent.ts';
import { tellCommandedWritten } from './commanded-value.ts';
import type { CoveredEdit } from './covered-edit.ts';
import { raiseLaneIssue, setAside, type Lane } from './lane.ts';
import { putOffPushes, TOLD_AFTER_ATTEMPTS } from './put-off.ts';
import type { RowPair } from './remote-edit.ts';
import { takeCovered } from './take-covered.ts';
import type { LocalRecord } from './two-way-record.ts';

/** One record of a batch and what became of it; `outcome` null where nothing was to be written. */
export interface PushedRecord {
  readonly push: PendingPush;
  readonly local: LocalRecord;
  /** Their row as it was read just before; null where the record had to be made. */
  readonly pair: RowPair | null;
  readonly send: CanonicalRecord;
  readonly isParked: boolean;
  readonly outcome: WriteOutcome | null;
}

/**
 * Keeps what a batch brought, in one transaction: bases and links of what was written, issues of what was refused, edits that were covered.
 * Records of which nothing else is to be told, nearly all, are kept together in a few statements. `alongside`: what belongs into the same transaction.
 */
export async function keepOutcomes(
  lane: Lane,
  done: readonly PushedRecord[],
  covered: ReadonlyMap<string, CoveredEdit>,
  alongside: (trx: Transaction) => Promise<void> = async () => undefined,
): Promise<void> {
  const { deps, connection, records } = lane;
  await deps.db.transaction().execute(async (trx) => {
    await records.lock(trx, [...covered.keys()]);
    const ids = done.map(({ push }) => push.localId);
    const links = await readLinksByLocal(trx, connection, records.objectType, ids);
    const remoteIds = done.flatMap(({ outcome }) => (outcome?.kind === 'written' ? [outcome.id] : []));
    const holders = await readLinksByRemote(trx, connection, records.objectType, remoteIds);
    const isTaken = ({ push, outcome }: PushedRecord): boolean =>
      outcome?.kind === 'written' && (holders.get(outcome.id)?.localId ?? push.localId) !== push.localId;
    const isPlain = (record: PushedRecord): boolean =>
      record.outcome?.kind !== 'refused' && record.local.problems.length === 0 && !covered.has(record.push.localId) && !isTaken(record);

    const together = await attempt(trx, () => keepAgreements(trx, lane, done.filter(isPlain), links));
    for (const record of together.kind === 'done' ? done.filter((each) => !isPlain(each)) : done) {
      const { push, outcome } = record;
      const link = links.get(push.localId) ?? null;
      const kept = await attempt(trx, async () => {
        if (outcome?.kind === 'refused') await keepRefusal(trx, lane, push, link, outcome);
        else if (outcome !== null && isTaken(record)) await keepConflict(trx, lane, push, outcome.id);
        else {
          await keepAgreements(trx, lane, [record], links);
          if (!record.isParked) await tellUnwritten(trx, lane, record.local, outcome?.id ?? link?.remoteId ?? null);
          const edit = covered.get(push.localId);
          if (edit !== undefined && outcome !== null)
            await takeCovered(trx, lane, { localId: push.localId, remoteId: outcome.id }, record.send, edit);
        }
      });
      if (kept.kind === 'done') continue;
      await setAside(trx, lane, { localId: push.localId, remoteId: link?.remoteId ?? null }, kept.reason);
      await putOffPushes(trx, lane, [push]);
    }
    await alongside(trx);
  });
}

/** What we wrote is agreed on. A value that reads otherwise later was edited by somebody, or changed by the CRM: the pull sees to it. */
async function keepAgreements(
  trx: Transaction,
  lane: Lane,
  carried: readonly PushedRecord[],
  links: ReadonlyMap<string, Link>,
): Promise<void> {
  const { deps, connection, policies, records } = lane;
  const at = deps.now();
  const joined = carried.flatMap(({ push, send, outcome }): readonly Link[] => {
    if (outcome?.kind !== 'written') return [];
    const link = links.get(push.localId);
    const sent = Object.fromEntries(
      Object.entries(send).filter(([field]) => policies[field] !== undefined && policies[field] !== 'command'),
    );
    const isSame = link?.remoteId === outcome.id;
    const [base, remoteStamp] = isSame ? [link.base, link.remoteStamp] : [{}, null];
    return [{ localId: push.localId, remoteId: outcome.id, base: { ...base, ...sent }, remoteStamp }];
  });
  await saveLinks(trx, connection, records.objectType, joined, at);
  const linked = joined.filter(({ localId, remoteId }) => links.get(localId)?.remoteId !== remoteId);
  await records.onLinked(
    trx,
    deps,
    connection,
    linked.map(({ localId }) => localId),
  );
  await tellCommandedWritten(
    trx,
    lane,
    carried.flatMap(({ local, send, outcome }) => (outcome?.kind === 'written' ? [{ local, written: send }] : [])),
  );
  const pushes = carried.map(({ push }) => push);
  await finishPushes(trx, connection, records.objectType, pushes);
  const mended = carried.filter(({ isParked, local }) => !isParked && local.problems.length === 0).map(({ push }) => push.localId);
  await resolveIssues(trx, connection, records.objectType, 'write', { localIds: mended }, at);
}

async function keepConflict(trx: Transaction, lane: Lane, push: PendingPush, remoteId: string): Promise<void> {
  await finishPushes(trx, lane.connection, lane.records.objectType, [push]);
  await raiseLaneIssue(trx, lane, {
    localId: push.localId,
    remoteId,
    category: 'conflict',
    code: 'LINKED_TO_ANOTHER',
    message: 'The CRM record is linked to another record of ours.',
    remedy: 'Merge the two, or clear the id in the CRM, then retry.',
  });
}

/** The record was carried: what was told of it before is mended, except for values of ours that the CRM's field cannot hold. */
async function tellUnwritten(trx: Transaction, lane: Lane, local: LocalRecord, remoteId: string | null): Promise<void> {
  if (local.problems.length === 0) return;
  const { deps, connection, records } = lane;
  const codes = local.problems.map(({ field }) => `${FIELD_NOT_WRITTEN}${field}`);
  await resolveIssues(trx, connection, records.objectType, 'write', { localIds: [local.localId] }, deps.now(), codes);
  for (const { field, message, isPerson } of local.problems) {
    await raiseLaneIssue(trx, lane, {
      localId: local.localId,
      remoteId,
      category: isPerson === true ? 'owner' : 'invalid_value',
      code: `${FIELD_NOT_WRITTEN}${field}`,
      message: `${field} ${message}`,
      remedy:
        isPerson === true
          ? 'Activate the user in the CRM, or have somebody else asked, then retry; the rest of the record was written.'
          : 'Mend the value here, or the field or its permission in the CRM, then retry; the rest of the record was written.',
    });
  }
}

/** A refusal that passes is tried again, and told when it lasts; any other is told, and the record is written again when it changes or somebody retries. */
export async function keepRefusal(
  trx: Transaction,
  lane: Lane,
  push: PendingPush,
  link: Link | null,
  outcome: Extract<WriteOutcome, { kind: 'refused' }>,
): Promise<void> {
  const { connection, records } = lane;
  const code = (outcome.code in CRM_FAILURES ? outcome.code : 'CRM_REQUEST_INVALID') as CrmFailureCode;
  // A record that was deleted between our look and our write: the pull hears of it and decides what follows.
  const isPassing = outcome.retryable || code === 'CRM_RECORD_GONE';
  await forgetIntents(trx, connection, records.objectType, [push.localId]);
  if (isPassing) await putOffPushes(trx, lane, [push]);
  else await finishPushes(trx, connection, records.objectType, [push]);
  // An approval takes hours or days: whoever waits for the row is told of it at once.
  if (isPassing && code !== 'CRM_RECORD_IN_APPROVAL' && push.attempts < TOLD_AFTER_ATTEMPTS) return;
  const { category, remedy } = CRM_FAILURES[code];
  const message = outcome.message;
  await raiseLaneIssue(trx, lane, { localId: push.localId, remoteId: link?.remoteId ?? null, category, code, message, remedy });
}
