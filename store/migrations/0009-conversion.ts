import { sql, type Kysely } from 'kysely';

const STATEMENTS = `
alter table registration_place
  add column is_primary boolean not null default false,
  add column linked_at timestamptz,
  add column linked_by text,
  add column commanded_at timestamptz,
  add column measured_at timestamptz,
  add column linked_amount numeric(18, 2),
  add column linked_account text,
  add constraint registration_place_primary_is_linked check (opportunity is not null or not is_primary);

create table lost_opportunity (
  id bigint generated always as identity primary key,
  registration_id uuid not null references registration,
  connection text not null,
  opportunity text not null,
  how text not null,
  lost_at timestamptz not null,
  lost_by text not null
);
create index lost_opportunity_of_registration on lost_opportunity (registration_id, id);

create table opportunity_order (
  registration_id uuid not null references registration,
  connection text not null,
  asked_at timestamptz not null,
  asked_by text not null,
  primary key (registration_id, connection)
);

alter table crm_opportunity add column merged_into text, add column won_at timestamptz;

update registration_place as place set is_primary = true
from (
  select distinct on (linked.connection, linked.opportunity) linked.registration_id, linked.connection
  from registration_place as linked join registration on registration.id = linked.registration_id
  where linked.opportunity is not null and registration.status in ('approved', 'won')
  order by linked.connection, linked.opportunity, registration.sequence
) as first
where place.registration_id = first.registration_id and place.connection = first.connection;
create unique index registration_place_primary on registration_place (connection, opportunity) where is_primary;

update registration_place as place
set linked_amount = opportunity.amount, linked_account = opportunity.account_remote_id, measured_at = now()
from crm_opportunity as opportunity
where opportunity.connection = place.connection and opportunity.remote_id = place.opportunity;

insert into link (connection, object_type, local_id, remote_id, base, remote_stamp, linked_at)
select connection, 'opportunity', md5(connection || '/' || opportunity)::uuid, opportunity, '{}', null, now()
from registration_place where is_primary;
insert into push_queue (connection, object_type, local_id, not_before, queued_at)
select connection, object_type, local_id, now(), now() from link where object_type = 'opportunity';
`;

/**
 * Registrations and their opportunities. Of those that are linked to one opportunity at most one is its primary; of what was linked before, the first that was
 * approved. `commanded_at`: a command's link that the CRM does not have yet. `measured_at`: since when amount and account of the opportunity are measured by
 * `linked_amount` and `linked_account`.
 *
 * `lost_opportunity`: primaries that were taken away in a CRM, which is evidence of rule C27. `opportunity_order`: opportunities that are to be made. A mirrored
 * opportunity keeps where it was merged into, and when it was first seen to be won; null where it was won before anybody looked.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
