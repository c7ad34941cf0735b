import { sql, type Kysely } from 'kysely';

const STATEMENTS = `
create table task (
  id uuid primary key,
  subject text not null,
  registration_id uuid not null references registration,
  assignee text not null,
  kind text not null,
  title text not null,
  body text not null,
  due_at timestamptz,
  priority text not null,
  status text not null,
  outcome text,
  field_times jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index task_open_of_subject on task (subject) where status = 'open';
create index task_of_registration on task (registration_id);

create table task_place (
  task_id uuid not null references task,
  connection text not null,
  reopened_at timestamptz,
  deleted_at timestamptz,
  left_as text,
  notes jsonb not null default '{}',
  primary key (task_id, connection)
);
`;

/** Tasks for approvers and notes in the timeline of a record, and what people made of them in each CRM. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
