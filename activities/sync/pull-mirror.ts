import type { RemoteRow } from '../../crm/port.ts';
import { clearChanged } from '../../store/changed-record.ts';
import { readMirrorStamps } from '../../store/crm-mirror.ts';
import type { Transaction } from '../../store/database.ts';
import { attempt } from '../../store/sync-attempt.ts';
import { readCursor, saveCursor } from '../../store/sync-cursor.ts';
import { raiseIssue } from '../../store/sync-issue.ts';
import type { ActivityDependencies, Connection } from '../decision/dependencies.ts';
import { pullChanges } from './capture.ts';
import { MIRROR_TABLES, saveMirrored, type MirroredType } from './mirror-record.ts';
import { toldChanges } from './told-change.ts';

/** Pulls one page of a record type that only comes in, and commits rows and cursor in one transaction. */
export async function pullMirrorPage(
  deps: ActivityDependencies,
  name: string,
  { port, mapping }: Connection,
  objectType: Exclude<MirroredType, 'opportunity'>,
): Promise<{ rows: number; drained: boolean }> {
  const knownStamps = (ids: readonly string[]) => readMirrorStamps(deps.db, MIRROR_TABLES[objectType], name, ids);
  const cursor = await readCursor(deps.db, name, objectType);
  const source = { port, mapping: mapping[objectType], knownStamps, told: toldChanges(deps.db, name, objectType) };
  return pullChanges(source, cursor, deps.now, async (rows, next, looked) => {
    await deps.db.transaction().execute(async (trx) => {
      await keepMirrored(trx, deps, name, objectType, rows, []);
      if (next !== null) await saveCursor(trx, name, objectType, next);
      await clearChanged(trx, name, objectType, looked);
    });
  });
}

/** Saves the rows of a page together; only where that fails, one by one, so that a row that makes us stumble is told and the others are kept. */
export async function keepMirrored(
  trx: Transaction,
  deps: ActivityDependencies,
  name: string,
  objectType: MirroredType,
  rows: readonly RemoteRow[],
  stages: readonly string[],
): Promise<void> {
  const save = (some: readonly RemoteRow[]) => saveMirrored(trx, deps, name, objectType, some, stages, deps.now());
  const together = await attempt(trx, () => save(rows));
  for (const row of together.kind === 'failed' ? rows : []) {
    const alone = await attempt(trx, () => save([row]));
    if (alone.kind === 'failed') await tellUnkept(trx, deps, name, objectType, row, alone.reason);
  }
}

async function tellUnkept(
  trx: Transaction,
  deps: ActivityDependencies,
  connection: string,
  objectType: MirroredType,
  row: RemoteRow,
  reason: string,
): Promise<void> {
  const issue = { connection, objectType, localId: null, remoteId: row.id, category: 'mapping', code: 'ROW_NOT_PROCESSED' } as const;
  const message = `The record could not be copied: ${reason}`;
  await raiseIssue(
    trx,
    deps.newId(),
    { ...issue, message, remedy: 'Mend the record in the CRM; the rules do not know it as it is.' },
    deps.now(),
  );
}
