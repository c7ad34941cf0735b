import { SALESFORCE_WORDS } from '../../mappings/crm-words.ts';
import { registrationWorkflowId } from '../../program/messages.ts';
import { recordAudit } from '../../store/audit.ts';
import { closeOrders, findUnconverted, findVoidOrders } from '../../store/opportunity-order.ts';
import { finishPushes, readDuePushes, readPushBacklog } from '../../store/push-queue.ts';
import { lockRegistration } from '../../store/registration.ts';
import { resolveIssuesWith } from '../../store/sync-issue.ts';
import type { SyncTurn } from '../../store/sync-turn.ts';
import type { PushResult } from '../contract.ts';
import { convertApproved } from '../decision/convert.ts';
import type { ActivityDependencies, Connection } from '../decision/dependencies.ts';
import { laneOf, raiseLaneIssue, type Lane } from './lane.ts';
import { conversionOf } from './opportunity-definition.ts';
import { opportunityRecords } from './opportunity-record.ts';
import { pushTwoWayBatch } from './push-batch.ts';
import { putOffPushes } from './put-off.ts';

const CONVERSION_FIELDS_MISSING = 'CONVERSION_FIELDS_MISSING';
/** Entries that are looked at together before they are written: as many as a batch has. */
const LOOKED_AT = 600;

const NOTHING: Omit<PushResult, 'dueNow'> = { written: 0, unchanged: 0, refused: 0, postponed: 0 };

/**
 * Writes the next batch of what we say on opportunities. Where the CRM has not the fields for it, everything waits under one issue, and the CRM is asked again with each
 * try; where nothing can be written on opportunities at all, nothing waits.
 */
export async function pushOpportunityBatch(
  deps: ActivityDependencies,
  name: string,
  connection: Connection,
  turn: SyncTurn,
): Promise<PushResult> {
  const due = await readDuePushes(deps.db, name, 'opportunity', LOOKED_AT);
  if (due.length === 0) return { ...NOTHING, ...(await readPushBacklog(deps.db, name, 'opportunity')) };
  if (connection.conversion === undefined) {
    await deps.db.transaction().execute((trx) => finishPushes(trx, name, 'opportunity', due));
    return { ...NOTHING, unchanged: due.length, ...(await readPushBacklog(deps.db, name, 'opportunity')) };
  }
  const lane = laneOf(deps, name, connection, opportunityRecords, connection.conversion.mapping);
  const isPossible = (await conversionOf(connection)) ?? (await conversionOf(connection, 'again'));
  if (isPossible === null) {
    const { deploy, grant } = lane.mapping.words ?? SALESFORCE_WORDS;
    await deps.db.transaction().execute(async (trx) => {
      await putOffPushes(trx, lane, due);
      await raiseLaneIssue(trx, lane, {
        localId: null,
        remoteId: null,
        category: 'mapping',
        code: CONVERSION_FIELDS_MISSING,
        message: `${lane.mapping.object} lacks ${connection.conversion?.shipped.join(' or ')}, or the user may not write it.`,
        remedy: `${deploy} ${grant} It goes on within a quarter of an hour.`,
      });
    });
    return { ...NOTHING, postponed: due.length, ...(await readPushBacklog(deps.db, name, 'opportunity')) };
  }
  await prepare(
    lane,
    due.map(({ localId }) => localId),
  );
  return pushTwoWayBatch(lane, turn);
}

/**
 * Before anything is made: orders of registrations that are not approved any more, or were linked meanwhile, are not carried out; and registrations whose issue
 * somebody retries come to their opportunity if that is certain now.
 */
async function prepare({ deps, connection }: Lane, localIds: readonly string[]): Promise<void> {
  await deps.db.transaction().execute(async (trx) => {
    await resolveIssuesWith(trx, connection, 'opportunity', CONVERSION_FIELDS_MISSING, deps.now());
    const unwanted = await findVoidOrders(trx, connection, localIds);
    await closeOrders(trx, connection, unwanted);
    for (const registrationId of unwanted) {
      await recordAudit(trx, {
        subject: registrationWorkflowId(registrationId),
        kind: 'opportunity not made',
        actor: connection,
        details: { connection },
        at: deps.now(),
      });
    }
    for (const registrationId of await findUnconverted(trx, connection, localIds)) {
      const registration = await lockRegistration(trx, registrationId);
      const isKnown = registration !== null && deps.programs.byVersion(registration.programVersion) !== null;
      if (isKnown) await convertApproved(trx, deps, registration, deps.now());
    }
  });
}
