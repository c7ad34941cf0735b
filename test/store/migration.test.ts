import { sql } from 'kysely';
import type { Database } from '../../store/database.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

jest.setTimeout(120_000);

let postgres: TestPostgres;
let db: Database;

beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ db } = await postgres.openEmpty());
});
afterAll(() => postgres.stop());

describe('the migrations', () => {
  it('need no extension, which a managed database may refuse', async () => {
    const { rows } = await sql<{ extname: string }>`select extname from pg_extension where extname <> 'plpgsql'`.execute(db);
    expect(rows).toEqual([]);
  });

  it('leave the names of customers and accounts indexed', async () => {
    const { rows } = await sql<{ indexname: string }>`
      select indexname from pg_indexes where indexname in ('registration_customer_name', 'crm_account_name') order by indexname`.execute(
      db,
    );
    expect(rows.map(({ indexname }) => indexname)).toEqual(['crm_account_name', 'registration_customer_name']);
  });
});
