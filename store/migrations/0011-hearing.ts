import { sql, type Kysely } from 'kysely';

const STATEMENTS = `
alter table case_command add column evidence jsonb;

create table case_statement (
  case_id uuid not null references conflict_case (id),
  command_id text not null,
  registration_id uuid not null references registration (id),
  partner_id uuid not null references partner (id),
  made_by text not null,
  made_at timestamptz not null,
  primary key (case_id, command_id),
  foreign key (case_id, command_id) references case_command (case_id, command_id)
);
create index case_statement_of_registration on case_statement (registration_id);

create table precedent (
  case_id uuid primary key references conflict_case (id),
  rule text not null,
  outcome text not null,
  claimant_kinds text[] not null,
  rival_kinds text[] not null,
  is_against_direct_team boolean not null,
  regions text[] not null,
  product_lines text[] not null,
  value_band text,
  reasons text not null,
  appeals integer not null,
  decided_at timestamptz not null,
  words tsvector not null generated always as (to_tsvector('simple', reasons)) stored
);
create index precedent_by_time on precedent (decided_at desc, case_id);
create index precedent_by_rule on precedent (rule, decided_at desc, case_id);
create index precedent_by_words on precedent using gin (words);
`;

/**
 * What each side of a case says for itself, and what people decided, to be found again. The words of a statement stand with the command that brought them
 * (`comment`, `evidence`); `partner_id`: whose the registration was when it was made. Cases that were settled before this release are no precedents.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
