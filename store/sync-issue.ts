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

/** Closes the open issues of a record that was carried after all. */
export async function resolveIssuesOf(
  trx: Transaction,
  connection: string,
  objectType: ObjectType,
  record: { localId?: string; remoteId?: string },
  now: Instant,
): Promise<void> {
  let query = trx
    .updateTable('sync_issue')
    .set({ status: 'resolved', updated_at: now })
    .where('connection', '=', connection)
    .where('object_type', '=', objectType)
    .where('status', '=', 'open');
  if (record.localId !== undefined) query = query.where('local_id', '=', record.localId);
  if (record.remoteId !== undefined) query = query.where('remote_id', '=', record.remoteId);
  await query.execute();
}

export async function findIssue(db: Database | Transaction, id: string): Promise<SyncIssue | null> {
  const row = await db.selectFrom('sync_issue').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : issueOf(row);
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
    after?: { createdAt: Instant; id: string } | undefined;
    limit: number;
  },
): Promise<readonly SyncIssue[]> {
  let query = db.selectFrom('sync_issue').selectAll().orderBy('created_at').orderBy('id').limit(filter.limit);
  if (filter.status !== undefined) query = query.where('status', '=', filter.status);
  if (filter.connection !== undefined) query = query.where('connection', '=', filter.connection);
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
