import type { CapturePosition, RemoteRow } from '../../crm/port.ts';
import { remoteFieldsOf } from '../../mappings/field-mapping.ts';
import type { Instant, ObjectType } from '../../program/vocabulary.ts';
import { readMirrorStamps } from '../../store/crm-mirror.ts';
import { readLinksByRemote } from '../../store/link.ts';
import type { SyncCursor } from '../../store/sync-cursor.ts';
import type { ActivityDependencies, Connection } from '../decision/dependencies.ts';
import { MIRROR_TABLES } from './mirror-record.ts';

const PAGE_ROWS = 500;
/** Rows that commit late carry stamps from before: this far behind the cursor the ids and stamps are read again. Salesforce: seen up to minutes, so ten. */
const OVERLAP_MS = 10 * 60_000;
const SWEEP_EVERY_MS = 60_000;
/** Stamps have the resolution of a second: a row that is younger may change again without a new stamp. */
const SETTLED_AFTER_MS = 2_000;

export interface Captured {
  readonly rows: readonly RemoteRow[];
  readonly drained: boolean;
  readonly cursor: SyncCursor;
}

/**
 * Reads the next page of changes, and where the cursor stands once its rows are stored.
 *
 * The first page of a drain begins at the cursor's stamp, inclusive; at the end of a drain the cursor stays inclusive while the last stamp is still young.
 * Once a minute the overlap behind the cursor is swept by id and stamp, and full rows are read for pairs that we do not know.
 */
export async function captureNext(
  deps: ActivityDependencies,
  name: string,
  { port, mapping }: Connection,
  objectType: ObjectType,
  cursor: SyncCursor,
): Promise<Captured> {
  const object = mapping[objectType];
  const fields = remoteFieldsOf(object);
  const filter = object.whereNotNull === null ? {} : { whereNotNull: object.whereNotNull };
  const page = await port.capture({ object: object.object, fields, after: cursor.position, limit: PAGE_ROWS, ...filter });
  const last = page.rows.at(-1);
  const isSettled = last !== undefined && page.serverTimeMs - Date.parse(last.stamp) >= SETTLED_AFTER_MS;
  const position = last === undefined ? cursor.position : { stamp: last.stamp, id: page.drained && !isSettled ? '' : last.id };
  const serverTime = new Date(page.serverTimeMs).toISOString();
  const pulledAt = page.drained ? deps.now() : cursor.pulledAt;
  const sweepIsDue =
    page.drained && position !== null && (cursor.sweptAt === null || page.serverTimeMs - Date.parse(cursor.sweptAt) >= SWEEP_EVERY_MS);
  if (!sweepIsDue) return { rows: page.rows, drained: page.drained, cursor: { position, sweptAt: cursor.sweptAt, pulledAt } };

  const late = await sweepOverlap(deps, name, { port, mapping }, objectType, position, new Set(page.rows.map((row) => row.id)));
  return { rows: [...page.rows, ...late], drained: true, cursor: { position, sweptAt: serverTime, pulledAt } };
}

async function sweepOverlap(
  deps: ActivityDependencies,
  name: string,
  { port, mapping }: Connection,
  objectType: ObjectType,
  position: CapturePosition,
  seen: ReadonlySet<string>,
): Promise<readonly RemoteRow[]> {
  const object = mapping[objectType];
  const filter = object.whereNotNull === null ? {} : { whereNotNull: object.whereNotNull };
  const late: RemoteRow[] = [];
  let after: CapturePosition = { stamp: new Date(Date.parse(position.stamp) - OVERLAP_MS).toISOString(), id: '' };
  for (;;) {
    const page = await port.capture({ object: object.object, fields: [], after, limit: 2_000, ...filter });
    const known = await knownStamps(deps, name, objectType, page.rows);
    const unknown = page.rows.filter(
      (row) => !seen.has(row.id) && (known.get(row.id) !== row.stamp || page.serverTimeMs - Date.parse(row.stamp) < SETTLED_AFTER_MS),
    );
    late.push(
      ...(unknown.length === 0
        ? []
        : await port.read(
            object.object,
            unknown.map((row) => row.id),
            remoteFieldsOf(object),
          )),
    );
    const last = page.rows.at(-1);
    if (page.drained || last === undefined) return late;
    after = { stamp: last.stamp, id: last.id };
  }
}

async function knownStamps(
  deps: ActivityDependencies,
  name: string,
  objectType: ObjectType,
  rows: readonly RemoteRow[],
): Promise<ReadonlyMap<string, Instant | null>> {
  const ids = rows.map((row) => row.id);
  if (objectType === 'user' || objectType === 'account' || objectType === 'opportunity')
    return readMirrorStamps(deps.db, MIRROR_TABLES[objectType], name, ids);
  const links = await readLinksByRemote(deps.db, name, objectType, ids);
  return new Map([...links].map(([id, link]) => [id, link.remoteStamp]));
}
