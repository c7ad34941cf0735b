import { CrmFailure } from '../../crm/failures.ts';
import { remoteFieldsOf } from '../../mappings/field-mapping.ts';
import { changeBackfill, queueUnlinked, readBackfills, type Backfill } from '../../store/backfill.ts';
import { readConnection } from '../../store/connection.ts';
import { inSyncTurn } from '../../store/sync-turn.ts';
import type { BackfillStep } from '../contract.ts';
import type { ActivityDependencies, Connection } from '../decision/dependencies.ts';
import { beginReading, endReading, goOnReading, type JobReader, type ReadStep } from './bulk/read-job.ts';
import { filterOf } from './capture.ts';
import { DEFAULT_BULK_FROM } from './lane.ts';
import { findObstacle, whileFitting } from './obstacle.ts';
import { openSource } from './open-source.ts';
import type { PullSource } from './pull-source.ts';
import { countingCalls, holdFor } from './spare-calls.ts';

const PAGE_ROWS = 500;
/** Longer than a page of live edits takes. */
const TURN_PATIENCE_MS = 30_000;
/** What holds a backfill passes slowly: calls come back by the hour, and people resume connections. */
const LOOK_AGAIN_MS = 30_000;
/** Rows that are younger may change again under the same stamp: they are left to sync, which goes on meanwhile. */
const SETTLED_AFTER_MS = 2_000;

/**
 * Reads all records of the types that were asked for, one type after the other, and merges them: first matches are made, and what was missed is found. Records of ours that
 * turn out not to be in the CRM are queued to be written.
 *
 * It is background work: it waits at the soft share of the day's calls, and has the turn of a record type for one page at a time, so that live edits go on.
 */
export async function stepBackfill(deps: ActivityDependencies, name: string, connection: Connection): Promise<BackfillStep> {
  const backfill = (await readBackfills(deps.db, name)).find(({ state }) => state !== 'done');
  if (backfill === undefined) return { objectType: null, done: 0, total: null, reason: null, nextInMs: 0 };
  const { objectType } = backfill;
  const known = await readConnection(deps.db, name);
  const paused = known === null || known.state === 'running' ? null : { reason: known.reason ?? known.state };
  const held = paused ?? holdFor('backfill', known?.calls ?? null, deps.now()) ?? (await findObstacle(deps, name, connection, objectType));
  if (held !== null) {
    await changeBackfill(deps.db, backfill, { reason: held.reason });
    return stepOf(backfill, held.reason ?? 'it is held', LOOK_AGAIN_MS);
  }
  const nextInMs = await countingCalls(deps, name, connection, () =>
    whileFitting(connection, objectType, () => takeStep(deps, name, connection, backfill)),
  );
  const after = (await readBackfills(deps.db, name)).find((each) => each.objectType === objectType) ?? backfill;
  return stepOf(after, null, nextInMs);
}

function stepOf({ objectType, done, total }: Backfill, reason: string | null, nextInMs: number): BackfillStep {
  return { objectType, done, total, reason, nextInMs };
}

/** Returns when the next step may be taken, in milliseconds from now. */
async function takeStep(deps: ActivityDependencies, name: string, connection: Connection, backfill: Backfill): Promise<number> {
  const { objectType } = backfill;
  const { port, bulkFrom = DEFAULT_BULK_FROM } = connection;
  const source = await openSource(deps, name, connection, objectType);
  const keep = async (rows: Parameters<PullSource['keep']>[0]): Promise<void> => {
    await source.keep(rows, null, []);
    await changeBackfill(deps.db, backfill, { read: rows.length });
  };
  const alone = (work: () => Promise<void>): Promise<void> => inTurn(deps, name, objectType, work);
  const { bulk } = port;
  if (bulk === undefined) {
    if (backfill.state === 'waiting') await changeBackfill(deps.db, backfill, { state: 'reading', startedAt: deps.now() });
    return readOnePage(deps, name, backfill, source, keep);
  }
  const reader: JobReader = { deps, connection: name, objectType, work: 'backfill', bulk, source, alone };
  const before = new Date(Date.now() + port.clockOffsetMs() - SETTLED_AFTER_MS).toISOString();
  if (backfill.state === 'waiting') {
    // What an earlier one left behind shows rows as they were then.
    await endReading(reader);
    const total = await bulk.count({ ...filterOf(source.mapping), object: source.mapping.object, from: null });
    await changeBackfill(deps.db, backfill, { state: 'reading', total, startedAt: deps.now() });
    // The count was a call, and so told of the CRM's clock.
    return takeStep(deps, name, connection, { ...backfill, state: 'reading', total });
  }
  const isMany = (backfill.total ?? 0) >= bulkFrom && backfill.after === null;
  const step: ReadStep = isMany ? await goOnReading(reader, keep) : { kind: 'refused' };
  switch (step.kind) {
    case 'none':
      await beginReading(reader, { from: null, before });
      return 0;
    case 'refused':
      return readOnePage(deps, name, backfill, source, keep);
    case 'waits':
      return step.pauseMs;
    case 'read':
      if (!step.isDone) return 0;
      await finish(deps, backfill);
      await endReading(reader);
      return 0;
  }
}

async function readOnePage(
  deps: ActivityDependencies,
  name: string,
  backfill: Backfill,
  { port, mapping }: PullSource,
  keep: (rows: Parameters<PullSource['keep']>[0]) => Promise<void>,
): Promise<number> {
  await inTurn(deps, name, backfill.objectType, async () => {
    const fields = remoteFieldsOf(mapping);
    const page = await port.capture({ ...filterOf(mapping), object: mapping.object, fields, after: backfill.after, limit: PAGE_ROWS });
    await keep(page.rows);
    const last = page.rows.at(-1);
    const isYoung = last !== undefined && page.serverTimeMs - Date.parse(last.stamp) < SETTLED_AFTER_MS;
    if (last === undefined || page.drained || isYoung) await finish(deps, backfill);
    else await changeBackfill(deps.db, backfill, { after: { stamp: last.stamp, id: last.id } });
  });
  return 0;
}

async function finish(deps: ActivityDependencies, backfill: Backfill): Promise<void> {
  const { connection, objectType } = backfill;
  await deps.db.transaction().execute(async (trx) => {
    if (objectType === 'partner' || objectType === 'registration') await queueUnlinked(trx, connection, objectType);
    await changeBackfill(trx, backfill, { state: 'done', endedAt: deps.now() });
  });
}

async function inTurn(
  { db }: ActivityDependencies,
  name: string,
  objectType: Backfill['objectType'],
  work: () => Promise<void>,
): Promise<void> {
  const had = await inSyncTurn(db, name, objectType, TURN_PATIENCE_MS, async () => {
    await work();
    return true;
  });
  if (had === null)
    throw new CrmFailure('CRM_RATE_LIMITED', `Somebody else has been moving ${objectType}s for ${TURN_PATIENCE_MS / 1_000} s`);
}
