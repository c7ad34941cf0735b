import type { Database, Transaction } from '../../store/database.ts';
import { isPassing, reasonOf } from '../../store/sync-attempt.ts';
import type { Lane } from './lane.ts';
import type { LocalRecord } from './two-way-record.ts';

export interface ReadLocals {
  readonly locals: ReadonlyMap<string, LocalRecord>;
  /** Records that cannot be read, with the reason: a defect of one does not hide the others. */
  readonly unreadable: ReadonlyMap<string, string>;
}

/** Our records by id. They are read together; only where that fails, one by one. */
export async function readLocals(
  { deps, connection, records }: Lane,
  db: Database | Transaction,
  ids: readonly string[],
): Promise<ReadLocals> {
  const locals = new Map<string, LocalRecord>();
  const unreadable = new Map<string, string>();
  const read = async (some: readonly string[]): Promise<void> => {
    for (const local of await records.read(db, deps, connection, some)) locals.set(local.localId, local);
  };
  try {
    await read(ids);
  } catch (error) {
    if (isPassing(error) || ids.length === 0) throw error;
    for (const id of ids) {
      try {
        await read([id]);
      } catch (own) {
        if (isPassing(own)) throw own;
        unreadable.set(id, reasonOf(own));
      }
    }
  }
  return { locals, unreadable };
}
