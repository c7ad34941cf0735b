import { randomUUID } from 'node:crypto';
import { Migrator, sql, type Migration } from 'kysely';
import { canonicalJson } from '../../program/canonical-json.ts';
import { recordAudit } from '../../store/audit.ts';
import { migrateToLatest, openDatabase, type Database } from '../../store/database.ts';
import * as foundation from '../../store/migrations/0001-foundation.ts';
import * as writeIntent from '../../store/migrations/0002-write-intent.ts';
import * as caseJoin from '../../store/migrations/0003-case-join.ts';
import * as programAsCode from '../../store/migrations/0004-program-as-code.ts';
import * as syncRecovery from '../../store/migrations/0005-sync-recovery.ts';
import { verifyAudit } from '../../store/verify-audit.ts';
import { sealAll } from '../support/audit-history.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

jest.setTimeout(180_000);

/** As they were before entries were chained. */
const BEFORE: Readonly<Record<string, Migration>> = {
  '0001-foundation': foundation,
  '0002-write-intent': writeIntent,
  '0003-case-join': caseJoin,
  '0004-program-as-code': programAsCode,
  '0005-sync-recovery': syncRecovery,
};
const MANY = 20_000;
const DETAILS = [
  { to: 'approved', from: 'submitted', step: null },
  { joined: ['b', 'a'], contested: [{ productLine: 'platform', registrationIds: ['x'] }] },
  { text: 'Ørsted "ü" \\ \u0001 \u2028 🙂\n', empty: {}, none: [], nested: { z: 1.5, a: -0.000001, flag: true } },
];

let postgres: TestPostgres;
let db: Database;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const { db: server, url } = await postgres.openEmpty();
  const name = `upgraded_${randomUUID()}`;
  await sql`create database ${sql.id(name)} template template0`.execute(server);
  const upgraded = new URL(url);
  upgraded.pathname = `/${name}`;
  db = openDatabase(upgraded.href, 3);
  await new Migrator({ db, provider: { getMigrations: async () => BEFORE } }).migrateToLatest();
});
afterAll(async () => {
  await db.destroy();
  await postgres.stop();
});

describe('a history of before entries were chained', () => {
  it('is chained as it stands when the schema is brought up to date, and goes on', async () => {
    const before = DETAILS.map((details) => JSON.stringify(details));
    await sql`
      insert into audit_entry (at, subject, kind, actor, details)
      select timestamptz '2026-01-01T00:00:00.000001Z' + turn * interval '1 second', 'registration/' || turn % 700, 'judged', 'program',
        (${before}::jsonb[])[turn % 3 + 1]
      from generate_series(1, ${MANY}::int) as turn`.execute(db);
    await sql`delete from audit_entry where id % 11 = 0`.execute(db);
    const old = await sql<{ id: string; subject: string }>`select id, subject from audit_entry order by id`.execute(db);
    await migrateToLatest(db);

    const rows = (
      await sql<{
        id: string;
        subject: string;
        position: string;
        details: string;
      }>`select id, subject, position, details::text as details from audit_entry order by id`.execute(db)
    ).rows;
    expect(rows.map(({ id, subject }) => ({ id, subject }))).toEqual(old.rows);
    const positions = new Map<string, number>();
    for (const { subject, position } of rows) {
      const expected = (positions.get(subject) ?? 0) + 1;
      positions.set(subject, expected);
      if (Number(position) !== expected) expect(`${subject} ${position}`).toBe(`${subject} ${expected}`);
    }
    expect(new Set(rows.map(({ details }) => details))).toEqual(new Set(DETAILS.map((details) => canonicalJson(details))));

    expect(await verifyAudit(db, null)).toMatchObject({
      faults: [],
      entries: old.rows.length,
      subjects: 700,
      unsealed: old.rows.length,
      from: '2026-01-01T00:00:01.000001Z',
    });
    await recordAudit(db, { subject: 'registration/1', kind: 'won', actor: 'rep', details: {}, at: '2026-02-01T00:00:00.000Z' });
    await sealAll(db);
    const report = await verifyAudit(db, null);
    expect(report).toMatchObject({ faults: [], entries: old.rows.length + 1, sealed: old.rows.length + 1, unsealed: 0 });
    const [last] = (
      await sql<{ subject: string; position: string; ordinal: string }>`select * from audit_seal order by ordinal desc limit 1`.execute(db)
    ).rows;
    expect(last).toMatchObject({
      subject: 'registration/1',
      position: String((positions.get('registration/1') ?? 0) + 1),
      ordinal: String(report.sealed),
    });
  });

  it('leaves nothing behind that only the upgrade needed', async () => {
    const { rows } = await sql<{ name: string }>`
      select proname as name from pg_proc where pronamespace = 'public'::regnamespace
      union all select relname from pg_class where relnamespace = 'public'::regnamespace and relname like '%unchained%' order by name`.execute(
      db,
    );
    expect(rows.map(({ name }) => name)).toEqual(['audit_chain_entry', 'audit_entry_hash', 'audit_refuse_change']);
  });
});
