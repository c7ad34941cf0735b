import { sql, type Kysely } from 'kysely';

/** What is hashed is the canonical JSON of the entry (docs/audit.md); `details` stands in it as it was written, so nothing depends on how a driver shows a value. */
const FUNCTIONS = `
create function audit_entry_hash(previous bytea, subject text, "position" bigint, at timestamptz, kind text, actor text, details json) returns bytea
language sql stable as $$
  select sha256(convert_to(
    '{"actor":' || to_json(actor)::text
    || ',"at":"' || to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    || '","details":' || details::text
    || ',"kind":' || to_json(kind)::text
    || ',"position":' || "position"::text
    || ',"previous":"' || encode(previous, 'hex')
    || '","subject":' || to_json(subject)::text || '}', 'UTF8'))
$$;

create function audit_chain_entry() returns trigger language plpgsql as $$
begin
  update audit_head as head
    set position = head.position + 1,
      previous = head.hash,
      hash = audit_entry_hash(head.hash, new.subject, head.position + 1, new.at, new.kind, new.actor, new.details)
    where head.subject = new.subject
    returning head.position, head.previous, head.hash into new.position, new.previous, new.hash;
  if not found then
    new.previous := decode(repeat('00', 32), 'hex');
    insert into audit_head as head (subject, position, previous, hash)
      values (new.subject, 1, new.previous, audit_entry_hash(new.previous, new.subject, 1, new.at, new.kind, new.actor, new.details))
      on conflict (subject) do update
        set position = head.position + 1,
          previous = head.hash,
          hash = audit_entry_hash(head.hash, new.subject, head.position + 1, new.at, new.kind, new.actor, new.details)
      returning head.position, head.previous, head.hash into new.position, new.previous, new.hash;
  end if;
  new.id := nextval('audit_entry_order');
  insert into audit_unsealed (id, subject, position) values (new.id, new.subject, new.position);
  return new;
end $$;

create function audit_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % is refused', tg_table_name, tg_op
    using errcode = 'insufficient_privilege', hint = 'What was recorded stays as it is; record what corrects it. See docs/audit.md.';
end $$;
`;

const TABLES = `
create sequence audit_entry_order;
create table audit_entry (
  id bigint primary key,
  subject text collate "C" not null,
  position bigint not null,
  at timestamptz not null,
  kind text not null,
  actor text not null,
  details json not null check (details::text !~ '[\\n\\r]'),
  previous bytea not null,
  hash bytea not null,
  unique (subject, position)
);
alter sequence audit_entry_order owned by audit_entry.id;
create table audit_head (
  subject text collate "C" primary key,
  position bigint not null,
  previous bytea not null,
  hash bytea not null
) with (fillfactor = 70);
create table audit_unsealed (
  id bigint primary key,
  subject text collate "C" not null,
  position bigint not null,
  unique (subject, position)
);
create table audit_seal (
  ordinal bigint primary key,
  subject text collate "C" not null,
  position bigint not null,
  entry bytea not null,
  previous bytea not null,
  hash bytea not null,
  unique (subject, position)
);
`;

/** One pass in the order of the new chain; what it sorts beyond `work_mem` goes to disk. */
const CARRY_OVER = `
create function audit_canonical(value jsonb) returns text language plpgsql immutable as $$
begin
  case jsonb_typeof(value)
    when 'object' then
      return (select '{' || coalesce(string_agg(to_json(field.key)::text || ':' || audit_canonical(field.value), ',' order by field.key collate "C"), '') || '}'
        from jsonb_each(value) as field);
    when 'array' then
      return (select '[' || coalesce(string_agg(audit_canonical(item.value), ',' order by item.place), '') || ']'
        from jsonb_array_elements(value) with ordinality as item(value, place));
    else return value::text;
  end case;
end $$;
create aggregate audit_running_hash(subject text, "position" bigint, at timestamptz, kind text, actor text, details json) (
  sfunc = audit_entry_hash, stype = bytea, initcond = '\\x${'00'.repeat(32)}'
);
insert into audit_entry (id, subject, position, at, kind, actor, details, previous, hash)
  select id, subject, position, at, kind, actor, details,
    coalesce(lag(hash) over chain, decode(repeat('00', 32), 'hex')), hash
  from (
    select id, subject, position, at, kind, actor, details, audit_running_hash(subject, position, at, kind, actor, details) over chain as hash
    from (
      select id, subject, row_number() over chain as position, at, kind, actor, audit_canonical(details)::json as details
      from (select id, subject collate "C" as subject, at, kind, actor, details from audit_entry_unchained) as entry
      window chain as (partition by subject order by id)
    ) as numbered
    window chain as (partition by subject order by id)
  ) as hashed
  window chain as (partition by subject order by id);
insert into audit_head (subject, position, previous, hash)
  select distinct on (subject) subject, position, previous, hash from audit_entry order by subject, position desc;
insert into audit_unsealed (id, subject, position) select id, subject, position from audit_entry;
select setval('audit_entry_order', (select coalesce(max(id), 0) + 1 from audit_entry), false);
drop aggregate audit_running_hash(text, bigint, timestamptz, text, text, json);
drop function audit_canonical(jsonb);
drop table audit_entry_unchained;
`;

const TRIGGERS = `
create trigger audit_entry_chained before insert on audit_entry for each row execute function audit_chain_entry();
create trigger audit_entry_kept before update or delete on audit_entry for each row execute function audit_refuse_change();
create trigger audit_entry_kept_whole before truncate on audit_entry for each statement execute function audit_refuse_change();
create trigger audit_seal_kept before update or delete on audit_seal for each row execute function audit_refuse_change();
create trigger audit_seal_kept_whole before truncate on audit_seal for each statement execute function audit_refuse_change();
create trigger audit_head_kept before delete on audit_head for each row execute function audit_refuse_change();
create trigger audit_head_kept_whole before truncate on audit_head for each statement execute function audit_refuse_change();
`;

/**
 * The audit becomes append-only and a chain (decision 23): each entry has its position within its subject and the hash of the entry before it, both given by the
 * database at insertion under the lock of the subject's head. `audit_seal` is the chain over all subjects, written after the commit; `audit_unsealed` is what it lacks.
 * Entries of before are chained here and sealed by the first worker.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table audit_entry rename to audit_entry_unchained`.execute(db);
  await sql`alter index audit_entry_pkey rename to audit_entry_unchained_pkey`.execute(db);
  await sql.raw(FUNCTIONS + TABLES + CARRY_OVER + TRIGGERS).execute(db);
}
