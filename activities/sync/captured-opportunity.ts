import type { RemoteRow } from '../../crm/port.ts';
import type { CanonicalRecord } from '../../program/merge-plan.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { saveOpportunities } from '../../store/crm-mirror.ts';
import type { Transaction } from '../../store/database.ts';
import { readMirroredOpportunities } from '../../store/noticed-opportunity.ts';
import { closeWithOpportunities, stayOpenWithOpportunities } from '../decision/close-with-opportunity.ts';
import type { ActivityDependencies } from '../decision/dependencies.ts';
import { noticeOpportunities } from '../decision/notice-opportunity.ts';
import type { StagePlaces } from './opportunity-definition.ts';

/** A captured row with what its fields mean. */
export interface DecodedOpportunity {
  readonly row: RemoteRow;
  readonly values: CanonicalRecord;
}

/**
 * Copies captured opportunities into the mirror, and follows what changed: one that is closed closes the registration that is linked to it, one that is open again keeps
 * it open; a deleted one leaves its registrations; what goes past a protected partner is noticed. As many statements for a page as for one row.
 */
export async function saveCapturedOpportunities(
  trx: Transaction,
  deps: ActivityDependencies,
  connection: string,
  decoded: readonly DecodedOpportunity[],
  stages: StagePlaces,
  now: Instant,
): Promise<void> {
  const ids = decoded.map(({ row }) => row.id);
  const before = await readMirroredOpportunities(trx, connection, ids);
  await saveOpportunities(
    trx,
    decoded.map(({ row, values }) => {
      const stageName = values['stageName'] ?? '';
      const isClosed = values['isClosed'] === 'true';
      const stage = stages.get(stageName) ?? null;
      return {
        connection,
        remote_id: row.id,
        stamp: row.stamp,
        deleted: row.deleted,
        merged_into: row.mergedInto,
        account_remote_id: values['account'] ?? null,
        name: values['name'] ?? '',
        stage_name: stageName,
        stage_index: isClosed ? null : stage,
        is_closed: isClosed,
        is_won: values['isWon'] === 'true',
        amount: values['amount'] ?? null,
        owner_remote_id: values['owner'] ?? null,
        created_at: values['createdAt'] ?? row.stamp,
        last_activity_at: values['lastActivityAt'] ?? values['createdAt'] ?? row.stamp,
        close_date: values['closeDate'] ?? null,
        refreshed_at: now,
      };
    }),
  );
  const captured = await readMirroredOpportunities(trx, connection, ids);
  await noticeOpportunities(
    trx,
    deps,
    connection,
    [...captured].map(([id, opportunity]) => ({ before: before.get(id) ?? null, now: opportunity })),
  );
  const alive = decoded.filter(({ row }) => !row.deleted);
  const closed = alive.filter(({ values }) => values['isClosed'] === 'true').map(({ row }) => row.id);
  const open = alive.filter(({ values }) => values['isClosed'] !== 'true').map(({ row }) => row.id);
  await closeWithOpportunities(trx, deps, connection, closed);
  await stayOpenWithOpportunities(trx, deps, connection, open);
}
