import type { RemoteRow } from '../../crm/port.ts';
import type { ObjectMapping } from '../../mappings/field-mapping.ts';
import { clearChanged, type ChangedRecord } from '../../store/changed-record.ts';
import { readMirrorStamps } from '../../store/crm-mirror.ts';
import type { Transaction } from '../../store/database.ts';
import { findAgreedSince } from '../../store/link.ts';
import { queuePush } from '../../store/push-queue.ts';
import { readStandingOpportunities } from '../../store/standing-record.ts';
import { saveCursor, type SyncCursor } from '../../store/sync-cursor.ts';
import type { ActivityDependencies, Connection } from '../decision/dependencies.ts';
import { adoptRows } from './adopt-row.ts';
import { laneOf, type Lane } from './lane.ts';
import { mergeRows } from './merge-row.ts';
import { MIRROR_TABLES } from './mirror-record.ts';
import { conversionOf, NO_STAGES, stagePlacesOf, type StagePlaces } from './opportunity-definition.ts';
import { opportunityRecords } from './opportunity-record.ts';
import { findOutdatedCopies, keepMirrored } from './pull-mirror.ts';
import { forgetRows } from './pull-page.ts';
import { toldChanges } from './told-change.ts';
import type { PullSource } from './pull-source.ts';

/**
 * Opportunities: all of them come into the mirror, as evidence, and those of which we write something are records of ours. Rows, bases, events and the cursor are
 * committed in one transaction. In a CRM without the shipped fields it is the mirror alone.
 */
export async function opportunitySource(deps: ActivityDependencies, name: string, connection: Connection): Promise<PullSource> {
  const { port, mapping } = connection;
  const written = await conversionOf(connection);
  const lane = written === null ? null : laneOf(deps, name, connection, opportunityRecords, written.conversion.mapping);
  const knownStamps = (ids: readonly string[]) => readMirrorStamps(deps.db, MIRROR_TABLES.opportunity, name, ids);
  return {
    port,
    mapping: lane === null ? mapping.opportunity : withFieldsOf(mapping.opportunity, lane.mapping),
    isOrdered: false,
    knownStamps,
    told: toldChanges(deps.db, name, 'opportunity'),
    readStanding: (after, limit) => readStandingOpportunities(deps.db, name, after, limit),
    findOutdated: async (rows, since) => {
      const ids = rows.map(({ id }) => id);
      const agreed = lane === null ? [] : await findAgreedSince(deps.db, name, 'opportunity', ids, since);
      return new Set([...agreed, ...(await findOutdatedCopies(knownStamps, rows))]);
    },
    keep: async (rows, cursor, looked) => {
      const stages = rows.length === 0 ? NO_STAGES : await stagePlacesOf(connection);
      const keep = (trx: Transaction) => keepPage(trx, deps, name, { rows, stages, cursor, looked });
      if (lane === null) await deps.db.transaction().execute(keep);
      else await mergePage(lane, rows, keep);
    },
  };
}

function withFieldsOf(mapping: ObjectMapping, more: ObjectMapping): ObjectMapping {
  return { ...mapping, fields: [...mapping.fields, ...more.fields.filter(({ createOnly }) => createOnly !== true)] };
}

async function keepPage(
  trx: Transaction,
  deps: ActivityDependencies,
  name: string,
  {
    rows,
    stages,
    cursor,
    looked,
  }: {
    readonly rows: readonly RemoteRow[];
    readonly stages: StagePlaces;
    readonly cursor: SyncCursor | null;
    readonly looked: readonly ChangedRecord[];
  },
): Promise<void> {
  await keepMirrored(trx, deps, name, 'opportunity', rows, stages);
  if (cursor !== null) await saveCursor(trx, name, 'opportunity', cursor);
  await clearChanged(trx, name, 'opportunity', looked);
}

/** An opportunity of ours that nobody linked yet, since the answer to its creation was lost, is found by the id that it carries. */
async function mergePage(lane: Lane, rows: readonly RemoteRow[], keep: (trx: Transaction) => Promise<void>): Promise<void> {
  const { connection, mapping, records } = lane;
  const key = mapping.externalId?.theirs ?? '';
  await adoptRows(
    lane,
    rows.filter(({ fields }) => typeof fields[key] === 'string' && fields[key] !== ''),
  );
  await mergeRows(lane, rows, async (trx, merged) => {
    const toSend = merged.filter(({ send }) => Object.keys(send).length > 0).map(({ pair }) => pair.local.localId);
    await queuePush(trx, [connection], records.objectType, toSend);
    // Where one was merged into another, the mirror takes the registrations along; what we say on the one that stays has a record of its own.
    const gone = rows.filter((row) => row.deleted).map((row) => ({ ...row, mergedInto: null }));
    await forgetRows(trx, lane, gone);
    await keep(trx);
  });
}
