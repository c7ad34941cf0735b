import { CompiledQuery, sql } from 'kysely';
import { openDatabase, type Database, type Transaction } from '../../store/database.ts';
import { exportAudit, type AuditFilter } from '../../store/export-audit.ts';
import { listAudit, recordAudit } from '../../store/audit.ts';
import { hasUnsealed, sealEntries } from '../../store/audit-seal.ts';
import { verifyAudit } from '../../store/verify-audit.ts';
import { sealAll } from '../support/audit-history.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

jest.setTimeout(180_000);

const ENTRIES = 50_000;
/** One that is as long as several pages. */
const SUBJECT = 'connection/salesforce';

let postgres: TestPostgres;
let db: Database;
/** Each statement as it was run first: the last page of a table may be so short that it is sorted. */
const heard = new Map<string, CompiledQuery>();

beforeAll(async () => {
  postgres = await startTestPostgres();
  const { url } = await postgres.openEmpty();
  db = openDatabase(url, 5, (statement) => void (heard.has(statement.sql) || heard.set(statement.sql, statement)));
  await sql`insert into audit_entry (subject, at, kind, actor, details)
    select case when turn % 5 = 0 then ${SUBJECT} else 'registration/' || turn end, now(), 'judged', 'program', '{}' from generate_series(1, ${ENTRIES}::int) as turn`.execute(
    db,
  );
  await sealAll(db);
  await recordAudit(db, { subject: SUBJECT, kind: 'won', actor: 'rep', details: {}, at: '2026-11-16T15:00:00.000Z' });
  for (const table of ['audit_entry', 'audit_seal', 'audit_head', 'audit_unsealed'])
    await sql`vacuum analyze ${sql.table(table)}`.execute(db);
});
afterAll(async () => {
  await db.destroy();
  await postgres.stop();
});

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

async function planOf(on: Database | Transaction, statement: CompiledQuery): Promise<PlanNode> {
  const { rows } = await on.executeQuery<{ 'QUERY PLAN': readonly [{ readonly Plan: PlanNode }] }>(
    CompiledQuery.raw(`explain (format json) ${statement.sql}`, [...statement.parameters]),
  );
  const plan = rows[0]?.['QUERY PLAN'][0].Plan;
  if (plan === undefined) throw new Error(`no plan of ${statement.sql}`);
  return plan;
}

/** Where statements read a table of the audit from end to end, or sort what they read. Neither may grow with the history; what waits to be sealed is little. */
async function costlyNodes(on: Database | Transaction, statements: readonly CompiledQuery[]): Promise<readonly string[]> {
  const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
  const tablesUnder = (node: PlanNode): readonly string[] => nodesOf(node).flatMap((below) => below['Relation Name'] ?? []);
  const costly: string[] = [];
  for (const statement of statements) {
    const nodes = nodesOf(await planOf(on, statement));
    costly.push(
      ...nodes
        .filter((node) => /^(Seq Scan|Sort|Incremental Sort|Hash)$/.test(node['Node Type']))
        .filter((node) => tablesUnder(node).some((table) => table !== 'audit_unsealed'))
        .map((node) => `${node['Node Type']} ${node['Relation Name'] ?? ''} in ${statement.sql}`),
    );
  }
  return costly;
}

async function statementsOf(work: () => Promise<unknown>): Promise<readonly CompiledQuery[]> {
  heard.clear();
  await work();
  return [...heard.values()].filter(({ sql: text }) => /^\s*(select|insert|delete|with)\b/i.test(text) && text.includes('audit_'));
}

async function exported(filter: Partial<AuditFilter>): Promise<number> {
  let lines = 0;
  for await (const page of exportAudit(db, { subject: null, since: null, until: null, ...filter })) lines += page.length;
  return lines;
}

const WORK: Readonly<Record<string, () => Promise<unknown>>> = {
  'the verification': () => verifyAudit(db, 'ab'.repeat(32)),
  'an export': () => exported({}),
  'an export of one subject': () => exported({ subject: SUBJECT }),
  'an export of a time': () => exported({ since: '2020-01-01' }),
  'a list': () => listAudit(db, SUBJECT, 100),
  'a look whether something is to be sealed': () => hasUnsealed(db),
};

describe('the statements of', () => {
  it.each(Object.keys(WORK))('%s go by indexes, page after page', async (name) => {
    const statements = await statementsOf(WORK[name] as () => Promise<unknown>);
    expect(statements.length).toBeGreaterThan(0);
    expect(await costlyNodes(db, statements)).toEqual([]);
  });

  it('sealing go by indexes', async () => {
    const statements = await statementsOf(() => sealEntries(db, 100));
    expect(statements.length).toBeGreaterThan(2);
    expect((await costlyNodes(db, statements)).filter((node) => !node.includes('"audit_unsealed"'))).toEqual([]);
  });

  it.each(['the verification', 'an export of one subject', 'a list'])(
    '%s are seen not to without their index: the control',
    async (name) => {
      const statements = await statementsOf(WORK[name] as () => Promise<unknown>);
      const trx = await db.startTransaction().execute();
      try {
        await sql`alter table audit_entry drop constraint audit_entry_subject_position_key`.execute(trx);
        expect((await costlyNodes(trx, statements)).some((node) => node.startsWith('Sort'))).toBe(true);
      } finally {
        await trx.rollback().execute();
      }
    },
  );
});
