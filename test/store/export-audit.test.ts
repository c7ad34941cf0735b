import { createHash } from 'node:crypto';
import { recordAudit } from '../../store/audit.ts';
import { exportAudit, type AuditFilter } from '../../store/export-audit.ts';
import { verifyAudit } from '../../store/verify-audit.ts';
import { sql } from 'kysely';
import { sealAll, tamper, writeHistory, type AuditHistory } from '../support/audit-history.ts';
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

async function linesOf(filter: Partial<AuditFilter> = {}): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const page of exportAudit(stage.db, { subject: null, since: null, until: null, ...filter })) lines.push(...page);
  return lines;
}

/**
 * What docs/audit.md says that anybody can do with an exported file, written from that page and nothing else: SHA-256 is all that is used.
 * Answers what does not fit.
 */
function verifyFile(lines: readonly string[], isWhole: boolean): readonly string[] {
  const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
  const faults: string[] = [];
  const lastOf = new Map<string, { position: number; hash: string }>();
  const seals: { ordinal: number; previous: string; hash: string; subject: string; position: number; entry: string }[] = [];
  for (const [index, line] of lines.entries()) {
    // "The hash of an entry is the SHA-256 of the text between `"entry":` and the last brace of the line."
    const text = line.slice(line.indexOf('"entry":') + '"entry":'.length, -1);
    const { hash, seal, entry } = JSON.parse(line) as {
      hash: string;
      seal: { hash: string; ordinal: number; previous: string } | null;
      entry: { subject: string; position: number; previous: string };
    };
    if (sha256(text) !== hash) faults.push(`line ${index + 1}: its hash is not that of its entry`);
    const { subject, position, previous } = entry;
    const before = lastOf.get(subject) ?? { position: 0, hash: '0'.repeat(64) };
    if (isWhole && position !== before.position + 1) faults.push(`line ${index + 1}: not the next position`);
    if (position === before.position + 1 && previous !== before.hash) faults.push(`line ${index + 1}: not chained to the entry before`);
    lastOf.set(subject, { position, hash });
    if (seal !== null) seals.push({ ...seal, subject, position, entry: hash });
  }
  seals.sort((one, other) => one.ordinal - other.ordinal);
  let head = { ordinal: 0, hash: '0'.repeat(64) };
  for (const { ordinal, previous, hash, subject, position, entry } of seals) {
    const text = `{"entry":"${entry}","ordinal":${ordinal},"position":${position},"previous":"${previous}","subject":${JSON.stringify(subject)}}`;
    if (sha256(text) !== hash) faults.push(`seal ${ordinal}: its hash is not that of what it seals`);
    if (isWhole && ordinal !== head.ordinal + 1) faults.push(`seal ${ordinal}: not the next number`);
    if (ordinal === head.ordinal + 1 && previous !== head.hash) faults.push(`seal ${ordinal}: not chained to the seal before`);
    head = { ordinal, hash };
  }
  return faults;
}

describe('an exported history', () => {
  it('is verified by SHA-256 alone, as the documentation says', async () => {
    const lines = await linesOf();
    expect(lines).toHaveLength(15);
    expect(verifyFile(lines, true)).toEqual([]);
    expect(lines.map((line) => (JSON.parse(line) as { seal: object | null }).seal === null)).toEqual([
      ...Array(13).fill(false),
      true,
      true,
    ]);
    const { head } = await verifyAudit(stage.db, null);
    const seals = lines.map((line) => (JSON.parse(line) as { seal: { hash: string; ordinal: number } | null }).seal);
    expect(seals.find((seal) => seal?.ordinal === head?.ordinal)?.hash).toBe(head?.hash);
  });

  it.each<[string, (lines: readonly string[]) => readonly string[], readonly string[]]>([
    [
      'a changed word',
      (lines) => lines.map((line, at) => (at === 3 ? line.replace('"approved"', '"denied"') : line)),
      ['line 4: its hash is not that of its entry'],
    ],
    ['a line that is gone', (lines) => lines.toSpliced(5, 1), ['line 6: not the next position', 'seal 7: not the next number']],
    [
      'two lines that changed their places',
      (lines) => [...lines.slice(0, 5), lines[6] ?? '', lines[5] ?? '', ...lines.slice(7)],
      ['line 6: not the next position', 'line 7: not the next position', 'line 8: not the next position'],
    ],
  ])('with %s is found by the same means', async (_what, change, faults) => {
    const lines = await linesOf();
    expect(verifyFile(change(lines), true)).toEqual(faults);
  });

  it('of one subject is its whole chain', async () => {
    const lines = await linesOf({ subject: history.amended });
    expect(lines.map((line) => (JSON.parse(line) as { entry: { kind: string; position: number } }).entry)).toMatchObject([
      { position: 1, kind: 'received' },
      { position: 2, kind: 'judged' },
      { position: 3, kind: 'asked' },
      { position: 4, kind: 'amended' },
      { position: 5, kind: 'judged' },
    ]);
    expect(verifyFile(lines, false)).toEqual([]);
  });

  it('of a time begins with its first instant and ends before its last', async () => {
    const subject = 'connection/salesforce';
    const times = ['2026-12-01T00:00:00.000Z', '2026-12-01T00:00:00.001Z', '2026-12-02T00:00:00.000Z'];
    for (const at of times) await recordAudit(stage.db, { subject, kind: 'paused', actor: 'command line', details: {}, at });
    const positions = async (since: string | null, until: string | null): Promise<readonly number[]> =>
      (await linesOf({ subject, since, until })).map((line) => (JSON.parse(line) as { entry: { position: number } }).entry.position);
    expect(await positions('2026-12-01T00:00:00.001Z', null)).toEqual([2, 3]);
    expect(await positions(null, '2026-12-01T00:00:00.001Z')).toEqual([1]);
    expect(await positions('2026-12-01T00:00:00.001Z', '2026-12-02T00:00:00.000Z')).toEqual([2]);
    const all = await linesOf({ since: '2026-12-01', until: '2026-12-02' });
    expect(all).toHaveLength(2);
    expect(verifyFile(all, false)).toEqual([]);
  });

  it('goes page by page, and each entry is in it once', async () => {
    await sql`insert into audit_entry (subject, at, kind, actor, details)
      select 'partner/' || turn % 3, now(), 'changed', 'api', '{}' from generate_series(1, 2500) as turn`.execute(stage.db);
    await sealAll(stage.db);
    const pages: number[] = [];
    const lines: string[] = [];
    for await (const page of exportAudit(stage.db, { subject: null, since: null, until: null })) {
      pages.push(page.length);
      lines.push(...page);
    }
    expect(pages).toEqual([1_000, 1_000, 515]);
    expect(verifyFile(lines, true)).toEqual([]);
    expect((await linesOf({ subject: 'partner/1' })).length).toBe(834);
  });

  it('is of one moment, and has also what was tampered with', async () => {
    const pages = exportAudit(stage.db, { subject: null, since: null, until: null });
    const first = await pages.next();
    expect(first.value).toHaveLength(15);
    await recordAudit(stage.db, { subject: history.short, kind: 'later', actor: 'program', details: {}, at: '2026-12-01T00:00:00.000Z' });
    expect((await pages.next()).done).toBe(true);
    await tamper(
      stage.db,
      sql`delete from audit_seal where ordinal = 3`,
      sql`update audit_entry set actor = 'vp' where subject = ${history.short} and position = 1`,
    );
    const lines = await linesOf();
    expect(lines).toHaveLength(16);
    expect(verifyFile(lines, true)).toEqual(['line 10: its hash is not that of its entry', 'seal 4: not the next number']);
  });
});
