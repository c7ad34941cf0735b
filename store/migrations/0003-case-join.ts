import { sql, type Kysely } from 'kysely';

const STATEMENTS = `
alter table conflict_case add column partner_summary text not null default 'A conflict on this customer is being settled.';
create index conflict_case_of_customer on conflict_case (customer_id);
`;

/** `partner_summary`: the conflict in words that name no rival. Cases are found by their customer, since customers may be joined after a case was opened. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
