import { sql, type Kysely } from 'kysely';

const STATEMENTS = `
create table message (
  id uuid primary key,
  sequence bigint generated always as identity,
  subject text not null,
  lane text not null,
  event text not null,
  recipient_kind text not null,
  recipient_id text not null,
  channel text not null,
  payload jsonb not null,
  occurred_at timestamptz not null,
  created_at timestamptz not null,
  not_before timestamptz not null,
  give_up_at timestamptz not null,
  attempts int not null default 0,
  status text not null,
  sent_at timestamptz,
  last_error text,
  provider_reference text
);
create index message_of_subject on message (subject, sequence);
create index message_of_lane on message (lane, sequence);
create index message_waiting on message (channel, lane, recipient_id, sequence) where status = 'queued';
create index message_waiting_in_order on message (channel, sequence) where status = 'queued';
create index message_by_status on message (channel, status);

create table message_channel (
  channel text primary key,
  failures int not null default 0,
  held_until timestamptz,
  code text,
  disabled_at timestamptz
);

alter table partner add column email text;
`;

/**
 * What was told, to whom and when; and how each channel stands that did not take a message lately.
 *
 * A message is identified by its event, recipient and channel. `lane`: within it a recipient gets messages in their order; `subject`: what they are about, which for those
 * of a case is the case. Whoever takes a message counts the attempt, so `attempts` also tells whether it still is that one's.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
