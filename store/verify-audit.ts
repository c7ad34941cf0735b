import { checkChains, type ChainCount } from './audit-chain-check.ts';
import { openCommentCheck } from './audit-comment-check.ts';
import { collectFaults, type AuditFault } from './audit-fault.ts';
import { tellMoved } from './audit-moved.ts';
import type { SealHead } from './audit-seal.ts';
import { checkSeals } from './audit-seal-check.ts';
import type { Database } from './database.ts';

/** So many faults are named; a history with more was rewritten as a whole. */
const MOST_FAULTS = 100;

export interface AuditReport extends ChainCount {
  readonly sealed: number;
  /** Commands whose comment and values were compared with the digests of then. */
  readonly comments: number;
  /** The last seal: noted elsewhere, it shows later that everything up to it is still there. */
  readonly head: SealHead | null;
  /** The head that was noted before, with its number in the chain of now; null where none was given. */
  readonly noted: { readonly hash: string; readonly ordinal: number | null } | null;
  readonly faults: readonly AuditFault[];
  readonly areMoreFaults: boolean;
}

/**
 * Reads the whole history once and names what is not as it was recorded. Nothing is written; what is committed meanwhile is left out.
 *
 * `noted`: a head of an earlier time, which has to be in the chain still. `progress` is told how much was read, and of how much it is in all.
 */
export async function verifyAudit(
  db: Database,
  noted: string | null,
  progress: (checked: number) => void = () => undefined,
  mostFaults = MOST_FAULTS,
): Promise<AuditReport> {
  const faults = collectFaults(mostFaults);
  let checked = 0;
  const step = (): void => {
    checked += 1;
    progress(checked);
  };
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      const comments = openCommentCheck(trx, faults);
      const { count, suspects } = await checkChains(trx, faults, async (entry) => {
        step();
        await comments.see(entry);
      });
      await tellMoved(trx, suspects, faults);
      const compared = await comments.finish();
      const { sealed, head, notedAt } = await checkSeals(trx, noted, faults, step);
      return {
        ...count,
        sealed,
        comments: compared,
        head,
        noted: noted === null ? null : { hash: noted, ordinal: notedAt },
        faults: faults.all(),
        areMoreFaults: faults.areMore(),
      };
    });
}
