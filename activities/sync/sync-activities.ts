import { ApplicationFailure } from '@temporalio/activity';
import { readConnection, recordUsage, setConnectionState } from '../../store/connection.ts';
import { countDuePushes } from '../../store/push-queue.ts';
import { readCursor, saveCursor } from '../../store/sync-cursor.ts';
import type { SyncActivities } from '../contract.ts';
import type { ActivityDependencies, Connection } from '../decision/dependencies.ts';
import { captureNext } from './capture.ts';
import { saveMirrored, type MirroredType } from './mirror-record.ts';
import { partnerRecords } from './partner-record.ts';
import { pullTwoWayPage } from './pull-page.ts';
import { pushTwoWayBatch } from './push-batch.ts';
import { registrationRecords } from './registration-record.ts';
import { stageNamesOf } from './stage-name.ts';

const TWO_WAY = { partner: partnerRecords, registration: registrationRecords } as const;

/** What the sync workflows ask for: one page in, or one batch out, each committed with its cursor or its bases. */
export function createSyncActivities(deps: ActivityDependencies): SyncActivities {
  const connectionNamed = (name: string): Connection => {
    const connection = deps.connections.get(name);
    if (connection !== undefined) return connection;
    throw ApplicationFailure.create({
      type: 'RECORD_UNREADABLE',
      message: `this worker has no connection ${name}; its configuration names: ${[...deps.connections.keys()].join(', ')}`,
      nonRetryable: true,
    });
  };

  return {
    async pullPage(name, objectType) {
      const connection = connectionNamed(name);
      const known = await readConnection(deps.db, name);
      const state = known?.state ?? 'running';
      if (state !== 'running') return { state, reason: known?.reason ?? null, rows: 0, drained: true, pendingOut: 0 };
      const isTwoWay = objectType === 'partner' || objectType === 'registration';
      const page = isTwoWay
        ? await pullTwoWayPage(deps, name, connection, TWO_WAY[objectType])
        : await pullMirrorPage(deps, name, connection, objectType);
      const usage = connection.port.usage();
      if (usage !== null) await recordUsage(deps.db, name, usage, deps.now());
      return { state, reason: null, ...page, pendingOut: isTwoWay ? await countDuePushes(deps.db, name, objectType) : 0 };
    },

    async pushBatch(name, objectType) {
      const connection = connectionNamed(name);
      if (objectType !== 'partner' && objectType !== 'registration')
        return { written: 0, unchanged: 0, refused: 0, postponed: 0, dueNow: 0 };
      return pushTwoWayBatch(deps, name, connection, TWO_WAY[objectType]);
    },

    async parkConnection(name, failureCode) {
      await setConnectionState(deps.db, name, 'parked', failureCode, deps.now());
    },
  };
}

async function pullMirrorPage(
  deps: ActivityDependencies,
  name: string,
  connection: Connection,
  objectType: MirroredType,
): Promise<{ rows: number; drained: boolean }> {
  const captured = await captureNext(deps, name, connection, objectType, await readCursor(deps.db, name, objectType));
  const stages = objectType === 'opportunity' && captured.rows.length > 0 ? await stageNamesOf(connection) : [];
  await deps.db.transaction().execute(async (trx) => {
    await saveMirrored(trx, deps, name, objectType, captured.rows, stages, deps.now());
    await saveCursor(trx, name, objectType, captured.cursor);
  });
  return { rows: captured.rows.length, drained: captured.drained };
}
