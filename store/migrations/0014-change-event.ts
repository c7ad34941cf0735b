import { sql, type Kysely } from 'kysely';

const STATEMENTS = `
create table event_stream (
  connection text primary key,
  holder text not null,
  state text not null check (state in ('listening', 'away', 'paused', 'stopped', 'off')),
  since timestamptz not null,
  channels text[] not null default '{}',
  positions jsonb not null default '{}',
  heard_at timestamptz,
  last_event_at timestamptz,
  gap_at timestamptz,
  code text,
  message text,
  remedy text,
  retry_at timestamptz
);

create sequence changed_record_version;

create table changed_record (
  connection text not null,
  object_type text not null,
  remote_id text not null,
  version bigint not null default nextval('changed_record_version'),
  changed_at timestamptz not null,
  primary key (connection, object_type, remote_id)
);
create index changed_record_order on changed_record (connection, object_type, version);

create table wanted_sweep (
  connection text not null,
  object_type text not null,
  from_at timestamptz not null,
  version bigint not null default nextval('changed_record_version'),
  primary key (connection, object_type)
);

create table left_opportunity (
  registration_id uuid not null,
  connection text not null,
  opportunity text not null,
  primary key (registration_id, connection)
);
create index left_opportunity_by_opportunity on left_opportunity (connection, opportunity);
`;

/**
 * Change events of a CRM. \`event_stream\`: who listens (\`holder\`, of whom there is one), how it stands, and the place behind the last event by channel; it moves in the
 * transaction that keeps what the events lead to. That is \`changed_record\`, rows to be looked at again, and \`wanted_sweep\`, kinds of records of which any may have
 * changed since \`from_at\`; both in the CRM's clock. A version is another one with every event, so that what came meanwhile stays. \`left_opportunity\`: the opportunity
 * that a registration was linked to until it was deleted, so that its return is followed.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
