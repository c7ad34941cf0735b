import { sql, type Kysely } from 'kysely';

const STATEMENTS = `
create table partner (
  id uuid primary key,
  external_id text not null unique,
  name text not null,
  domain text,
  country text not null,
  type text not null,
  track text,
  tier text,
  status text not null,
  manager text,
  field_times jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table customer (
  id uuid primary key,
  name text not null,
  created_at timestamptz not null
);
create table customer_key (
  kind text not null,
  value text not null,
  customer_id uuid not null references customer,
  primary key (kind, value)
);
create index customer_key_customer on customer_key (customer_id);

create table registration (
  id uuid primary key,
  sequence bigint not null unique,
  external_id text not null,
  partner_id uuid not null references partner,
  customer_id uuid not null references customer,
  origin text not null,
  content_digest text not null,
  kind text not null,
  customer_name text not null,
  customer_name_key text not null,
  customer_domain text,
  customer_country text not null,
  customer_postal_code text,
  customer_company_number text,
  contact_name text,
  contact_email text,
  product_lines text[] not null,
  value_amount numeric(18, 2) not null,
  value_currency text not null,
  expected_close_date date not null,
  description text not null,
  evidence jsonb not null,
  program_version text not null,
  submitted_at timestamptz not null,
  state jsonb not null,
  status text not null generated always as (state ->> 'status') stored,
  sync_note text,
  field_times jsonb not null default '{}',
  updated_at timestamptz not null,
  unique (partner_id, external_id)
);
create sequence registration_receipt;
create index registration_customer on registration (customer_id);
create index registration_by_status on registration (status, sequence);
create index registration_by_partner on registration (partner_id, sequence);
create index registration_waiting on registration using gin ((state -> 'waitingFor')) where status = 'in_review';
create index registration_waitlisted on registration using gin ((state -> 'waitlistedBehind')) where status = 'denied';

create table registration_place (
  registration_id uuid not null references registration,
  connection text not null,
  customer_account text,
  opportunity text,
  primary key (registration_id, connection)
);
create index registration_place_opportunity on registration_place (connection, opportunity) where opportunity is not null;
create index registration_place_account on registration_place (connection, customer_account) where customer_account is not null;

create table registration_command (
  registration_id uuid not null references registration,
  command_id text not null,
  command jsonb not null,
  comment text,
  amendment jsonb,
  outcome jsonb,
  received_at timestamptz not null,
  primary key (registration_id, command_id)
);

create table protection (
  id bigint generated always as identity primary key,
  registration_id uuid not null references registration,
  customer_id uuid not null references customer,
  product_line text not null,
  starts_at timestamptz not null,
  until_at timestamptz not null,
  ended_at timestamptz
);
create unique index protection_held_once on protection (customer_id, product_line) where ended_at is null;
create index protection_of_registration on protection (registration_id);

create table verdict (
  id bigint generated always as identity primary key,
  registration_id uuid not null references registration,
  program_version text not null,
  occasion text not null,
  claim jsonb not null,
  evidence jsonb not null,
  verdict jsonb not null,
  decided_at timestamptz not null
);
create index verdict_of_registration on verdict (registration_id, id);

create table conflict_case (
  id uuid primary key,
  rule text not null,
  customer_id uuid not null references customer,
  product_line text not null,
  summary text not null,
  evidence jsonb not null,
  opportunity jsonb,
  state jsonb not null,
  status text not null generated always as (state ->> 'status') stored,
  opened_at timestamptz not null,
  resolved_at timestamptz
);
create index conflict_case_by_status on conflict_case (status, opened_at);
create table conflict_case_registration (
  case_id uuid not null references conflict_case,
  registration_id uuid not null references registration,
  side text not null,
  primary key (case_id, registration_id)
);
create index conflict_case_of_registration on conflict_case_registration (registration_id);

create table case_command (
  case_id uuid not null references conflict_case,
  command_id text not null,
  comment text,
  outcome jsonb,
  received_at timestamptz not null,
  primary key (case_id, command_id)
);

create table audit_entry (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  subject text not null,
  kind text not null,
  actor text not null,
  details jsonb not null
);
create index audit_entry_subject on audit_entry (subject, id);

create table outbox (
  id bigint generated always as identity primary key,
  subject text not null,
  kind text not null,
  payload jsonb not null,
  attempts int not null default 0,
  not_before timestamptz not null,
  created_at timestamptz not null
);
create index outbox_order on outbox (subject, id);
create index outbox_due on outbox (not_before);

create table link (
  connection text not null,
  object_type text not null,
  local_id uuid not null,
  remote_id text not null,
  base jsonb not null,
  remote_stamp timestamptz,
  linked_at timestamptz not null,
  primary key (connection, object_type, local_id),
  unique (connection, object_type, remote_id)
);
create table sync_cursor (
  connection text not null,
  object_type text not null,
  stamp timestamptz,
  remote_id text not null default '',
  swept_at timestamptz,
  pulled_at timestamptz,
  primary key (connection, object_type)
);
create table push_queue (
  connection text not null,
  object_type text not null,
  local_id uuid not null,
  version bigint not null default 1,
  attempts int not null default 0,
  not_before timestamptz not null,
  queued_at timestamptz not null,
  primary key (connection, object_type, local_id)
);
create index push_queue_due on push_queue (connection, object_type, not_before);
create table sync_issue (
  id uuid primary key,
  connection text not null,
  object_type text not null,
  local_id uuid,
  remote_id text,
  category text not null,
  code text not null,
  message text not null,
  remedy text not null,
  attempts int not null,
  status text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index sync_issue_open on sync_issue (connection, object_type, coalesce(local_id::text, ''), coalesce(remote_id, ''), code) where status = 'open';
create index sync_issue_by_record on sync_issue (connection, object_type, local_id);

create table sync_decision (
  id bigint generated always as identity primary key,
  connection text not null,
  object_type text not null,
  local_id uuid not null,
  field text not null,
  outcome text not null,
  policy text not null,
  at timestamptz not null
);
create index sync_decision_of_record on sync_decision (object_type, local_id, id);

create table connection_state (
  connection text primary key,
  state text not null,
  reason text,
  calls_used int,
  calls_limit int,
  updated_at timestamptz not null
);

create table crm_user (
  connection text not null,
  remote_id text not null,
  alias text not null,
  email text,
  name text,
  is_active boolean not null,
  manager_remote_id text,
  stamp timestamptz not null,
  deleted boolean not null,
  primary key (connection, remote_id)
);
create index crm_user_alias on crm_user (alias);
create table crm_account (
  connection text not null,
  remote_id text not null,
  name text not null,
  name_key text not null,
  domain text,
  country text,
  postal_code text,
  owner_remote_id text,
  parent_remote_id text,
  stamp timestamptz not null,
  deleted boolean not null,
  merged_into text,
  refreshed_at timestamptz not null,
  primary key (connection, remote_id)
);
create index crm_account_domain on crm_account (domain) where domain is not null and not deleted;
create table crm_opportunity (
  connection text not null,
  remote_id text not null,
  account_remote_id text,
  name text not null,
  stage_name text not null,
  stage_index int,
  is_closed boolean not null,
  is_won boolean not null,
  amount numeric(18, 2),
  owner_remote_id text,
  created_at timestamptz not null,
  last_activity_at timestamptz not null,
  close_date date,
  stamp timestamptz not null,
  deleted boolean not null,
  refreshed_at timestamptz not null,
  primary key (connection, remote_id)
);
create index crm_opportunity_account on crm_opportunity (connection, account_remote_id) where not deleted;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
