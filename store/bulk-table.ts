import type { Generated, JSONColumnType } from 'kysely';

/** The tables of what a CRM works on while we wait, and of backfills. */
export interface BulkTables {
  readonly bulk_job: BulkJobTable;
  readonly bulk_write: {
    readonly job_id: string;
    readonly key: string;
    readonly connection: string;
    readonly object_type: string;
    readonly local_id: string;
    readonly version: string;
    readonly attempts: number;
    readonly parent: string;
    readonly record: Json<BulkWriteRecord>;
  };
  readonly backfill: {
    readonly connection: string;
    readonly object_type: string;
    readonly state: 'waiting' | 'reading' | 'done';
    readonly reason: string | null;
    readonly rows_done: Generated<number>;
    readonly rows_total: number | null;
    readonly after_stamp: string | null;
    readonly after_id: string | null;
    readonly asked_at: string;
    readonly started_at: string | null;
    readonly ended_at: string | null;
  };
}

export interface BulkJobTable {
  readonly id: string;
  readonly connection: string;
  readonly object_type: string;
  readonly work: 'update' | 'upsert' | 'capture' | 'backfill';
  readonly phase: 'filling' | 'filled' | 'open' | 'uploaded' | 'closed' | 'ended' | 'asking' | 'reading' | 'refused';
  readonly remote_id: string | null;
  readonly position: string | null;
  readonly before_stamp: string | null;
  readonly begun_at: Generated<string>;
  readonly closed_at: string | null;
  readonly due_at: Generated<string>;
  readonly polls: Generated<number>;
  readonly row_count: Generated<number>;
  readonly byte_count: Generated<string>;
}

/** What a write in a job needs to be sent again, and to be judged when its outcome is there. */
export interface BulkWriteRecord {
  /** As the CRM's port takes it. */
  readonly write: object;
  readonly sent: Record<string, string | null>;
  /** What the CRM had when it was read for the plan; null where the record is to be made. */
  readonly seen: Record<string, string | null> | null;
  readonly seenAt: string;
  /** Fields that were left out, since the CRM would refuse the record for them. */
  readonly left: readonly { readonly field: string; readonly message: string }[];
}

type Json<T extends object> = JSONColumnType<T, string, string>;
