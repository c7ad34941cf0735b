import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { nameBands } from '../../program/name-similarity.ts';
import { findAccountCandidates, type CustomerTraces } from '../../store/account-evidence.ts';
import { openDatabase } from '../../store/database.ts';
import { tellingBands } from '../../store/name-band.ts';
import { findRivalCandidates } from '../../store/rival-evidence.ts';
import { createDecisionStage, emptyStore, type DecisionStage } from '../support/decision-stage.ts';
import { mirrorAccount } from '../support/mirror.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

jest.setTimeout(60_000);

let postgres: TestPostgres;
let stage: DecisionStage;
let url: string;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const opened = await postgres.openEmpty();
  url = opened.url;
  stage = createDecisionStage(opened.db);
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

const NOTHING: CustomerTraces = { domains: [], labels: [], numbers: [], names: [] };

function found(traces: Partial<CustomerTraces>): Promise<readonly string[]> {
  return findAccountCandidates(stage.db, { ...NOTHING, ...traces }).then((accounts) => accounts.map(({ remoteId }) => remoteId));
}

/** More accounts of one name than are looked at. */
async function crowdAccounts(): Promise<void> {
  const bands = [...nameBands('northwind traders')];
  await sql`
    insert into crm_account (connection, remote_id, name, name_key, name_bands, domain, stamp, deleted, refreshed_at)
    select 'salesforce', 'crowd-' || n, 'x', 'northwind traders ' || n, ${bands}::int[], null, now(), false, now() from generate_series(1, 250) n`.execute(
    stage.db,
  );
}

/** Copies of a claim on another customer, with names that resemble each other. */
async function crowdClaims(registrationId: string): Promise<void> {
  const { customerId } = await stage.receive({ customer: { name: 'Fabrikam', domain: 'fabrikam.com' } });
  const bands = [...nameBands('northwind traders')];
  const { rows } = await sql<{ columns: string }>`
    select string_agg(column_name, ', ') as columns from information_schema.columns
    where table_name = 'registration' and is_generated = 'NEVER'
      and column_name not in ('id', 'sequence', 'external_id', 'customer_id', 'customer_name_key', 'customer_name_bands')`.execute(
    stage.db,
  );
  const others = sql.raw(rows[0]?.columns ?? '');
  await sql`
    insert into registration (id, sequence, external_id, customer_id, customer_name_key, customer_name_bands, ${others})
    select gen_random_uuid(), nextval('registration_receipt'), 'crowd-' || n, ${customerId}, 'northwind traders ' || n, ${bands}::int[], ${others}
    from registration, generate_series(1, 250) n where id = ${registrationId}`.execute(stage.db);
}

describe('accounts that may be a customer', () => {
  it.each<[string, Partial<CustomerTraces>]>([
    ['the domain', { domains: ['northwind.com'] }],
    ['one of several domains', { domains: ['fabrikam.com', 'northwind.com'] }],
    ['the label of the domain', { labels: ['northwind'] }],
    ['the company number', { numbers: ['12345'] }],
    ['the name', { names: ['northwind traders'] }],
    ['one of several forms of the name', { names: ['nordwind', 'northwind traders'] }],
    ['a name that is much alike', { names: ['northwind traderss'] }],
  ])('are found by %s', async (_by, traces) => {
    await mirrorAccount(stage.db, { name_key: 'northwind traders', company_number: '12345' });
    await mirrorAccount(stage.db, { remote_id: 'other', name_key: 'fabrikam', domain: 'fabrikam.org', company_number: '54321' });
    expect(await found(traces)).toHaveLength(1);
    await mirrorAccount(stage.db, { name_key: 'northwind traders', company_number: '12345', deleted: true });
    expect(await found(traces)).toEqual([]);
  });

  it.each(['コントソ', 'חברת כהן', 'شركه النخيل'])('are found by a name in another script: %s', async (name) => {
    await mirrorAccount(stage.db, { remote_id: 'there', name_key: name, domain: null });
    await mirrorAccount(stage.db, { remote_id: 'alike', name_key: `${name} ${name}`, domain: null });
    await mirrorAccount(stage.db, { remote_id: 'other', name_key: 'ברק', domain: null });
    expect(await found({ names: [name] })).toEqual(['there', 'alike']);
  });

  it('are none where nothing is known of the customer', async () => {
    await mirrorAccount(stage.db, { name_key: '', domain: null });
    expect(await found({})).toEqual([]);
  });

  it('include the account with the domain, however many names are more alike', async () => {
    await crowdAccounts();
    await mirrorAccount(stage.db, { remote_id: 'same-domain', name_key: 'zephyr holding', domain: 'northwind.com' });
    const ids = await found({ domains: ['northwind.com'], names: ['northwind traders'] });
    expect(ids).toHaveLength(200);
    expect(ids[0]).toBe('same-domain');
  });
});

describe('the bands that a name is searched by', () => {
  const bands = nameBands('hivas savings bank');

  /** Accounts of which each has the given bands and none else that is asked for; then what a worker that starts now finds to be telling. */
  async function tellingAmong(...crowds: readonly (readonly [records: number, bands: readonly number[]])[]): Promise<readonly number[]> {
    for (const [at, [records, shared]] of crowds.entries()) {
      await sql`
        insert into crm_account (connection, remote_id, name, name_key, name_bands, stamp, deleted, refreshed_at)
        select 'salesforce', ${`crowd-${at}-`} || n, 'x', ${`crowd ${at} `} || n, ${[...shared]}::int[] || n, now(), false, now() from generate_series(1, ${records}::int) n`.execute(
        stage.db,
      );
    }
    await sql`analyze crm_account`.execute(stage.db);
    const fresh = openDatabase(url);
    try {
      return await tellingBands(fresh, 'crm_account', bands);
    } finally {
      await fresh.destroy();
    }
  }

  it('are all of them where none is common', async () => {
    expect(await tellingAmong([200, bands.slice(0, 2)])).toHaveLength(bands.length);
  });

  it.each([
    ['last within', 500, 20],
    ['first beyond', 501, 19],
  ])('lead to five hundred records at the most: %s', async (_edge, records, expected) => {
    const telling = await tellingAmong([records, bands.slice(3, 4)]);
    expect(telling).toHaveLength(expected);
    expect(telling.includes(bands[3]!)).toBe(expected === 20);
  });

  it('are the rarest where all together lead to more', async () => {
    const telling = await tellingAmong([300, bands.slice(0, 1)], [180, bands.slice(1, 2)], [240, bands.slice(2, 3)]);
    expect(new Set(telling)).toEqual(new Set(bands.slice(1)));
  });

  it('are the rarest one where each is common', async () => {
    expect(await tellingAmong([1_500, bands], [10, bands.slice(0, 19)])).toEqual(bands.slice(19));
  });

  it('are none of a customer without a name', async () => {
    expect(await tellingBands(stage.db, 'crm_account', [])).toEqual([]);
  });

  it('find a name that is alike by another band, and its own however common', async () => {
    await tellingAmong([1_500, bands.slice(0, 1)]);
    await mirrorAccount(stage.db, { remote_id: 'own', name_key: 'hivas savings bank', domain: null });
    await mirrorAccount(stage.db, { remote_id: 'alike', name_key: 'hivass savings bank', domain: null });
    const fresh = openDatabase(url);
    try {
      const accounts = await findAccountCandidates(fresh, { ...NOTHING, names: ['hivas savings bank'] });
      expect(accounts.map(({ remoteId }) => remoteId).sort()).toEqual(['alike', 'own']);
    } finally {
      await fresh.destroy();
    }
  });
});

describe('claims that may be on a customer', () => {
  it('include those on the same customer, however many names are more alike', async () => {
    const rival = await stage.receive({ customer: { name: 'Zephyr Holding' } });
    await crowdClaims(rival.registrationId);
    const among = { customerIds: [rival.customerId], registrationIds: [], names: ['northwind traders'] };
    const rivals = await findRivalCandidates(stage.db, randomUUID(), among);
    expect(rivals).toHaveLength(200);
    expect(rivals[0]?.registrationId).toBe(rival.registrationId);
  });

  it('that ended are found where they ended late enough', async () => {
    const { registrationId, customerId } = await stage.receiveAndEvaluate();
    await stage.command(registrationId, { kind: 'withdraw', actor: 'partner' });
    await sql`update registration set ended_at = '2026-11-01T00:00:00Z' where id = ${registrationId}`.execute(stage.db);
    const among = { customerIds: [customerId], registrationIds: [], names: [] };
    const since = async (instant: string | null) =>
      (await findRivalCandidates(stage.db, randomUUID(), among, { since: instant, wonSince: null })).length;
    expect(await since('2026-11-01T00:00:00.000Z')).toBe(1);
    expect(await since('2026-11-01T00:00:00.001Z')).toBe(0);
    expect(await since(null)).toBe(0);
  });
});
