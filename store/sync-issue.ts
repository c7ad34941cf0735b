import { sql, type Selectable } from 'kysely';
import type { Instant, IssueCategory, ObjectType } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';
import type { SyncIssueTable } from './schema.ts';

/** A record that sync could not carry: the CRM's own words, what to do, and how often it was tried. */
export interface SyncIssue {
  readonly id: string;
  readonly connection: string;
  readonly objectType: ObjectType;
  readonly localId: string | null;
  readonly remoteId: string | null;
  readonly category: IssueCategory;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly attempts: number;
  readonly status: 'open' | 'skipped' | 'resolved';
  readonly createdAt: Instant;
}

export type NewIssue = Omit<SyncIssue, 'id' | 'attempts' | 'status' | 'createdAt'>;

/** Opens an issue, or counts another attempt on the open one for the same record and code. */
export async function raiseIssue(trx: Transaction, id: string, issue: NewIssue, now: Instant): Promise<void> {
  await trx
    .insertInto('sync_issue')
    .values({
      id,
      connection: issue.connection,
      object_type: issue.objectType,
      local_id: issue.localId,
      remote_id: issue.remoteId,
      category: issue.category,
      code: issue.code,
      message: issue.message,
      remedy: issue.remedy,
      attempts: 1,
      status: 'open',
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) =>
      conflict
        .expression(sql`connection, object_type, coalesce(local_id::text, ''), coalesce(remote_id, ''), code`)
        .where('status', '=', 'open')
        .doUpdateSet({ attempts: sql<number>`sync_issue.attempts + 1`, message: issue.message, updated_at: now }),
    )
    .execute();
}

/** What an issue is about: a row of theirs that could not be taken over, or a record of ours that could not be written. */
export type IssueSide = 'row' | 'write';

/** Followed by the CRM's name of a field whose value stayed behind, while the rest of its record was written. */
export const FIELD_NOT_WRITTEN = 'FIELD_NOT_WRITTEN_';

/** Codes of the first kind; `FIELD_UNREADABLE` is followed by the field. Every other code is of the second. */
const ROW_CODES = '^(FIELD_UNREADABLE_.*|ROW_NOT_PROCESSED|RECORD_NOT_OURS|RECORD_DOUBLED|SUBMISSION_INCOMPLETE)$';

/** Closes the open issues of one side of these records, except those with a code in `except`: what they told of is mended. */
export async function resolveIssues(
  trx: Transaction,
  connection: string,
  objectType: ObjectType,
  side: IssueSide,
  records: { readonly localIds: readonly string[] } | { readonly remoteIds: readonly string[] },
  now: Instant,
  except: readonly string[] = [],
): Promise<void> {
  const [column, ids] = 'localIds' in records ? (['local_id', records.localIds] as const) : (['remote_id', records.remoteIds] as const);
  if (ids.length === 0) return;
  let query = trx
    .updateTable('sync_issue')
    .set({ status: 'resolved', updated_at: now })
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('status', '=', 'open')
    .where(column, 'in', [...ids])
    .where('code', side === 'row' ? '~' : '!~', ROW_CODES);
  if (except.length > 0) query = query.where('code', 'not in', [...except]);
  await query.execute();
}

/**
 * The rows of theirs that could not be taken over and are to be looked at again, the longest waiting first, although nobody touched them: what they lacked may
 * be there now. The pause grows by a minute with every look in vain, up to an hour; it begins anew here.
 */
export async function takeRowsToRetry(
  db: Database,
  connection: string,
  objectType: ObjectType,
  now: Instant,
  limit: number,
): Promise<readonly string[]> {
  const due = db
    .selectFrom('sync_issue')
    .select('id')
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('status', '=', 'open')
    .where('remote_id', 'is not', null)
    .where('code', '~', ROW_CODES)
    .where(sql<boolean>`updated_at <= ${now}::timestamptz - least(attempts, 60) * interval '1 minute'`)
    .orderBy('updated_at')
    .limit(limit);
  const rows = await db.updateTable('sync_issue').set({ updated_at: now }).where('id', 'in', due).returning('remote_id').execute();
  return [...new Set(rows.map((row) => row.remote_id ?? ''))];
}

/** Those of the records that have an open issue with this code. */
export async function readRecordsWithIssue(
  db: Database | Transaction,
  connection: string,
  objectType: ObjectType,
  localIds: readonly string[],
  code: string,
): Promise<ReadonlySet<string>> {
  if (localIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('sync_issue')
    .select('local_id')
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('local_id', 'in', [...localIds])
    .where('code', '=', code)
    .where('status', '=', 'open')
    .execute();
  return new Set(rows.map((row) => row.local_id ?? ''));
}

/** Our record lost its own, which was merged into that of another record of ours: a person settles it. */
export const MERGED_INTO_ANOTHER = 'MERGED_INTO_ANOTHER';

/** Those of the records that lost their own so, with the id of the one that is gone, and whether somebody retried it since. */
export async function readMerged(
  db: Database | Transaction,
  connection: string,
  objectType: ObjectType,
  localIds: readonly string[],
): Promise<ReadonlyMap<string, { readonly remoteId: string | null; readonly isRetried: boolean }>> {
  if (localIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('sync_issue')
    .select(['local_id', 'remote_id', 'status'])
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('local_id', 'in', [...localIds])
    .where('code', '=', MERGED_INTO_ANOTHER)
    .orderBy('created_at')
    .execute();
  return new Map(rows.map((row) => [row.local_id ?? '', { remoteId: row.remote_id, isRetried: row.status === 'resolved' }]));
}

export async function findIssue(db: Database | Transaction, id: string): Promise<SyncIssue | null> {
  const row = await db.selectFrom('sync_issue').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : issueOf(row);
}

const DUE_AT_ONCE = '1970-01-01T00:00:00.000Z';

/**
 * Makes the issue of a row that only the CRM has open and due at once: the next pull reads the row again, and closes the issue if it can.
 * One that was set aside while the same came up anew stays aside; the newer one is brought forward.
 */
export async function bringIssueForward(trx: Transaction, { id, connection, objectType, remoteId, code }: SyncIssue): Promise<void> {
  const open = await trx
    .selectFrom('sync_issue')
    .select('id')
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('remote_id', '=', remoteId)
    .where('local_id', 'is', null)
    .where('code', '=', code)
    .where('status', '=', 'open')
    .executeTakeFirst();
  const values = { status: 'open', updated_at: DUE_AT_ONCE } as const;
  await trx
    .updateTable('sync_issue')
    .set(values)
    .where('id', '=', open?.id ?? id)
    .execute();
}

/** Makes the open issues with this code due at once: what their rows lacked may be there now. */
export async function bringIssuesForward(trx: Transaction, connection: string, objectType: ObjectType, code: string): Promise<void> {
  await trx
    .updateTable('sync_issue')
    .set({ updated_at: DUE_AT_ONCE })
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('code', '=', code)
    .where('status', '=', 'open')
    .execute();
}

/** The unsettled issue with this code about a record type as a whole, the latest one. `isDue`: somebody asked for another look. */
export async function findLaneIssue(
  db: Database,
  connection: string,
  objectType: ObjectType,
  code: string,
): Promise<{ readonly status: 'open' | 'skipped'; readonly isDue: boolean } | null> {
  const row = await db
    .selectFrom('sync_issue')
    .select(['status', 'updated_at'])
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('local_id', 'is', null)
    .where('remote_id', 'is', null)
    .where('code', '=', code)
    .where('status', '!=', 'resolved')
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined || row.status === 'resolved' ? null : { status: row.status, isDue: row.updated_at === DUE_AT_ONCE };
}

/** Closes the issues with this code about a record type as a whole. */
export async function resolveLaneIssues(
  trx: Transaction,
  connection: string,
  objectType: ObjectType,
  code: string,
  now: Instant,
): Promise<void> {
  await trx
    .updateTable('sync_issue')
    .set({ status: 'resolved', updated_at: now })
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('local_id', 'is', null)
    .where('remote_id', 'is', null)
    .where('code', '=', code)
    .where('status', '!=', 'resolved')
    .execute();
}

/** Closes the open issues with this code: what they told of is mended for all records. */
export async function resolveIssuesWith(
  trx: Transaction,
  connection: string,
  objectType: ObjectType,
  code: string,
  now: Instant,
): Promise<void> {
  await trx
    .updateTable('sync_issue')
    .set({ status: 'resolved', updated_at: now })
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('code', '=', code)
    .where('status', '=', 'open')
    .execute();
}

export async function setIssueStatus(trx: Transaction, id: string, status: SyncIssue['status'], now: Instant): Promise<void> {
  await trx.updateTable('sync_issue').set({ status, updated_at: now }).where('id', '=', id).execute();
}

/** Oldest first. `after` is the last one of the page before. */
export async function listIssues(
  db: Database,
  filter: {
    status?: SyncIssue['status'] | undefined;
    connection?: string | undefined;
    objectType?: ObjectType | undefined;
    after?: { createdAt: Instant; id: string } | undefined;
    limit: number;
  },
): Promise<readonly SyncIssue[]> {
  let query = db.selectFrom('sync_issue').selectAll().orderBy('created_at').orderBy('id').limit(filter.limit);
  if (filter.status !== undefined) query = query.where('status', '=', filter.status);
  if (filter.connection !== undefined) query = query.where('connection', '=', filter.connection);
  if (filter.objectType !== undefined) query = query.where('object_type', '=', filter.objectType);
  const after = filter.after;
  if (after !== undefined) {
    query = query.where((where) =>
      where.or([
        where('created_at', '>', after.createdAt),
        where.and([where('created_at', '=', after.createdAt), where('id', '>', after.id)]),
      ]),
    );
  }
  return (await query.execute()).map(issueOf);
}

export async function countOpenIssues(db: Database, connection: string, objectType: ObjectType): Promise<number> {
  const row = await db
    .selectFrom('sync_issue')
    .select((select) => select.fn.countAll<string>().as('count'))
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('status', '=', 'open')
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

function issueOf(row: Selectable<SyncIssueTable>): SyncIssue {
  return {
    id: row.id,
    connection: row.connection,
    objectType: row.object_type as ObjectType,
    localId: row.local_id,
    remoteId: row.remote_id,
    category: row.category as IssueCategory,
    code: row.code,
    message: row.message,
    remedy: row.remedy,
    attempts: row.attempts,
    status: row.status,
    createdAt: row.created_at,
  };
}
