import { sql } from 'kysely';
import fc from 'fast-check';
import { recordAudit } from '../../store/audit.ts';
import { sealEntries } from '../../store/audit-seal.ts';
import { digestOfText, entryText, sha256Of } from '../../store/audit-text.ts';
import { openDatabase, type Database } from '../../store/database.ts';
import { verifyAudit, type AuditReport } from '../../store/verify-audit.ts';
import { canonicalJson } from '../../program/canonical-json.ts';
import { sealAll } from '../support/audit-history.ts';
import { emptyStore } from '../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { inParallel, until } from '../support/until.ts';

jest.setTimeout(180_000);

const AT = '2026-11-16T15:00:00.000Z';

let postgres: TestPostgres;
let db: Database;
let url: string;

beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ db, url } = await postgres.openEmpty());
});
afterEach(() => emptyStore(db));
afterAll(() => postgres.stop());

const record = (subject: string, changes: Partial<Parameters<typeof recordAudit>[1]> = {}, on: Parameters<typeof recordAudit>[0] = db) =>
  recordAudit(on, { subject, kind: 'noted', actor: 'program', details: {}, at: AT, ...changes });

async function entries(): Promise<readonly { readonly subject: string; readonly position: string; readonly id: string }[]> {
  return db.selectFrom('audit_entry').select(['subject', 'position', 'id']).orderBy('id').execute();
}

async function sealedOrder(): Promise<readonly string[]> {
  const rows = await db.selectFrom('audit_seal').select(['subject', 'position']).orderBy('ordinal').execute();
  return rows.map(({ subject, position }) => `${subject} ${position}`);
}

describe('recordAudit', () => {
  it('counts within each subject, and keeps the order of all of them', async () => {
    for (const subject of ['case/a', 'case/b', 'case/a', 'case/a', 'case/b']) await record(subject);
    expect((await entries()).map(({ subject, position }) => `${subject} ${position}`)).toEqual([
      'case/a 1',
      'case/b 1',
      'case/a 2',
      'case/a 3',
      'case/b 2',
    ]);
  });

  it('leaves nothing of a transaction that did not end', async () => {
    await record('case/a');
    const undone = db.transaction().execute(async (trx) => {
      await record('case/a', {}, trx);
      await record('case/b', {}, trx);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await record('case/a');
    expect((await entries()).map(({ subject, position }) => `${subject} ${position}`)).toEqual(['case/a 1', 'case/a 2']);
    expect((await verifyAudit(db, null)).faults).toEqual([]);
  });

  it.each(['audit_entry', 'audit_seal'])('writes to a table that refuses every change: %s', async (table) => {
    await record('case/a');
    await sealAll(db);
    const name = sql.table(table);
    for (const change of [
      sql`update ${name} set subject = 'case/b'`,
      sql`update ${name} set position = position`,
      sql`delete from ${name}`,
      sql`truncate ${name}`,
    ]) {
      await expect(change.execute(db)).rejects.toThrow(new RegExp(`^${table} is append-only: (UPDATE|DELETE|TRUNCATE) is refused$`));
    }
    await expect(sql`delete from audit_head`.execute(db)).rejects.toThrow('audit_head is append-only');
    await expect(sql`truncate audit_head`.execute(db)).rejects.toThrow('audit_head is append-only');
    expect((await verifyAudit(db, null)).faults).toEqual([]);
  });

  it('has the database take the hash of the very text that is documented, whatever stands in it', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((value) => !value.includes('\u0000') && value.isWellFormed());
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        text,
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
        tie('list'),
        tie('object'),
      ),
      list: fc.array(tie('any'), { maxLength: 3 }),
      object: fc.dictionary(text, tie('any'), { maxKeys: 4 }),
    }));
    const microsecond = fc.integer({ min: 0, max: 4_102_444_800_000_000 - 1 }).map((us) => {
      const whole = new Date(Math.floor(us / 1_000)).toISOString().slice(0, -1);
      return `${whole}${String(us % 1_000).padStart(3, '0')}Z`;
    });
    await fc.assert(
      fc.asyncProperty(text, text, text, value.object as fc.Arbitrary<object>, microsecond, async (subject, kind, actor, details, at) => {
        await emptyStore(db);
        await record(subject, { kind, actor, details, at });
        await record(subject, { kind, actor, details, at });
        const { rows } = await sql<{
          details: string;
          hash: string;
        }>`select details::text as details, encode(hash, 'hex') as hash from audit_entry order by position`.execute(db);
        const written = canonicalJson(details);
        expect(rows.map((row) => row.details)).toEqual([written, written]);
        const first = sha256Of(entryText({ subject, position: 1, at, kind, actor, details: written, previous: '0'.repeat(64) }));
        const second = sha256Of(entryText({ subject, position: 2, at, kind, actor, details: written, previous: first }));
        expect(rows.map((row) => row.hash)).toEqual([first, second]);
        expect((await verifyAudit(db, null)).faults).toEqual([]);
        // The text is JSON that reads as what was recorded.
        expect(
          canonicalJson(JSON.parse(entryText({ subject, position: 1, at, kind, actor, details: written, previous: '0'.repeat(64) }))),
        ).toContain(`"details":${written},`);
      }),
      { numRuns: 60 },
    );
  });

  it('writes equal details as equal texts', async () => {
    await record('case/a', { details: { b: 1, a: { d: [2, 1], c: 'ü' } } });
    await record('case/b', { details: { a: { c: 'ü', d: [2, 1] }, b: 1 } });
    const { rows } = await sql<{ details: string }>`select distinct details::text as details from audit_entry`.execute(db);
    expect(rows).toEqual([{ details: '{"a":{"c":"ü","d":[2,1]},"b":1}' }]);
  });

  it('is verified by whoever connects, however that session shows times, numbers and bytes', async () => {
    await record('case/a', { at: '2026-03-29T01:59:59.123456+01:00', details: { share: 0.1, many: 1e21 } });
    await sealAll(db);
    const strange = new URL(url);
    strange.searchParams.set(
      'options',
      ['timezone=Asia/Kolkata', 'datestyle=German', 'bytea_output=escape', 'extra_float_digits=0', 'intervalstyle=iso_8601']
        .map((setting) => `-c ${setting}`)
        .join(' '),
    );
    const other = openDatabase(strange.href, 2);
    try {
      const { rows } = await sql<{ zone: string }>`select current_setting('timezone') as zone`.execute(other);
      expect(rows).toEqual([{ zone: 'Asia/Kolkata' }]);
      await record('case/a', { at: '2026-03-29T01:59:59.123456+01:00' }, other);
      await sealAll(other);
      const reports = [await verifyAudit(db, null), await verifyAudit(other, null)];
      expect(reports.map(({ faults, entries: many, from, to }) => [faults, many, from, to])).toEqual(
        Array(2).fill([[], 2, '2026-03-29T00:59:59.123456Z', '2026-03-29T00:59:59.123456Z']),
      );
    } finally {
      await other.destroy();
    }
  });

  it('has no entry in which a line ends, which would break the lines of an export', async () => {
    await record('case/a', { details: { text: 'two\nlines\r' } });
    await expect(
      sql`insert into audit_entry (subject, at, kind, actor, details) values ('case/a', now(), 'noted', 'me', ${'{\n}'})`.execute(db),
    ).rejects.toThrow('check constraint');
  });
});

describe('sealing', () => {
  it('takes what was committed, in the order of insertion, a bounded number at a time', async () => {
    for (const subject of ['case/a', 'case/b', 'case/a']) await record(subject);
    expect(await sealEntries(db, 2)).toMatchObject({ sealed: 2, head: { ordinal: 2 } });
    expect(await sealedOrder()).toEqual(['case/a 1', 'case/b 1']);
    expect(await sealEntries(db, 2)).toMatchObject({ sealed: 1, head: { ordinal: 3 } });
    const before = await sealEntries(db, 2);
    expect(before).toMatchObject({ sealed: 0, head: { ordinal: 3 } });
    expect(await sealedOrder()).toEqual(['case/a 1', 'case/b 1', 'case/a 2']);
  });

  it('takes an entry that was committed late, with an id before those of sealed ones', async () => {
    let finish: () => void = () => undefined;
    const isRecorded = new Promise<void>((recorded) => {
      void db.transaction().execute(async (trx) => {
        await record('case/late', {}, trx);
        const held = new Promise<void>((resolve) => (finish = resolve));
        recorded();
        await held;
      });
    });
    await isRecorded;
    await record('case/early');
    await sealAll(db);
    expect(await sealedOrder()).toEqual(['case/early 1']);
    finish();
    await until('it is committed', async () => (await entries()).length === 2);
    expect((await entries())[0]?.subject).toBe('case/late');
    expect((await verifyAudit(db, null)).faults).toEqual([]);
    await sealAll(db);
    expect(await sealedOrder()).toEqual(['case/early 1', 'case/late 1']);
    expect(await verifyAudit(db, null)).toMatchObject({ faults: [], sealed: 2, unsealed: 0 });
  });

  it('is done by one process at a time; another has nothing to do meanwhile', async () => {
    await record('case/a');
    await db.transaction().execute(async (trx) => {
      await sql`select pg_advisory_xact_lock(hashtextextended('audit/seal', 0))`.execute(trx);
      expect(await sealEntries(db, 10)).toBeNull();
    });
    expect(await sealEntries(db, 10)).toMatchObject({ sealed: 1 });
  });
});

describe('a busy history', () => {
  const SUBJECTS = ['registration/a', 'registration/b', 'partner/c', 'connection/d'];
  const WRITERS = 50;
  const EACH = 12;

  it('of 50 writers on few subjects has no deadlock, no gap and one seal an entry, and verifies at any moment', async () => {
    const busy = openDatabase(url, 60);
    try {
      let isOver = false;
      const watching = (async () => {
        const reports: AuditReport[] = [];
        while (!isOver) reports.push(await verifyAudit(busy, null));
        return reports;
      })();
      const sealing = inParallel([1, 2, 3], 3, async () => {
        while (!isOver) await sealEntries(busy, 25);
      });
      await inParallel(Array.from({ length: WRITERS * EACH }), WRITERS, (_none, turn) =>
        busy.transaction().execute(async (trx) => {
          // As everywhere: who touches several subjects takes them in one order.
          const first = turn % SUBJECTS.length;
          for (const subject of SUBJECTS.slice(first, first + 2)) await record(subject, { details: { turn } }, trx);
        }),
      );
      isOver = true;
      await sealing;
      const reports = await watching;
      await sealAll(busy);
      const last = await verifyAudit(busy, null);
      expect([...reports, last].flatMap(({ faults }) => faults)).toEqual([]);
      expect(reports.some(({ entries: many }) => many > 0 && many < last.entries)).toBe(true);
      // Three of four turns touch two subjects.
      expect(last).toMatchObject({ entries: (WRITERS * EACH * 7) / 4, sealed: (WRITERS * EACH * 7) / 4, unsealed: 0, subjects: 4 });
    } finally {
      await busy.destroy();
    }
  });
});

describe('a digest of text', () => {
  it.each([
    [null, null],
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ])('of %j is that of its UTF-8', (text, digest) => {
    expect(digestOfText(text)).toBe(digest);
  });
});
