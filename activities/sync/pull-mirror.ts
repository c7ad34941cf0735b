import type { RemoteRow } from '../../crm/port.ts';
import { clearChanged } from '../../store/changed-record.ts';
import { readMirrorStamps } from '../../store/crm-mirror.ts';
import type { Transaction } from '../../store/database.ts';
import { attempt } from '../../store/sync-attempt.ts';
import { saveCursor } from '../../store/sync-cursor.ts';
import { raiseIssue } from '../../store/sync-issue.ts';
import type { ActivityDependencies, Connection } from '../decision/dependencies.ts';
import { NO_STAGES, type StagePlaces } from './opportunity-definition.ts';
import { MIRROR_TABLES, saveMirrored, type MirroredType } from './mirror-record.ts';
import { toldChanges } from './told-change.ts';
import type { PullSource } from './pull-source.ts';

/** Records that only come in: rows and cursor are committed in one transaction. */
export function mirrorSource(
  deps: ActivityDependencies,
  name: string,
  { port, mapping }: Connection,
  objectType: Exclude<MirroredType, 'opportunity'>,
): PullSource {
  const knownStamps = (ids: readonly string[]) => readMirrorStamps(deps.db, MIRROR_TABLES[objectType], name, ids);
  return {
    port,
    mapping: mapping[objectType],
    isOrdered: false,
    knownStamps,
    told: toldChanges(deps.db, name, objectType),
    findOutdated: (rows) => findOutdatedCopies(knownStamps, rows),
    keep: (rows, cursor, looked) =>
      deps.db.transaction().execute(async (trx) => {
        await keepMirrored(trx, deps, name, objectType, rows, NO_STAGES);
        if (cursor !== null) await saveCursor(trx, name, objectType, cursor);
        await clearChanged(trx, name, objectType, looked);
      }),
  };
}

/** Rows of which we hold a later copy. */
export async function findOutdatedCopies(knownStamps: PullSource['knownStamps'], rows: readonly RemoteRow[]): Promise<ReadonlySet<string>> {
  const known = await knownStamps(rows.map(({ id }) => id));
  return new Set(rows.filter(({ id, stamp }) => (known.get(id) ?? '') > stamp).map(({ id }) => id));
}

/** Saves the rows of a page together; only where that fails, one by one, so that a row that makes us stumble is told and the others are kept. */
export async function keepMirrored(
  trx: Transaction,
  deps: ActivityDependencies,
  name: string,
  objectType: MirroredType,
  rows: readonly RemoteRow[],
  stages: StagePlaces,
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
