import { sql, type Kysely } from 'kysely';

const STATEMENTS = `
alter table registration add column submitted_by text;
alter table case_command add column command jsonb;

create table absence (
  id uuid primary key,
  alias text not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  delegate text,
  scope jsonb not null,
  entered_by text not null,
  entered_at timestamptz not null,
  check (from_at <= until_at)
);
create index absence_until on absence (until_at);

create table question (
  subject text not null,
  number integer not null,
  kind text not null,
  registration_id uuid not null references registration (id),
  role text not null,
  reason text not null,
  approver text,
  on_behalf_of text,
  asked text[] not null,
  put_at timestamptz not null,
  due_at timestamptz not null,
  reminded_at timestamptz,
  closed_at timestamptz,
  closed_by text,
  answer text,
  primary key (subject, number)
);
create index question_open_approver on question (approver) where closed_at is null;
create index question_open_asked on question using gin (asked) where closed_at is null;
create index question_registration on question (registration_id);
`;

/**
 * People who answer questions: when they are away, and what each was asked, by when, and how it ended. `submitted_by`: the user who entered a registration in a CRM, who
 * decides nothing about it. What was open before this release gets its rows when it is put on or answered.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
