import type { KyselyPlugin } from 'kysely';
import type { RuleOutcome } from '../../../program/definition/conflict-rule.ts';
import { savePlace } from '../../../store/place.ts';
import { ACME, reviewBy } from '../../program/example.ts';
import {
  auditOf,
  capture,
  captureWith,
  converting,
  CRM,
  forgetMessages,
  isAskedAgain,
  linkOf,
  prepareMirror,
  row,
  underProgram,
  type Captured,
} from '../../support/conversion-stage.ts';
import { createDecisionStage, emptyStore, later, MONDAY, type ClaimWishes, type DecisionStage } from '../../support/decision-stage.ts';
import { ACCOUNT, mirrorAccount, mirrorOpportunity, OPPORTUNITY } from '../../support/mirror.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

jest.setTimeout(120_000);

const OTHER = '006000000000002AAA';
const ELSEWHERE = '001000000000009AAA';
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const REVIEW: RuleOutcome = reviewBy('director');

let postgres: TestPostgres;
let base: DecisionStage;
/** A program that asks about drift and bypasses. */
let asking: DecisionStage;
/** One that does not. */
let silent: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  base = createDecisionStage((await postgres.openEmpty()).db);
  asking = underProgram(
    base,
    converting({}, row('C26_drift', { customer: REVIEW, amount: REVIEW }), row('C27_bypass', { direct_opportunity: REVIEW })),
  );
  silent = underProgram(base, ACME);
});
beforeEach(async () => {
  await prepareMirror(base);
  await mirrorAccount(base.db);
});
afterEach(() => emptyStore(base.db));
afterAll(() => postgres.stop());

/** An approved registration, placed where the program places it, with an empty outbox. */
async function approved(stage: DecisionStage, wishes: ClaimWishes = {}): Promise<string> {
  const { registrationId, state } = await stage.receiveAndEvaluate(wishes);
  expect(state.status).toBe('approved');
  await forgetMessages(stage);
  return registrationId;
}
/** One that is linked to its opportunity of that amount. */
async function linked(stage: DecisionStage, amount: string | null = '20000.00'): Promise<string> {
  const id = await approved(stage);
  await mirrorOpportunity(base.db, { amount, created_at: later(MONDAY, -DAY_MS) });
  await stage.command(id, { kind: 'link', connection: CRM, opportunity: OPPORTUNITY, primary: null, actor: 'manager' });
  await forgetMessages(stage);
  return id;
}
const count = async (stage: DecisionStage, id: string, kind: string) => (await auditOf(stage, id)).filter((one) => one === kind).length;
/** Judges what was to be judged again, and says by which rule it is contested now. */
async function contested(stage: DecisionStage, id: string): Promise<string | null> {
  await stage.runMessages(later(MONDAY, 2 * MINUTE_MS));
  const { state } = await stage.registration(id);
  expect(state.status).toBe('approved');
  return state.caseId === null ? null : (await stage.conflictCase(state.caseId)).rule;
}

describe('an opportunity that the direct team opens at a protected customer', () => {
  it('has the owner judged again once, and C27 raises a case', async () => {
    const id = await approved(asking);
    await capture(asking, {});
    expect(await isAskedAgain(asking, id)).toBe(true);
    expect(await contested(asking, id)).toBe('C27_bypass');
    await forgetMessages(asking);
    await capture(asking, {});
    expect([await isAskedAgain(asking, id), await count(asking, id, 'direct opportunity opened')]).toEqual([false, 1]);
  });

  it('is noticed where nothing says whose account it is but its name or its domain', async () => {
    await mirrorAccount(base.db, { remote_id: ELSEWHERE, name: 'Northwind', domain: 'northwind.com' });
    const id = await approved(asking);
    // Two accounts are the customer, so that it was placed at none.
    await capture(asking, { account: ELSEWHERE });
    expect(await isAskedAgain(asking, id)).toBe(true);
  });

  it.each<[string, Captured]>([
    ['was there before the approval', { createdAt: later(MONDAY, -1) }],
    ['was opened when the protection had ended', { createdAt: later(MONDAY, 400 * DAY_MS) }],
    ['stands at another account', { account: ELSEWHERE }],
    ['stands at no account', { account: null }],
    ['was deleted', { deleted: true }],
  ])('means nothing where it %s', async (_what, opportunity) => {
    const id = await approved(asking);
    await capture(asking, opportunity);
    expect(await isAskedAgain(asking, id)).toBe(false);
    // Negative control.
    await capture(asking, { id: OTHER });
    expect(await isAskedAgain(asking, id)).toBe(true);
  });

  it('means nothing where it is the partner’s own', async () => {
    const id = await approved(asking);
    await asking.db
      .transaction()
      .execute((trx) => savePlace(trx, { registrationId: id, connection: CRM, customerAccount: ACCOUNT, opportunity: OPPORTUNITY }));
    await capture(asking, {});
    expect(await isAskedAgain(asking, id)).toBe(false);
  });

  it('is in the audit alone under a program without the rule', async () => {
    const id = await approved(silent);
    await capture(silent, {});
    expect([await isAskedAgain(silent, id), await count(silent, id, 'direct opportunity opened')]).toEqual([false, 1]);
    expect(await silent.registration(id)).toMatchObject({
      syncNote: null,
      state: { status: 'approved', caseId: null, needsAttention: false },
    });
  });

  it('counts when it comes to the customer’s account later', async () => {
    const id = await approved(asking);
    await capture(asking, { account: ELSEWHERE });
    expect(await isAskedAgain(asking, id)).toBe(false);
    await capture(asking, {});
    expect(await contested(asking, id)).toBe('C27_bypass');
  });

  it('that people had upheld is not asked about again; another one is', async () => {
    const id = await approved(asking);
    await capture(asking, {});
    expect(await contested(asking, id)).toBe('C27_bypass');
    const { caseId } = (await asking.registration(id)).state;
    expect(await asking.settle(caseId ?? '', 'uphold', 'director', undefined, later(MONDAY, DAY_MS))).toEqual({ kind: 'done' });
    await asking.evaluate(id, later(MONDAY, DAY_MS));
    expect((await asking.registration(id)).state.caseId).toBeNull();
    await capture(asking, { id: OTHER, createdAt: later(MONDAY, 2 * MINUTE_MS) });
    expect(await contested(asking, id)).toBe('C27_bypass');
  });
});

describe('an opportunity that is won without the partner', () => {
  it('is noticed, although it had been there before the approval', async () => {
    const id = await approved(asking);
    await capture(asking, { createdAt: later(MONDAY, -DAY_MS) });
    await capture(asking, { createdAt: later(MONDAY, -DAY_MS), closed: 'won' });
    expect(await contested(asking, id)).toBe('C27_bypass');
    await capture(asking, { createdAt: later(MONDAY, -DAY_MS), closed: 'won' });
    expect(await count(asking, id, 'direct opportunity won')).toBe(1);
  });

  it.each<[string, Captured, Captured]>([
    ['is lost', {}, { closed: 'lost' }],
    ['was won before anybody looked', { closed: 'won' }, { closed: 'won' }],
  ])('means nothing where it %s', async (_what, before, now) => {
    const id = await approved(asking);
    for (const one of [before, now]) await capture(asking, { createdAt: later(MONDAY, -DAY_MS), ...one });
    expect(await isAskedAgain(asking, id)).toBe(false);
  });

  it('is the partner’s where its registration is linked', async () => {
    const id = await linked(asking);
    await capture(asking, { createdAt: later(MONDAY, -DAY_MS), amount: 20_000, closed: 'won' });
    expect(await auditOf(asking, id)).not.toContain('direct opportunity won');
  });
});

describe('a linked opportunity whose amount or account changes', () => {
  it.each<[string, Captured, string | null]>([
    ['as far as it may', { amount: 25_000 }, null],
    ['further than it may', { amount: 25_000.01 }, 'C26_drift'],
    ['to another customer’s account', { amount: 20_000, account: ELSEWHERE }, 'C26_drift'],
    ['to nobody’s account', { amount: 20_000, account: null }, null],
    ['not at all', { amount: 20_000 }, null],
  ])('has the registration judged again: %s', async (_what, change, rule) => {
    const id = await linked(asking);
    await mirrorAccount(base.db, { remote_id: ELSEWHERE, name: 'Contoso', name_key: 'contoso', domain: 'contoso.com' });
    const unchanged = { createdAt: later(MONDAY, -DAY_MS), ...change };
    await capture(asking, unchanged);
    expect(await contested(asking, id)).toBe(rule);
    await forgetMessages(asking);
    await capture(asking, unchanged);
    expect(await isAskedAgain(asking, id)).toBe(false);
  });

  it('is measured anew by what people accepted', async () => {
    const id = await linked(asking);
    await capture(asking, { createdAt: later(MONDAY, -DAY_MS), amount: 30_000 });
    expect(await contested(asking, id)).toBe('C26_drift');
    await asking.settle((await asking.registration(id)).state.caseId ?? '', 'uphold', 'director');
    await asking.evaluate(id, later(MONDAY, DAY_MS));
    expect((await asking.registration(id)).state.caseId).toBeNull();
    await capture(asking, { createdAt: later(MONDAY, -DAY_MS), amount: 38_000 });
    expect(await contested(asking, id)).toBe('C26_drift');
  });

  it('is measured by the approved value where it had no amount', async () => {
    const id = await linked(asking, null);
    await capture(asking, { createdAt: later(MONDAY, -DAY_MS), amount: 30_000 });
    expect(await contested(asking, id)).toBe('C26_drift');
  });

  it('does not drift when its account was merged into another', async () => {
    const id = await linked(asking);
    await mirrorAccount(base.db, { remote_id: ELSEWHERE });
    await mirrorAccount(base.db, { deleted: true, merged_into: ELSEWHERE });
    await capture(asking, { createdAt: later(MONDAY, -DAY_MS), amount: 20_000, account: ELSEWHERE });
    expect(await contested(asking, id)).toBeNull();
  });

  it('is in the audit alone under a program without the rule', async () => {
    const id = await linked(silent);
    await capture(silent, { createdAt: later(MONDAY, -DAY_MS), amount: 90_000 });
    expect([await isAskedAgain(silent, id), await count(silent, id, 'linked opportunity changed')]).toEqual([false, 1]);
  });
});

describe('a linked opportunity that is gone', () => {
  it('and was deleted leaves its registration without, protected, and told', async () => {
    const id = await linked(asking);
    const { protection } = (await asking.registration(id)).state;
    await capture(asking, { deleted: true });
    const { state, syncNote } = await asking.registration(id);
    expect([await linkOf(asking, id), state.status, state.protection, await isAskedAgain(asking, id)]).toEqual([
      null,
      'approved',
      protection,
      false,
    ]);
    expect(syncNote).toContain('deleted in the CRM: the registration is linked to none now, and the protection stays');
    expect(await count(asking, id, 'opportunity unlinked')).toBe(1);
    await capture(asking, { deleted: true });
    expect(await count(asking, id, 'opportunity unlinked')).toBe(1);
  });

  it('and comes back has its registration again, as the primary, and tells so', async () => {
    const id = await linked(asking);
    await capture(asking, { deleted: true });
    await capture(asking, {});
    expect(await linkOf(asking, id)).toMatchObject({ opportunity: OPPORTUNITY, isPrimary: true });
    expect((await asking.registration(id)).syncNote).toContain('brought back in the CRM');
    const linkedTwice = await count(asking, id, 'opportunity linked');
    await capture(asking, {});
    expect(await count(asking, id, 'opportunity linked')).toBe(linkedTwice);
  });

  it('and comes back leaves a registration alone that was linked to another one meanwhile, also where that link was taken away again', async () => {
    const id = await linked(asking);
    await mirrorOpportunity(base.db, { remote_id: OTHER });
    await capture(asking, { deleted: true });
    await asking.command(id, { kind: 'link', connection: CRM, opportunity: OTHER, primary: null, actor: 'manager' });
    await capture(asking, {});
    expect(await linkOf(asking, id)).toMatchObject({ opportunity: OTHER });
    await asking.command(id, { kind: 'unlink', connection: CRM, actor: 'manager' });
    await capture(asking, { deleted: true });
    await capture(asking, {});
    expect(await linkOf(asking, id)).toBeNull();
  });

  it('and was merged takes its registrations along, the primary as such', async () => {
    const id = await linked(asking);
    await mirrorOpportunity(base.db, { remote_id: OTHER });
    await capture(asking, { deleted: true, mergedInto: OTHER });
    expect(await linkOf(asking, id)).toMatchObject({ opportunity: OTHER, isPrimary: true });
    expect(await contested(asking, id)).toBeNull();
  });

  it('and was merged into one that has a primary puts its own beside it', async () => {
    const id = await linked(asking);
    const other = await approved(asking, { customer: { name: 'Contoso', domain: 'contoso.com' } });
    await mirrorOpportunity(base.db, { remote_id: OTHER });
    await asking.command(other, { kind: 'link', connection: CRM, opportunity: OTHER, primary: null, actor: 'manager' });
    await capture(asking, { deleted: true, mergedInto: OTHER });
    expect(await linkOf(asking, id)).toMatchObject({ opportunity: OTHER, isPrimary: false });
    expect(await linkOf(asking, other)).toMatchObject({ opportunity: OTHER, isPrimary: true });
  });

  it('calls off the closing that was to come with it', async () => {
    const waiting = underProgram(base, {
      ...converting({}),
      protection: { ...ACME.protection, waitBeforeClose: { amount: 72, unit: 'hours', restated: null } },
    });
    const id = await linked(waiting);
    await waiting.command(id, { kind: 'close', outcome: 'won', actor: 'rep' });
    expect((await waiting.registration(id)).state.closing).not.toBeNull();
    await capture(waiting, { deleted: true });
    const kinds = (await waiting.messages(`registration/${id}`)).map(({ kind }) => kind);
    expect(kinds).toContain('command_registration');
  });
});

describe('a page of opportunities', () => {
  /** Statements that one page takes. */
  async function statementsFor(rows: readonly Captured[]): Promise<number> {
    let statements = 0;
    const plugin: KyselyPlugin = {
      transformQuery: ({ node }) => ((statements += 1), node),
      transformResult: async ({ result }) => result,
    };
    await captureWith(asking, rows, base.db.withPlugin(plugin));
    return statements;
  }
  const page = (size: number, account: string): readonly Captured[] =>
    Array.from({ length: size }, (_, index) => ({ id: `0060000000${String(index).padStart(5, '0')}AAA`, account }));

  it('takes as many statements as one row, where it concerns nobody', async () => {
    await approved(asking);
    const one = await statementsFor(page(1, ELSEWHERE));
    await emptyOpportunities();
    expect(await statementsFor(page(500, ELSEWHERE))).toBe(one);
    expect(one).toBeLessThanOrEqual(20);
  });

  it('takes as many for each that it concerns', async () => {
    await approved(asking);
    const one = await statementsFor(page(1, ACCOUNT));
    await emptyOpportunities();
    expect(await statementsFor(page(500, ACCOUNT))).toBe(one);
  });

  it('asks the rules once about a registration, however many of them go past it', async () => {
    const id = await approved(asking);
    await capture(asking, ...page(20, ACCOUNT));
    const asked = (await asking.messages(`registration/${id}`)).filter(({ kind }) => kind === 'refresh_registration');
    expect([asked.length, await count(asking, id, 'direct opportunity opened')]).toEqual([1, 20]);
  });

  async function emptyOpportunities(): Promise<void> {
    await base.db.deleteFrom('crm_opportunity').execute();
  }
});
