import type { CanonicalRecord } from '../../program/merge-plan.ts';
import type { Transaction } from '../../store/database.ts';
import type { Lane } from './lane.ts';
import type { CommandedValues, LocalRecord } from './two-way-record.ts';

/** Says of the values that the CRM has now which of them commands had set. Nearly always there are none, and nothing is asked of the store. */
export async function tellCommandedWritten(
  trx: Transaction,
  { connection, records }: Lane,
  known: readonly { readonly local: LocalRecord; readonly written: CanonicalRecord }[],
): Promise<void> {
  const commanded = known.flatMap(({ local, written }): readonly CommandedValues[] => {
    const fields = (local.commanded ?? []).filter((field) => field in written);
    if (fields.length === 0) return [];
    return [{ localId: local.localId, values: Object.fromEntries(fields.map((field) => [field, written[field] ?? null])) }];
  });
  if (commanded.length > 0) await records.onCommandedWritten?.(trx, connection, commanded);
}
