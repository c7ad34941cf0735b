import { sql, type RawBuilder } from 'kysely';
import { verifyAudit } from '../../store/verify-audit.ts';
import { nameOf, rechain, sealAll, tamper, writeHistory, type AuditHistory } from '../support/audit-history.ts';
import { createDecisionStage, emptyStore, type DecisionStage } from '../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

jest.setTimeout(120_000);

let postgres: TestPostgres;
let stage: DecisionStage;
let history: AuditHistory;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db);
});
beforeEach(async () => {
  await emptyStore(stage.db);
  history = await writeHistory(stage);
});
afterAll(() => postgres.stop());

const found = async (noted: string | null = null): Promise<readonly string[]> =>
  (await verifyAudit(stage.db, noted)).faults.map(nameOf).toSorted();

type Tampering = (history: AuditHistory) => readonly RawBuilder<unknown>[];

const set = (assignment: RawBuilder<unknown>, subject: string, position: number): RawBuilder<unknown> =>
  sql`update audit_entry set ${assignment} where subject = ${subject} and position = ${position}`;
const remove = (subject: string, from: number, until = from): RawBuilder<unknown> =>
  sql`delete from audit_entry where subject = ${subject} and position between ${from} and ${until}`;
const shift = (subject: string, from: number, to: number): RawBuilder<unknown> =>
  sql`update audit_entry set position = ${to} where subject = ${subject} and position = ${from}`;
const swap = (subject: string, one: number, other: number): readonly RawBuilder<unknown>[] => [
  shift(subject, one, -1),
  shift(subject, other, one),
  shift(subject, -1, other),
];
/** A further entry at a position that is free, with hashes that fit where it stands. */
const forge = (subject: string, position: number): RawBuilder<unknown> => sql`
  insert into audit_entry (id, subject, position, at, kind, actor, details, previous, hash)
  select nextval('audit_entry_order'), subject, ${position}, at, 'approved', 'vp', '{}', hash, audit_entry_hash(hash, subject, ${position}::bigint, at, 'approved', 'vp', '{}')
  from audit_entry where subject = ${subject} and position = ${position} - 1`;
const noteHead = (subject: string): RawBuilder<unknown> => sql`
  update audit_head set position = last.position, hash = last.hash
  from (select * from audit_entry where subject = ${subject} order by position desc limit 1) as last where audit_head.subject = ${subject}`;

describe('verifyAudit', () => {
  it('finds nothing in a history that nobody touched, and says what it read', async () => {
    const report = await verifyAudit(stage.db, null);
    expect(report).toMatchObject({ faults: [], areMoreFaults: false, subjects: 4, entries: 15, sealed: 13, unsealed: 2, comments: 3 });
    expect(report.head).toEqual({ ordinal: 13, hash: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown });
    expect(report.from).toBe('2026-11-16T15:00:00.000000Z');
  });

  it.each<[string, Tampering, (history: AuditHistory) => readonly string[]]>([
    ['a kind', ({ decided }) => [set(sql`kind = 'denied'`, decided, 4)], ({ decided }) => [`changed ${decided} 4`]],
    ['an actor', ({ decided }) => [set(sql`actor = 'director'`, decided, 4)], ({ decided }) => [`changed ${decided} 4`]],
    [
      'details',
      ({ decided }) => [set(sql`details = replace(details::text, 'approved', 'denied')::json`, decided, 4)],
      ({ decided }) => [`changed ${decided} 4`],
    ],
    [
      'how a number of the details is written',
      ({ decided }) => [set(sql`details = '{"number":1.0}'`, decided, 5)],
      ({ decided }) => [`changed ${decided} 5`],
    ],
    [
      'a time by a microsecond',
      ({ short }) => [set(sql`at = at + interval '1 microsecond'`, short, 1)],
      ({ short }) => [`changed ${short} 1`],
    ],
    ['the hash of an entry', ({ short }) => [set(sql`hash = sha256('x')`, short, 1)], ({ short }) => [`changed ${short} 1`]],
    [
      'entries of several subjects, all of which are named',
      ({ short, amended, decided }) => [
        set(sql`actor = 'vp'`, short, 2),
        set(sql`actor = 'vp'`, amended, 1),
        set(sql`actor = 'vp'`, amended, 4),
        set(sql`actor = 'vp'`, decided, 6),
      ],
      ({ short, amended, decided }) => [`changed ${short} 2`, `changed ${amended} 1`, `changed ${amended} 4`, `changed ${decided} 6`],
    ],
    [
      'an entry, with a hash that fits it again',
      ({ amended }) => [
        set(sql`actor = 'vp'`, amended, 2),
        set(sql`hash = audit_entry_hash(previous, subject, position, at, kind, actor, details)`, amended, 2),
      ],
      ({ amended }) => [`changed ${amended} 2`],
    ],
    [
      'an entry that is not sealed yet, with a hash that fits it again',
      ({ decided }) => [
        set(sql`actor = 'vp'`, decided, 5),
        set(sql`hash = audit_entry_hash(previous, subject, position, at, kind, actor, details)`, decided, 5),
      ],
      ({ decided }) => [`changed ${decided} 5`],
    ],
    [
      'the last entry, not sealed yet, with a hash that fits it again',
      ({ decided }) => [
        set(sql`actor = 'vp'`, decided, 6),
        set(sql`hash = audit_entry_hash(previous, subject, position, at, kind, actor, details)`, decided, 6),
      ],
      ({ decided }) => [`head ${decided} 6`],
    ],
    [
      'an entry, with the chain of its subject written anew behind it',
      ({ amended }) => [set(sql`actor = 'vp'`, amended, 2), ...rechain(amended, 2)],
      ({ amended }) => [2, 3, 4, 5].map((position) => `changed ${amended} ${position}`),
    ],
    ['the first of a subject, away', ({ amended }) => [remove(amended, 1)], ({ amended }) => [`missing ${amended} 1`]],
    ['one from the middle, away', ({ amended }) => [remove(amended, 3)], ({ amended }) => [`missing ${amended} 3`]],
    ['several from the middle, away', ({ amended }) => [remove(amended, 2, 4)], ({ amended }) => [`missing ${amended} 2–4`]],
    ['the last that was sealed, away', ({ amended }) => [remove(amended, 5)], ({ amended }) => [`missing ${amended} 5`]],
    [
      'the last that was sealed, away, and noted as if it had never been',
      ({ amended }) => [remove(amended, 5), noteHead(amended)],
      ({ amended }) => [`missing ${amended} 5`],
    ],
    ['the last, which is not sealed, away', ({ decided }) => [remove(decided, 6)], ({ decided }) => [`missing ${decided} 6`]],
    [
      'the last, which is not sealed, away with its place in the queue',
      ({ decided }) => [remove(decided, 6), sql`delete from audit_unsealed where position = 6`],
      ({ decided }) => [`missing ${decided} 6`],
    ],
    [
      'one from the middle, away with its place in the queue',
      ({ decided }) => [remove(decided, 5), sql`delete from audit_unsealed where position = 5`],
      ({ decided }) => [`missing ${decided} 5`],
    ],
    ['a whole subject, away', ({ short }) => [remove(short, 1, 2)], ({ short }) => [`missing ${short} 1–2`]],
    [
      'a whole subject, away with what was noted of it',
      ({ short }) => [remove(short, 1, 2), sql`delete from audit_head where subject = ${short}`],
      ({ short }) => [`missing ${short} 1–2`],
    ],
    [
      'what was noted of a subject, away',
      ({ short }) => [sql`delete from audit_head where subject = ${short}`],
      ({ short }) => [`head ${short} 2`],
    ],
    ['two entries, swapped', ({ amended }) => swap(amended, 2, 4), ({ amended }) => [`reordered ${amended} 2`, `reordered ${amended} 4`]],
    [
      'two entries that are not sealed, swapped',
      ({ decided }) => swap(decided, 5, 6),
      ({ decided }) => [`reordered ${decided} 5`, `reordered ${decided} 6`],
    ],
    ['a further entry, at the end', ({ decided }) => [forge(decided, 7)], ({ decided }) => [`head ${decided} 7`, `unsealed ${decided} 7`]],
    [
      'a further entry, at the end, and noted as the last',
      ({ decided }) => [forge(decided, 7), noteHead(decided)],
      ({ decided }) => [`unsealed ${decided} 7`],
    ],
    [
      'a further entry, in the middle',
      ({ amended }) => [shift(amended, 5, 6), shift(amended, 4, 5), shift(amended, 3, 4), forge(amended, 3)],
      ({ amended }) => [
        `changed ${amended} 3`,
        `reordered ${amended} 4`,
        `reordered ${amended} 5`,
        `reordered ${amended} 6`,
        `head ${amended} 6`,
      ],
    ],
    [
      'an entry before the first',
      ({ short }) => [
        sql`insert into audit_entry select nextval('audit_entry_order'), subject, 0, at, kind, actor, details, previous, hash from audit_entry where subject = ${short} and position = 1`,
      ],
      ({ short }) => [`reordered ${short} 0`],
    ],
    [
      'a subject, renamed',
      ({ short }) => [
        sql`update audit_entry set subject = 'registration/other' where subject = ${short}`,
        sql`update audit_head set subject = 'registration/other' where subject = ${short}`,
      ],
      ({ short }) => [`missing ${short} 1–2`, 'renamed registration/other 1', 'renamed registration/other 2'],
    ],
    [
      'a comment',
      () => [sql`update registration_command set comment = 'Never heard of them.' where command_id = 'api:approval'`],
      ({ decided }) => [`comment ${decided} 3`],
    ],
    [
      'a comment, away',
      () => [sql`update registration_command set comment = null where command_id = 'api:approval'`],
      ({ decided }) => [`comment ${decided} 3`],
    ],
    [
      'a comment where there was none',
      () => [sql`update registration_command set comment = 'as agreed' where command_id = 'api:amendment'`],
      ({ amended }) => [`comment ${amended} 3`],
    ],
    [
      'the values of an amendment',
      () => [
        sql`update registration_command set amendment = jsonb_set(amendment, '{estimatedValue,amount}', '"90000.00"') where command_id = 'api:amendment'`,
      ],
      ({ amended }) => [`comment ${amended} 3`],
    ],
    [
      'a command with all that was written, away',
      () => [sql`delete from registration_command where command_id = 'api:approval'`],
      ({ decided }) => [`comment ${decided} 3`],
    ],
    [
      'the comment on a case',
      () => [sql`update case_command set comment = 'The second one.' where command_id = 'api:resolution'`],
      ({ conflict }) => [`comment ${conflict} 2`],
    ],
    ['a seal, away', () => [sql`delete from audit_seal where ordinal = 3`], ({ decided }) => ['seal seals 3', `unsealed ${decided} 3`]],
    [
      'several seals, away',
      () => [sql`delete from audit_seal where ordinal between 3 and 4`],
      ({ decided }) => ['seal seals 3–4', `unsealed ${decided} 3`, `unsealed ${decided} 4`],
    ],
    ['what a seal seals', () => [sql`update audit_seal set entry = sha256('x') where ordinal = 3`], () => ['seal seals 3']],
    ['the hash of a seal', () => [sql`update audit_seal set hash = sha256('x') where ordinal = 3`], () => ['seal seals 3']],
    [
      'the last seals, away',
      () => [sql`delete from audit_seal where ordinal > 11`],
      ({ conflict, short }) => [`unsealed ${conflict} 2`, `unsealed ${short} 2`],
    ],
  ])('names %s', async (_what, tampering, expected) => {
    await tamper(stage.db, ...tampering(history));
    expect(await found()).toEqual([...expected(history)].sort());
  });

  it('names two seals that were swapped, and so two entries of different subjects', async () => {
    await tamper(
      stage.db,
      sql`update audit_seal set ordinal = -1 where ordinal = 3`,
      sql`update audit_seal set ordinal = 3 where ordinal = 9`,
      sql`update audit_seal set ordinal = 9 where ordinal = -1`,
    );
    expect(await found()).toEqual(['seal seals 3', 'seal seals 9']);
  });

  it('says of a moved entry where it was recorded', async () => {
    await tamper(stage.db, ...swap(history.amended, 2, 4));
    const [one] = (await verifyAudit(stage.db, null)).faults;
    expect(one).toMatchObject({
      position: 2,
      message: expect.stringMatching(/^It was recorded at position 4 \(sealed as number \d+\)\.$/) as unknown,
    });
  });

  it('names as many faults as it is allowed to, and says that there are more', async () => {
    await tamper(stage.db, sql`update audit_entry set actor = 'vp'`);
    const report = await verifyAudit(stage.db, null, undefined, 5);
    expect([report.faults.length, report.areMoreFaults, report.entries]).toEqual([5, true, 15]);
    const all = await verifyAudit(stage.db, null);
    expect([all.faults.length, all.areMoreFaults]).toEqual([15, false]);
  });
});

describe('what nobody can find within the database', () => {
  const notedNow = async (): Promise<string> => (await verifyAudit(stage.db, null)).head?.hash ?? 'none';

  it('is the last entry that was not sealed yet, taken away with all that is noted of it', async () => {
    const { decided } = history;
    await tamper(stage.db, remove(decided, 6), sql`delete from audit_unsealed where position = 6`, noteHead(decided));
    expect(await found()).toEqual([]);
  });

  it('is a history that was rewritten as a whole; a head that was noted elsewhere finds it', async () => {
    await sealAll(stage.db);
    const noted = await notedNow();
    expect(await found(noted)).toEqual([]);
    await tamper(stage.db, set(sql`actor = 'vp'`, history.decided, 4), ...rechain(history.decided, 4), sql`delete from audit_seal`);
    await tamper(stage.db, sql`insert into audit_unsealed select id, subject, position from audit_entry`);
    await sealAll(stage.db);
    expect(await found()).toEqual([]);
    expect(await found(noted)).toEqual(['noted_head seals']);
  });

  it('is that seals were taken off the end and their entries queued again; a head that was noted elsewhere finds it', async () => {
    const noted = await notedNow();
    await tamper(
      stage.db,
      sql`insert into audit_unsealed select entry.id, seal.subject, seal.position from audit_seal as seal
        join audit_entry as entry using (subject, position) where ordinal > 11`,
      sql`delete from audit_seal where ordinal > 11`,
    );
    expect(await found()).toEqual([]);
    expect(await found(noted)).toEqual(['noted_head seals']);
  });
});

describe('a head that was noted', () => {
  it('is told by its number while the chain grows', async () => {
    const noted = (await verifyAudit(stage.db, null)).head?.hash ?? 'none';
    await sealAll(stage.db);
    const report = await verifyAudit(stage.db, noted);
    expect([report.noted, report.head?.ordinal, report.faults]).toEqual([{ hash: noted, ordinal: 13 }, 15, []]);
  });

  it('that never was one is a fault', async () => {
    expect(await found('ab'.repeat(32))).toEqual(['noted_head seals']);
  });
});
