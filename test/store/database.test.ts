import { sql } from 'kysely';
import type { Database, Transaction } from '../../store/database.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

jest.setTimeout(60_000);

/** How the server would run a search of which it believes that helpers pay at once. */
async function planOf(trx: Transaction): Promise<string> {
  await sql`set local parallel_setup_cost = 0`.execute(trx);
  await sql`set local parallel_tuple_cost = 0`.execute(trx);
  await sql`set local min_parallel_table_scan_size = 0`.execute(trx);
  const { rows } = await sql<{ 'QUERY PLAN': string }>`explain select count(*) from pg_attribute`.execute(trx);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

describe('a statement of ours', () => {
  let postgres: TestPostgres;
  let db: Database;
  beforeAll(async () => {
    postgres = await startTestPostgres();
    ({ db } = await postgres.openEmpty());
  });
  afterAll(() => postgres.stop());

  it('is run without helpers, whose start takes longer than a search by index, whatever the planner believes', async () => {
    const [ours, usual] = await db.transaction().execute(async (trx) => {
      const plan = await planOf(trx);
      await sql`set local max_parallel_workers_per_gather = 2`.execute(trx);
      return [plan, await planOf(trx)];
    });
    expect(ours).not.toContain('Gather');
    expect(usual).toContain('Gather');
  });
});
