import { CompiledQuery, sql } from 'kysely';
import { loadAccounts, loadPositions } from '../../bench/account-load.ts';
import type { PopulationAccount } from '../../bench/sample/population.ts';
import { openRandom } from '../../bench/sample/random.ts';
import type { Program } from '../../program/definition/program.ts';
import { RULE_PARAMETERS } from '../../program/definition/rule-parameter.ts';
import { SUBMITTED } from '../../program/registration-life.ts';
import type { RuleId } from '../../program/rules/catalogue.ts';
import { openDatabase, type Database } from '../../store/database.ts';
import { grantProtection } from '../../store/protection.ts';
import { ACME } from '../program/example.ts';
import { capture } from '../support/conversion-stage.ts';
import { createDecisionStage, type DecisionStage } from '../support/decision-stage.ts';
import { silentConnection } from '../support/mirror.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

jest.setTimeout(300_000);

/** Enough rows that reading all of a table costs more than its indexes. */
const ACCOUNTS = 20_000;
const BIG = new Set([
  'crm_account',
  'crm_opportunity',
  'customer',
  'customer_key',
  'registration',
  'registration_place',
  'protection',
  'verdict',
  'conflict_case',
]);
/** Rules that ask for evidence which Acme's own do not. */
const CURIOUS: readonly RuleId[] = [
  'C08_direct_contact',
  'C09_existing_customer',
  'C12_incumbent_displaced',
  'C15_parent_or_child',
  'C20_speculative',
  'C21_expired_then_refiled',
  'C23_multi_partner',
  'C26_drift',
  'C27_bypass',
];
const curious: Program = {
  ...ACME,
  conversion: { onApproval: 'link_or_create', primary: 'first_approved', resource: true },
  rules: {
    ...ACME.rules,
    order: [...ACME.rules.order, ...CURIOUS.map((id) => ({ id, with: RULE_PARAMETERS[id].parse({}) as Record<string, unknown>, on: {} }))],
  },
};

let postgres: TestPostgres;
let db: Database;
let stage: DecisionStage;
let known: readonly PopulationAccount[];
let firstColumns: ReadonlyMap<string, string | null>;
const heard = new Map<string, CompiledQuery>();

beforeAll(async () => {
  postgres = await startTestPostgres();
  const { url } = await postgres.openEmpty();
  db = openDatabase(url, 5, (statement) => heard.set(statement.sql, statement));
  stage = createDecisionStage(db, {
    programs: { current: () => curious, byVersion: () => curious },
    connections: new Map([['salesforce', silentConnection()]]),
  });
  const partnerId = await stage.addPartner();
  known = await loadAccounts(db, openRandom(7, 'plan'), ACCOUNTS, 100);
  await sql`update crm_account set parent_remote_id = 'account-' || (substr(remote_id, 9)::int / 10) where remote_id like '%5'`.execute(db);
  await loadPositions(db, partnerId, ACME.version, { ...SUBMITTED, status: 'approved' }, 70);
  await fillOtherTables();
  firstColumns = await readFirstColumns();
});
afterAll(async () => {
  await db.destroy();
  await postgres.stop();
});

/** Places, verdicts and cases of the claims that are there, so that those tables are not small either. */
async function fillOtherTables(): Promise<void> {
  await sql`insert into registration_place (registration_id, connection, customer_account, opportunity) select id, 'salesforce', 'account-' || sequence, 'opportunity-' || sequence from registration`.execute(
    db,
  );
  await sql`insert into sync_cursor (connection, object_type, pulled_at) values ('salesforce', 'account', '2026-11-16T15:00:00Z'), ('salesforce', 'opportunity', '2026-11-16T15:00:00Z')`.execute(
    db,
  );
  await sql`insert into conflict_case (id, rule, customer_id, product_line, summary, evidence, state, opened_at)
    select gen_random_uuid(), 'C02_active_protection', id, 'analytics', '', '[]', '{"status": "resolved"}', now() from customer`.execute(
    db,
  );
  await sql`insert into conflict_case_registration (case_id, registration_id, side)
    select conflict_case.id, registration.id, 'claimant' from conflict_case join registration using (customer_id)`.execute(db);
  await sql`insert into verdict (registration_id, program_version, occasion, claim, evidence, verdict, decided_at)
    select id, program_version, 'receipt', '{}', '{}', '{}', now() from registration`.execute(db);
  for (const table of ['crm_account', 'registration_place', 'conflict_case', 'conflict_case_registration', 'verdict'])
    await sql`vacuum analyze ${sql.table(table)}`.execute(db);
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** By index the column that it is ordered by first; null for an expression. A condition on another column alone has all of the index looked at. */
async function readFirstColumns(): Promise<ReadonlyMap<string, string | null>> {
  const { rows } = await sql<{ index: string; column: string | null }>`
    select relname as index, attname as "column" from pg_index join pg_class on pg_class.oid = indexrelid
    left join pg_attribute on attrelid = indrelid and attnum = indkey[0] and attnum > 0
    where relkind = 'i'`.execute(db);
  return new Map(rows.map(({ index, column }) => [index, column]));
}

function takesAll({ 'Index Cond': condition, 'Index Name': index = '' }: PlanNode): boolean {
  const first = firstColumns.get(index) ?? '';
  return condition === undefined || !condition.includes(first);
}

/** The big tables that a statement reads from end to end, or by an index of which it takes everything. */
async function scansOf(statement: CompiledQuery): Promise<readonly string[]> {
  const { rows } = await db.executeQuery<{ 'QUERY PLAN': readonly [{ readonly Plan: PlanNode }] }>(
    CompiledQuery.raw(`explain (format json) ${statement.sql}`, [...statement.parameters]),
  );
  const plan = rows[0]?.['QUERY PLAN'][0].Plan;
  if (plan === undefined) throw new Error(`no plan of ${statement.sql}`);
  // The indexes below a bitmap scan do not say of which table they are.
  const nodesOf = (node: PlanNode, above = ''): readonly (readonly [table: string, node: PlanNode])[] => {
    const table = node['Relation Name'] ?? above;
    return [[table, node], ...(node.Plans ?? []).flatMap((below) => nodesOf(below, node['Node Type'].startsWith('Bitmap') ? table : ''))];
  };
  return nodesOf(plan)
    .filter(([table]) => BIG.has(table))
    .filter(([, node]) => node['Node Type'] === 'Seq Scan' || (/Index (Only )?Scan$/.test(node['Node Type']) && takesAll(node)))
    .map(([table, node]) => `${table}: ${node['Node Type']} of ${statement.sql}`);
}

/** Every statement that receiving and judging claims on customers of the CRM runs, each once. */
async function statementsOfDecisions(): Promise<readonly CompiledQuery[]> {
  heard.clear();
  for (const { name, domain, market } of known.slice(0, 5)) {
    await stage.receiveAndEvaluate({ customer: { name, domain, country: market.country, companyNumber: 'DUNS 150483782' } });
  }
  return [...heard.values()].filter(({ sql: text }) => /^(select|insert|update|delete|with)\b/i.test(text.trim()));
}

/** Every statement that a few captured opportunities run, at customers of whom some are protected, each once. Of a page a small table is read whole. */
async function statementsOfCapture(): Promise<readonly CompiledQuery[]> {
  heard.clear();
  const page = known.slice(0, 5).map((_account, index) => ({ id: `opportunity-${index}`, account: `account-${index}` }));
  await capture(stage, ...page);
  await capture(stage, ...page.map((row) => ({ ...row, amount: 5, closed: 'won' as const })));
  return [...heard.values()].filter(({ sql: text }) => /^(select|insert|update|delete|with)\b/i.test(text.trim()));
}

describe('the statements of a page of opportunities', () => {
  it('read no big table from end to end', async () => {
    const statements = await statementsOfCapture();
    expect(statements.some(({ sql: text }) => text.includes('customer_key'))).toBe(true);
    const scans: string[] = [];
    for (const statement of statements) scans.push(...(await scansOf(statement)));
    expect(scans).toEqual([]);
  });
});

describe('the statements that give a protection', () => {
  it('read no big table from end to end', async () => {
    const { registration_id: id, customer_id: customerId } = await db
      .selectFrom('protection')
      .select(['registration_id', 'customer_id'])
      .orderBy('registration_id')
      .executeTakeFirstOrThrow();
    heard.clear();
    const window = { from: '2026-11-16T15:00:00.000Z', until: '2027-02-16T15:00:00.000Z' };
    await db.transaction().execute((trx) => grantProtection(trx, id, customerId, ['platform'], window));
    const statements = [...heard.values()].filter(({ sql: text }) => /^(select|insert|update)\b/i.test(text.trim()));
    expect(statements.length).toBeGreaterThan(2);
    const scans: string[] = [];
    for (const statement of statements) scans.push(...(await scansOf(statement)));
    expect(scans).toEqual([]);
  });
});

describe('the statements of a decision', () => {
  it('read no big table from end to end', async () => {
    const statements = await statementsOfDecisions();
    const tables = new Set(statements.flatMap(({ sql: text }) => [...BIG].filter((table) => text.includes(`"${table}"`))));
    expect([...tables].sort()).toEqual([...BIG].sort());
    const scans: string[] = [];
    for (const statement of statements) scans.push(...(await scansOf(statement)));
    expect(scans).toEqual([]);
  });

  it.each([
    ['crm_account_bands', 'crm_account'],
    ['crm_account_label', 'crm_account'],
    ['registration_customer_bands', 'registration'],
  ])('are seen to do so without the index %s: the control', async (index, table) => {
    const statements = await statementsOfDecisions();
    const { rows } = await sql<{ definition: string }>`select indexdef as definition from pg_indexes where indexname = ${index}`.execute(
      db,
    );
    await sql`drop index ${sql.id(index)}`.execute(db);
    try {
      const scans: string[] = [];
      for (const statement of statements) scans.push(...(await scansOf(statement)));
      expect(scans.some((scan) => scan.startsWith(`${table}:`))).toBe(true);
    } finally {
      await sql.raw(rows[0]?.definition ?? '').execute(db);
    }
  });
});
