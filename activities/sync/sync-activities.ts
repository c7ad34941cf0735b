import { ApplicationFailure } from '@temporalio/activity';
import type { ObjectType } from '../../program/vocabulary.ts';
import { recordAudit } from '../../store/audit.ts';
import { readConnection, setConnectionState } from '../../store/connection.ts';
import { readPushBacklog } from '../../store/push-queue.ts';
import { readCursor } from '../../store/sync-cursor.ts';
import { inSyncTurn, type SyncTurn } from '../../store/sync-turn.ts';
import type { PushResult, SyncActivities } from '../contract.ts';
import type { ActivityDependencies, Connection } from '../decision/dependencies.ts';
import { countingCalls, holdFor } from './spare-calls.ts';
import { laneOf } from './lane.ts';
import { findObstacle, whileFitting } from './obstacle.ts';
import { pullChanges, type Pulled } from './capture.ts';
import { stepBackfill } from './backfill.ts';
import { captureJobs } from './bulk/capture-job.ts';
import { retryRows } from './pull-page.ts';
import { openSource, TWO_WAY, isTwoWay } from './open-source.ts';
import { pushTwoWayBatch } from './push-batch.ts';
import { pushNotes, type PushedNotes } from './push-note.ts';
import { pushOpportunityBatch } from './push-opportunity.ts';

const NOTHING_PUSHED: PushResult = { written: 0, unchanged: 0, refused: 0, postponed: 0, dueNow: 0 };

/** A backfill has the turn for a page; who finds it taken for longer comes again soon. */
const TURN_PATIENCE_MS = 3_000;
const TURN_AGAIN_MS = 5_000;

/**
 * What the sync workflows ask for: one page in, or one batch out, each committed with its cursor or its bases.
 *
 * One worker at a time moves an object type of a connection. Who waits for its turn in vain finds nothing to do and is asked again a little later.
 */
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
  const stateOf = async (name: string) => {
    const known = await readConnection(deps.db, name);
    return { state: known?.state ?? 'running', reason: known?.reason ?? null, calls: known?.calls ?? null } as const;
  };

  // A worker that starts while the day's calls are used up is refused here first.
  const lookForObstacle = (name: string, connection: Connection, objectType: ObjectType) =>
    countingCalls(deps, name, connection, () => findObstacle(deps, name, connection, objectType));

  return {
    async pullPage(name, objectType) {
      const connection = connectionNamed(name);
      const { state, reason, calls } = await stateOf(name);
      if (state !== 'running') return { state, reason, rows: 0, drained: true, pendingOut: 0 };
      const obstacle = holdFor(objectType, calls, deps.now()) ?? (await lookForObstacle(name, connection, objectType));
      if (obstacle !== null) return { ...obstacle, rows: 0, drained: true, pendingOut: 0 };
      const page = await countingCalls(deps, name, connection, () =>
        inSyncTurn(deps.db, name, objectType, TURN_PATIENCE_MS, () =>
          whileFitting(connection, objectType, () => pullOnePage(deps, name, connection, objectType)),
        ),
      );
      if (page === null) return { state, reason: null, rows: 0, drained: true, pendingOut: 0, nextInMs: TURN_AGAIN_MS };
      const { dueNow: pendingOut, ...next } = isTwoWay(objectType) ? await readPushBacklog(deps.db, name, objectType) : { dueNow: 0 };
      return { state, reason: null, ...page, pendingOut, ...soonest(page, next) };
    },

    async pushBatch(name, objectType) {
      const connection = connectionNamed(name);
      if (!isTwoWay(objectType)) return NOTHING_PUSHED;
      const { state, calls } = await stateOf(name);
      if (state !== 'running' || holdFor(objectType, calls, deps.now()) !== null) return NOTHING_PUSHED;
      if ((await lookForObstacle(name, connection, objectType)) !== null) return NOTHING_PUSHED;
      const batch = await countingCalls(deps, name, connection, () =>
        inSyncTurn(deps.db, name, objectType, TURN_PATIENCE_MS, (turn) => pushOneBatch(deps, name, connection, objectType, turn)),
      );
      return batch ?? { ...NOTHING_PUSHED, nextInMs: TURN_AGAIN_MS };
    },

    async backfillStep(name) {
      return stepBackfill(deps, name, connectionNamed(name));
    },

    async parkConnection(name, failureCode) {
      // What a person paused stays paused.
      if ((await stateOf(name)).state !== 'running') return;
      const at = deps.now();
      await deps.db.transaction().execute(async (trx) => {
        await setConnectionState(trx, name, 'parked', failureCode, at);
        const details = { from: 'running', to: 'parked', code: failureCode };
        await recordAudit(trx, { subject: `connection/${name}`, kind: 'parked', actor: 'sync', details, at });
      });
    },
  };
}

function soonest(...waits: readonly { readonly nextInMs?: number }[]): { readonly nextInMs?: number } {
  const known = waits.flatMap(({ nextInMs }) => nextInMs ?? []);
  return known.length === 0 ? {} : { nextInMs: Math.min(...known) };
}

async function pullOnePage(deps: ActivityDependencies, name: string, connection: Connection, objectType: ObjectType): Promise<Pulled> {
  const opened = await openSource(deps, name, connection, objectType);
  const cursor = await readCursor(deps.db, name, objectType);
  const source = { ...opened, ...captureJobs(deps, name, connection, objectType, opened) };
  const page = await pullChanges(source, cursor, deps.now, opened.keep);
  if (!page.drained || !isTwoWay(objectType) || objectType === 'opportunity') return page;
  return { ...page, rows: page.rows + (await retryRows(laneOf(deps, name, connection, TWO_WAY[objectType]))) };
}

async function pushOneBatch(
  deps: ActivityDependencies,
  name: string,
  connection: Connection,
  objectType: keyof typeof TWO_WAY,
  turn: SyncTurn,
): Promise<PushResult> {
  if (objectType === 'opportunity') return pushOpportunityBatch(deps, name, connection, turn);
  const { notes } = connection.mapping[objectType];
  const noted = notes === undefined ? null : await pushNotes(deps, name, connection, notes, turn);
  const batch = await whileFitting(connection, objectType, () =>
    pushTwoWayBatch(laneOf(deps, name, connection, TWO_WAY[objectType]), turn),
  );
  return noted === null ? batch : together(batch, noted);
}

function together(batch: PushResult, { written, unchanged, refused, postponed }: PushedNotes): PushResult {
  return {
    ...batch,
    written: batch.written + written,
    unchanged: batch.unchanged + unchanged,
    refused: batch.refused + refused,
    postponed: batch.postponed + postponed,
  };
}
