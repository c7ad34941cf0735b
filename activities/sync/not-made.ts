import type { Transaction } from '../../store/database.ts';
import { resolveIssues } from '../../store/sync-issue.ts';
import { raiseLaneIssue, type Lane } from './lane.ts';
import type { LocalRecord } from './two-way-record.ts';

/** Tells why records are not made in the CRM, once for each until it changes; of those that nobody wants any more, what was told before is settled. */
export async function tellNotMade(trx: Transaction, lane: Lane, locals: readonly LocalRecord[]): Promise<void> {
  const { deps, connection, records } = lane;
  const unwanted: string[] = [];
  for (const { localId, notMade } of locals) {
    switch (notMade?.kind) {
      case 'told': {
        const { category, code, message, remedy } = notMade;
        await raiseLaneIssue(trx, lane, { localId, remoteId: null, category, code, message, remedy });
        break;
      }
      case 'unwanted':
        unwanted.push(localId);
        break;
      case undefined:
    }
  }
  await resolveIssues(trx, connection, records.objectType, 'write', { localIds: unwanted }, deps.now());
}
