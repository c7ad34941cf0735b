import type { Database } from '../../store/database.ts';
import { saveAccounts } from '../../store/crm-mirror.ts';
import { findAccountCandidates } from '../../store/evidence.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

const AT = '2026-11-23T15:00:00.000Z';
/** More than the candidates that are looked at. */
const ALIKE = 250;

const account = (id: string, name: string, domain: string) => ({
  connection: 'salesforce',
  remote_id: id,
  name,
  name_key: name,
  domain,
  country: 'US',
  postal_code: null,
  owner_remote_id: null,
  parent_remote_id: null,
  stamp: AT,
  deleted: false,
  merged_into: null,
  refreshed_at: AT,
});

describe('findAccountCandidates', () => {
  let postgres: TestPostgres;
  let db: Database;
  beforeAll(async () => {
    postgres = await startTestPostgres();
    ({ db } = await postgres.openEmpty());
    const alike = Array.from({ length: ALIKE }, (_, index) =>
      account(`A${index}`, `northwind logistics ${index}`, `other-${index}.example`),
    );
    const accounts = [...alike, account('OWN', 'acquired years ago', 'northwind.example')];
    await db.transaction().execute((trx) => saveAccounts(trx, accounts));
  }, 120_000);
  afterAll(() => postgres.stop());

  it('keeps the account with the domain before any number of accounts that are only called alike', async () => {
    const found = await db.transaction().execute((trx) => findAccountCandidates(trx, 'northwind.example', 'northwind logistics', 0.5));
    expect(found[0]?.remoteId).toBe('OWN');
    expect(found.length).toBeLessThan(ALIKE);
  });

  it('has only those that are called alike for a claim without a domain', async () => {
    const found = await db.transaction().execute((trx) => findAccountCandidates(trx, null, 'northwind logistics', 0.5));
    expect(found.map(({ remoteId }) => remoteId)).not.toContain('OWN');
    expect(found.length).toBeGreaterThan(0);
  });
});
