import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { findAccountCandidates, findRivalCandidates } from '../../store/evidence.ts';
import { createDecisionStage, emptyStore, type DecisionStage } from '../support/decision-stage.ts';
import { mirrorAccount } from '../support/mirror.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

jest.setTimeout(60_000);

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db);
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

const LEAST = 0.5;

/** More accounts of similar names than are looked at. */
async function crowdAccounts(): Promise<void> {
  await sql`
    insert into crm_account (connection, remote_id, name, name_key, domain, stamp, deleted, refreshed_at)
    select 'salesforce', 'crowd-' || n, 'x', 'northwind ' || n, null, now(), false, now() from generate_series(1, 250) n`.execute(stage.db);
}

/** Copies of a claim on another customer, with names that resemble each other. */
async function crowdClaims(registrationId: string): Promise<void> {
  const { customerId } = await stage.receive({ customer: { name: 'Fabrikam', domain: 'fabrikam.com' } });
  const { rows } = await sql<{ columns: string }>`
    select string_agg(column_name, ', ') as columns from information_schema.columns
    where table_name = 'registration' and is_generated = 'NEVER'
      and column_name not in ('id', 'sequence', 'external_id', 'customer_id', 'customer_name_key')`.execute(stage.db);
  const others = sql.raw(rows[0]?.columns ?? '');
  await sql`
    insert into registration (id, sequence, external_id, customer_id, customer_name_key, ${others})
    select gen_random_uuid(), nextval('registration_receipt'), 'crowd-' || n, ${customerId}, 'northwind ' || n, ${others}
    from registration, generate_series(1, 250) n where id = ${registrationId}`.execute(stage.db);
}

describe('candidates for the same customer', () => {
  it('are looked for among names that are alike enough for some band, and no others', async () => {
    await mirrorAccount(stage.db, { remote_id: 'same', name_key: 'northwind traders', domain: null });
    await mirrorAccount(stage.db, { remote_id: 'alike', name_key: 'northwind trading', domain: null });
    await mirrorAccount(stage.db, { remote_id: 'hardly', name_key: 'northwind foods', domain: null });
    const found = (least: number) =>
      stage.db.transaction().execute(async (trx) => {
        const accounts = await findAccountCandidates(trx, null, 'northwind traders', least);
        return accounts.map(({ remoteId, nameSimilarity }) => [remoteId, nameSimilarity >= least]);
      });
    expect(await found(LEAST)).toEqual([
      ['same', true],
      ['alike', true],
    ]);
    expect(await found(0.3)).toHaveLength(3);
  });

  it('of other transactions are not limited by it', async () => {
    await stage.db.connection().execute(async (db) => {
      await db.transaction().execute((trx) => findAccountCandidates(trx, null, 'northwind', 0.9));
      const { rows } = await sql<{ least: string }>`select current_setting('pg_trgm.similarity_threshold') as least`.execute(db);
      expect(Number(rows[0]?.least)).toBe(0.3);
    });
  });

  it('include the account with the domain, however many names are more alike', async () => {
    await crowdAccounts();
    await mirrorAccount(stage.db, { remote_id: 'same-domain', name_key: 'zephyr holding', domain: 'northwind.com' });
    const found = await stage.db.transaction().execute((trx) => findAccountCandidates(trx, 'northwind.com', 'northwind', LEAST));
    expect(found).toHaveLength(200);
    expect(found[0]?.remoteId).toBe('same-domain');
  });

  it('include the claims on the same customer, however many names are more alike', async () => {
    const rival = await stage.receive({ customer: { name: 'Zephyr Holding' } });
    await crowdClaims(rival.registrationId);
    const found = await stage.db
      .transaction()
      .execute((trx) => findRivalCandidates(trx, randomUUID(), [rival.customerId], 'northwind', LEAST));
    expect(found).toHaveLength(200);
    expect(found[0]?.registrationId).toBe(rival.registrationId);
  });
});
