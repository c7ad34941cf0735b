import type { Channel } from '../../../notify/port.ts';
import { caseWorkflowId } from '../../../program/messages.ts';
import { renderMessage } from '../../../program/notification/render-message.ts';
import type { CaseOutcome } from '../../../program/vocabulary.ts';
import { listMessages } from '../../../store/message.ts';
import { findLikePrecedents, searchPrecedents, type PrecedentQuery } from '../../../store/precedent.ts';
import { createDecisionStage, emptyStore, later, MONDAY, type DecisionStage } from '../../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

jest.setTimeout(60_000);

const CHANNELS: ReadonlyMap<string, Channel> = new Map([['email', { name: 'email', needsAddress: true } as Channel]]);
const HOUR_MS = 3_600_000;

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db, { channels: CHANNELS });
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

/** A conflict at a customer of this name. */
async function conflict(name: string, productLines = ['platform']) {
  const holder = await stage.receiveAndEvaluate({ customer: { name, domain: `${name.toLowerCase()}.com` }, productLines });
  const claimant = await stage.receiveAndEvaluate({ customer: { name, domain: null }, productLines });
  return { holder, claimant, caseId: claimant.state.caseId ?? '' };
}
async function settled(name: string, outcome: CaseOutcome, comment: string, at = MONDAY, productLines = ['platform']) {
  const sides = await conflict(name, productLines);
  const registrationId = outcome === 'award' ? sides.claimant.registrationId : null;
  await stage.commandCase(sides.caseId, { outcome, registrationId, actor: 'manager' }, { comment, at });
  return sides;
}
const found = async (wanted: Omit<PrecedentQuery, 'limit'>): Promise<readonly string[]> =>
  (await searchPrecedents(stage.db, { ...wanted, limit: 50 })).map(({ reasons }) => reasons);

describe('a precedent', () => {
  it('is kept of what a person decided, with what was it about and nobody in it', async () => {
    const { holder, claimant, caseId } = await settled('Zorbix', 'uphold', 'They met the buyer first.');
    const precedents = await searchPrecedents(stage.db, { limit: 50 });
    expect(precedents).toEqual([
      {
        caseId,
        rule: 'C02_active_protection',
        outcome: 'uphold',
        claimantKinds: ['resale'],
        rivalKinds: ['resale'],
        isAgainstDirectTeam: false,
        regions: expect.any(Array),
        productLines: ['platform'],
        valueBand: 'up to USD 100,000.00',
        reasons: 'They met the buyer first.',
        appeals: 0,
        decidedAt: MONDAY,
      },
    ]);
    const text = JSON.stringify(precedents);
    for (const name of [holder.registrationId, claimant.registrationId, holder.partnerId, 'Zorbix', 'Aster', 'manager'])
      expect(text).not.toContain(name);
  });

  it('has the reasons of a decision on the claim itself', async () => {
    const { claimant } = await conflict('Kulwem');
    const deny = { kind: 'decide', decision: 'deny', actor: 'manager' } as const;
    await stage.command(claimant.registrationId, deny, { comment: 'Said on the claim.' });
    expect(await found({ outcome: 'deny' })).toEqual(['Said on the claim.']);
  });

  it('is none where nobody decided: the last claimant withdrew', async () => {
    const { claimant } = await conflict('Tapdyn');
    await stage.command(claimant.registrationId, { kind: 'withdraw', actor: 'partner' });
    expect(await found({})).toEqual([]);
  });

  it('says what was decided last where the outcome was appealed', async () => {
    const { claimant, caseId } = await settled('Foghus', 'uphold', 'At first sight.');
    await stage.command(claimant.registrationId, { kind: 'appeal', actor: 'partner' });
    await stage.commandCase(
      caseId,
      { outcome: 'award', registrationId: claimant.registrationId, actor: 'director' },
      { comment: 'The order is genuine.', at: later(MONDAY, HOUR_MS) },
    );
    expect(await searchPrecedents(stage.db, { limit: 50 })).toMatchObject([
      { caseId, outcome: 'award', reasons: 'The order is genuine.', appeals: 1, decidedAt: later(MONDAY, HOUR_MS) },
    ]);
  });
});

describe('searchPrecedents', () => {
  beforeEach(async () => {
    await settled('Zorbix', 'uphold', 'They met the buyer first.', MONDAY);
    await settled('Kulwem', 'award', 'The order came first, the meeting later.', later(MONDAY, HOUR_MS), ['analytics']);
    await settled('Tapdyn', 'uphold', "It's 100% theirs; drop table precedent", later(MONDAY, HOUR_MS));
  });

  it.each<[string, Omit<PrecedentQuery, 'limit'>, number]>([
    ['everything', {}, 3],
    ['a rule', { rule: 'C02_active_protection' }, 3],
    ['another rule', { rule: 'C05_direct_early' }, 0],
    ['an outcome', { outcome: 'uphold' }, 2],
    ['a product line', { productLine: 'analytics' }, 1],
    ['a region that none has', { region: 'nowhere' }, 0],
    ['a word', { text: 'first' }, 2],
    ['a word in capitals', { text: 'BUYER' }, 1],
    ['all of several words', { text: 'first meeting' }, 1],
    ['one of several', { text: 'buyer or meeting' }, 2],
    ['words but one', { text: 'first -buyer' }, 1],
    ['words as they stand', { text: '"meeting later"' }, 1],
    ['words in another order', { text: '"later meeting"' }, 0],
    ['what would be a statement elsewhere', { text: "'; drop table precedent; --" }, 1],
    ['half of a quotation', { text: '"buyer' }, 1],
    ['nothing but signs', { text: '!&|:*()' }, 0],
    ['all at once', { rule: 'C02_active_protection', outcome: 'award', productLine: 'analytics', text: 'order' }, 1],
  ])('finds by %s', async (_what, wanted, count) => {
    expect(await found(wanted)).toHaveLength(count);
  });

  it('shows the latest first, page by page, also of one instant', async () => {
    const all = await searchPrecedents(stage.db, { limit: 50 });
    expect(all.map(({ decidedAt }) => decidedAt)).toEqual([later(MONDAY, HOUR_MS), later(MONDAY, HOUR_MS), MONDAY]);
    const [first] = await searchPrecedents(stage.db, { limit: 1 });
    const after = { decidedAt: first?.decidedAt ?? '', caseId: first?.caseId ?? '' };
    expect([first, ...(await searchPrecedents(stage.db, { limit: 50, after }))]).toEqual(all);
  });

  it('finds the most alike, then the latest, and never the case itself', async () => {
    const { caseId } = await conflict('Wexcor');
    const like = { caseId, rule: 'C02_active_protection', productLines: ['analytics'], regions: [] };
    const reasons = (await findLikePrecedents(stage.db, like, 2)).map((one) => one.reasons);
    expect(reasons).toEqual(['The order came first, the meeting later.', "It's 100% theirs; drop table precedent"]);
    const [own] = await searchPrecedents(stage.db, { outcome: 'award', limit: 1 });
    expect((await findLikePrecedents(stage.db, { ...like, caseId: own?.caseId ?? '' }, 5)).map((one) => one.outcome)).toEqual([
      'uphold',
      'uphold',
    ]);
  });
});

describe('whoever is asked about a case', () => {
  it('reads how like cases ended, without a name', async () => {
    await stage.setUsers([{ alias: 'manager', isActive: true }]);
    await settled('Zorbix', 'uphold', 'One.');
    await settled('Kulwem', 'uphold', 'Two.');
    await settled('Tapdyn', 'award', 'Three.');
    await settled('Foghus', 'award', 'Of another line.', MONDAY, ['analytics']);
    const { caseId } = await conflict('Wexcor');
    const messages = await listMessages(stage.db, { subject: caseWorkflowId(caseId) }, { limit: 50 });
    const asked = messages.find(({ event }) => event === 'question.asked');
    if (asked === undefined) throw new Error('nobody was asked');
    const { text } = renderMessage(asked.payload);
    expect(text).toContain('Before: 3 like cases: 2 upheld, 1 awarded; the latest of 2026-11-16');
    for (const name of ['Zorbix', 'Kulwem', 'Tapdyn']) expect(text).not.toContain(name);
    const task = await stage.db.selectFrom('task').select('body').where('subject', '=', caseWorkflowId(caseId)).executeTakeFirst();
    expect(task?.body).toContain('3 like cases');
  });
});
