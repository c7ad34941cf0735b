import { sql, type Kysely } from 'kysely';

const STATEMENTS = `
create table bulk_job (
  id uuid primary key,
  connection text not null,
  object_type text not null,
  work text not null,
  phase text not null,
  remote_id text,
  position text,
  before_stamp timestamptz,
  begun_at timestamptz not null default now(),
  closed_at timestamptz,
  due_at timestamptz not null default now(),
  polls int not null default 0,
  row_count int not null default 0,
  byte_count bigint not null default 0,
  constraint bulk_job_work check (work in ('update', 'upsert', 'capture', 'backfill')),
  constraint bulk_job_phase check (phase in ('filling', 'filled', 'open', 'uploaded', 'closed', 'ended', 'asking', 'reading', 'refused'))
);
create index bulk_job_of_lane on bulk_job (connection, object_type);
create unique index bulk_job_filled_once on bulk_job (connection, object_type, work) where phase in ('filling', 'asking', 'reading', 'refused');

create table bulk_write (
  job_id uuid not null references bulk_job on delete cascade,
  key text not null,
  connection text not null,
  object_type text not null,
  local_id uuid not null,
  version bigint not null,
  attempts int not null,
  parent text not null,
  record jsonb not null,
  primary key (job_id, key)
);
create unique index bulk_write_of_record on bulk_write (connection, object_type, local_id);
create index bulk_write_by_parent on bulk_write (job_id, parent, key);

alter table link add column agreed_at timestamptz;

create table backfill (
  connection text not null,
  object_type text not null,
  state text not null,
  reason text,
  rows_done int not null default 0,
  rows_total int,
  after_stamp timestamptz,
  after_id text,
  asked_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  primary key (connection, object_type),
  constraint backfill_state check (state in ('waiting', 'reading', 'done'))
);
`;

/**
 * Jobs that a CRM works on while we wait, and the writes that are in one. A job's id in the CRM is here before anything is sent under it. `agreed_at` of a link: when
 * its base was changed last, so that a row that was read before is known to be outdated. And how far a backfill has come.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
