import { loadFreeMailDomains } from '../../workers/compose/reference-data.ts';
import { openMatchBook } from '../../program/simulation/match-book.ts';
import { simulate } from '../../program/simulation/simulate.ts';
import { replayDecision } from '../../program/replay.ts';
import { readDecisions, readHistory, type NumberedVerdict } from '../../store/history.ts';
import { replayAll } from '../../workers/cli/program/replay-decisions.ts';
import { createDecisionStage, emptyStore, later, MONDAY, type DecisionStage } from '../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { ACME, OFFICE } from '../program/example.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const PROGRAMS = { byVersion: (version: string) => (version === ACME.version ? ACME : null) };

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db);
}, 120_000);
afterAll(() => postgres.stop());
beforeEach(() => emptyStore(stage.db));

/** A week of decisions: approved and denied at once, by people, taken back, and two that wait. */
async function playWeek(): Promise<void> {
  const large = { estimatedValue: { amount: '60000.00', currency: 'USD' } };
  const at = (day: number): string => later(MONDAY, day * DAY_MS);
  const own = (word: string) => ({ customer: { name: word, domain: `${word}.example` } });
  const receive = async (day: number, wishes: Parameters<DecisionStage['receive']>[0]) => {
    const then = stage.withDependencies({ now: () => at(day) });
    return (await then.receiveAndEvaluate(wishes)).registrationId;
  };
  await receive(0, own('contoso'));
  await receive(1, own('contoso'));
  const approved = await receive(1, { ...own('fabrikam'), ...large });
  const denied = await receive(1, { ...own('litware'), ...large });
  const withdrawn = await receive(1, own('adatum'));
  await stage.command(approved, { kind: 'decide', decision: 'approve', actor: 'manager' }, { at: at(2) });
  await stage.command(denied, { kind: 'decide', decision: 'deny', actor: 'manager' }, { at: at(2) });
  await stage.command(withdrawn, { kind: 'withdraw', actor: 'partner' }, { at: at(2) });
  await receive(3, { ...own('tailspin'), ...large });
  await receive(4, own('tailspin'));
  await receive(4, own('adatum'));
}

async function allDecisions(since: string | null, pageSize?: number): Promise<readonly NumberedVerdict[]> {
  const all: NumberedVerdict[] = [];
  for await (const page of readDecisions(stage.db, since, pageSize)) all.push(...page);
  return all;
}

describe('readHistory', () => {
  it('simulated under the programs that decided it, ends as it really ended', async () => {
    await playWeek();
    const { claims, unjudged } = await readHistory(stage.db, null);
    const book = openMatchBook(claims, loadFreeMailDomains(), ACME.matching);
    const ended = simulate(claims, {
      programOf: () => ACME,
      calendarOf: () => OFFICE,
      matchesOf: () => book,
      asOf: later(MONDAY, 4 * DAY_MS),
      unanswered: 'waiting',
    });
    expect(unjudged).toBe(0);
    expect(ended.map(({ status }) => status)).toEqual([
      'approved',
      'denied',
      'approved',
      'denied',
      'withdrawn',
      'in_review',
      'in_review',
      'approved',
    ]);
    expect(claims.map(({ status }) => status)).toEqual(ended.map(({ status }) => status));
  });

  it('knows the answers of people, with the question that they answered', async () => {
    await playWeek();
    const { claims } = await readHistory(stage.db, null);
    expect(claims.flatMap(({ answers }) => answers)).toEqual([
      { at: later(MONDAY, 2 * DAY_MS), decision: 'approve', by: 'manager', question: { subject: 'routing', roles: ['partner_manager'] } },
      { at: later(MONDAY, 2 * DAY_MS), decision: 'deny', by: 'manager', question: { subject: 'routing', roles: ['partner_manager'] } },
    ]);
  });

  it('keeps what was seen of an approved claim, and takes none of its verdicts for a question', async () => {
    const { registrationId } = await stage.receiveAndEvaluate();
    const first = await stage.db.selectFrom('verdict').selectAll().where('registration_id', '=', registrationId).executeTakeFirstOrThrow();
    const { customer, productLines, estimatedValue } = first.claim;
    const approved = { approvedAt: MONDAY, partnerId: 'partner', customer, productLines, estimatedValue, until: later(MONDAY, DAY_MS) };
    const { id: _id, ...row } = first;
    await stage.db
      .insertInto('verdict')
      .values({
        ...row,
        occasion: 'amended',
        claim: JSON.stringify(row.claim),
        evidence: JSON.stringify({ ...row.evidence, approved }),
        verdict: JSON.stringify(row.verdict),
        decided_at: later(MONDAY, DAY_MS),
      })
      .execute();
    const { claims } = await readHistory(stage.db, null);
    expect(claims.map(({ sightings, answers }) => [sightings.length, answers])).toEqual([[2, []]]);
  });

  it('is the same in pages of any size', async () => {
    await playWeek();
    const whole = await readHistory(stage.db, null);
    for (const size of [1, 2, 3]) expect(await readHistory(stage.db, null, size)).toEqual(whole);
  });

  it('leaves out what was received before, and counts what was never judged', async () => {
    await playWeek();
    await stage.receive({ customer: { name: 'Wingtip', domain: 'wingtip.example' } });
    const since = await stage.db.selectFrom('registration').select('submitted_at').orderBy('sequence').execute();
    const fourth = since[3]?.submitted_at ?? '';
    const { claims, unjudged } = await readHistory(stage.db, fourth);
    expect(unjudged).toBe(fourth > (since.at(-1)?.submitted_at ?? '') ? 0 : 1);
    expect(claims.length).toBe(since.filter(({ submitted_at: at }) => at >= fourth).length - unjudged);
  });
});

describe('readDecisions', () => {
  it('finds every decision once, in pages of any size, and each is replayed bit for bit', async () => {
    await playWeek();
    const whole = await allDecisions(null);
    expect(whole.length).toBeGreaterThanOrEqual(8);
    for (const size of [1, 3]) expect((await allDecisions(null, size)).map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
    expect(whole.map((decision) => replayDecision(ACME, decision))).toEqual(whole.map(() => ({ kind: 'equal' })));
  });

  it('finds none of a later day', async () => {
    await playWeek();
    expect(await allDecisions('2999-01-01T00:00:00.000Z')).toEqual([]);
  });
});

describe('replayAll', () => {
  it('counts all decisions as equal', async () => {
    await playWeek();
    const decisions = (await allDecisions(null)).length;
    expect(await replayAll(stage.db, PROGRAMS, null)).toEqual({
      decisions,
      equal: decisions,
      different: 0,
      unknownVersion: 0,
      differences: [],
    });
  });

  it('finds the one that somebody changed, and the one whose version nobody knows', async () => {
    await playWeek();
    const [first, second] = await allDecisions(null);
    const changed = JSON.stringify({ ...first?.verdict, outcome: 'deny' });
    await stage.db
      .updateTable('verdict')
      .set({ verdict: changed })
      .where('id', '=', first?.id ?? '')
      .execute();
    await stage.db
      .updateTable('verdict')
      .set({ program_version: 'lost' })
      .where('id', '=', second?.id ?? '')
      .execute();
    const report = await replayAll(stage.db, PROGRAMS, null);
    expect(report).toMatchObject({ different: 1, unknownVersion: 1 });
    expect(report.differences).toEqual([
      expect.objectContaining({ registrationId: first?.registrationId, path: 'outcome', kept: '"deny"', now: '"approve"' }),
      expect.objectContaining({ registrationId: second?.registrationId, path: null }),
    ]);
  });
});
