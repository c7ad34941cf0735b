import type { Program } from '../../../program/definition/program.ts';
import { listAudit } from '../../../store/audit.ts';
import type { Database } from '../../../store/database.ts';
import { createDecisionStage, emptyStore, MONDAY, later, type DecisionStage } from '../../support/decision-stage.ts';
import { mirrorAccount, mirrorOpportunity } from '../../support/mirror.ts';
import { closedQuestions, openSteps } from '../../support/open-question.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { ACME } from '../../program/example.ts';
import { stepOf } from '../../support/open-step.ts';

jest.setTimeout(60_000);

type Step = Program['routing']['rows'][number]['steps'][number];
const MANAGER: Step = { role: 'partner_manager' };
const DIRECTOR: Step = { role: 'director' };
const TUESDAY = '2026-11-17T15:00:00.000Z';

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db);
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

function running(program: Program): DecisionStage {
  return stage.withDependencies({ programs: { current: () => program, byVersion: () => program } });
}

/** A program that asks these roles about every claim, one after another. */
function asking(...steps: readonly Step[]): DecisionStage {
  return running({ ...ACME, routing: { ...ACME.routing, rows: [{ when: {}, steps }] } });
}

const decide = (decision: 'approve' | 'deny' | 'return', actor: string) => ({ kind: 'decide', decision, actor }) as const;

async function suspend(db: Database, partnerId: string): Promise<void> {
  await db.updateTable('partner').set({ status: 'suspended' }).where('id', '=', partnerId).execute();
}

/** The direct team has an opportunity at the customer. */
async function contest(db: Database): Promise<void> {
  await mirrorAccount(db);
  await mirrorOpportunity(db);
}

const stateOf = async (id: string) => (await stage.registration(id)).state;

describe('an approval by several roles', () => {
  it('asks them one after another, and protects the claim when the last of them says yes', async () => {
    const own = asking(MANAGER, DIRECTOR);
    const { registrationId, state } = await own.receiveAndEvaluate();
    expect(state).toMatchObject({ approval: { steps: [{ role: 'partner_manager' }], granted: [], rest: [{ role: 'director' }] } });
    expect(await own.command(registrationId, decide('approve', 'manager'))).toEqual({ kind: 'done' });
    expect(await stateOf(registrationId)).toMatchObject({
      status: 'in_review',
      approval: {
        steps: [{ role: 'director', approver: 'director', mayDecide: ['director', 'vp'] }],
        granted: [{ role: 'partner_manager', by: 'manager' }],
        rest: [],
      },
    });
    expect(await own.protections()).toEqual([]);
    await own.command(registrationId, decide('approve', 'director'));
    expect(await stateOf(registrationId)).toMatchObject({ status: 'approved', approval: null });
  });

  it('ends with the first no', async () => {
    const own = asking(MANAGER, DIRECTOR);
    const { registrationId } = await own.receiveAndEvaluate();
    await own.command(registrationId, decide('deny', 'manager'));
    expect(await stateOf(registrationId)).toMatchObject({ status: 'denied', approval: null });
  });

  it('does not let one person say yes twice', async () => {
    const own = asking(MANAGER, DIRECTOR);
    const { registrationId } = await own.receiveAndEvaluate();
    await own.command(registrationId, decide('approve', 'director'));
    expect(stepOf(await stateOf(registrationId))).toMatchObject({ role: 'vp', mayDecide: ['vp'] });
    expect(await own.command(registrationId, decide('approve', 'director'))).toMatchObject({ code: 'ACTOR_MAY_NOT_DECIDE' });
  });

  it('asks the same person again where nobody else is left', async () => {
    const own = asking(DIRECTOR, { role: 'vp' });
    const { registrationId } = await own.receiveAndEvaluate();
    await own.command(registrationId, decide('approve', 'vp'));
    expect(stepOf(await stateOf(registrationId))).toMatchObject({ role: 'vp', approver: 'vp' });
    expect(await own.command(registrationId, decide('approve', 'vp'))).toEqual({ kind: 'done' });
    expect((await stateOf(registrationId)).status).toBe('approved');
  });

  it('begins again with the first when the claim changes in between', async () => {
    const own = asking(MANAGER, DIRECTOR);
    const { registrationId } = await own.receiveAndEvaluate();
    await own.command(registrationId, decide('approve', 'manager'));
    const amendment = { estimatedValue: { amount: '21000.00', currency: 'USD' } };
    await own.command(registrationId, { kind: 'amend', actor: 'partner' }, { amendment });
    expect(await stateOf(registrationId)).toMatchObject({
      approval: { steps: [{ role: 'partner_manager' }], granted: [], rest: [{ role: 'director' }] },
    });
  });
});

describe('a step whose time runs from the submission', () => {
  const DAY_MS = 24 * 3_600_000;
  const TEN_DAYS: Step = {
    role: 'director',
    deadline: { amount: 10, unit: 'days', restated: null },
    from: 'submission',
    silence: 'approve',
  };

  it.each([
    ['three days after the receipt', 3, 10],
    ['when its time is over', 12, 12],
  ])('is due ten days after the receipt where it is asked %s', async (_when, asked, due) => {
    const own = asking(MANAGER, TEN_DAYS);
    const { registrationId } = await own.receiveAndEvaluate();
    const { submittedAt } = await own.registration(registrationId);
    await own.command(registrationId, decide('approve', 'manager'), { at: later(submittedAt, asked * DAY_MS) });
    const dueAt = later(submittedAt, due * DAY_MS);
    expect(stepOf(await stateOf(registrationId))).toMatchObject({ role: 'director', dueAt });
    await own.registrations.passDeadline(registrationId, dueAt);
    expect(await stateOf(registrationId)).toMatchObject({ status: 'approved', decision: { by: 'program', at: dueAt } });
  });
});

describe('silence', () => {
  async function silent(step: Step, more: Partial<Program> = {}, ...rest: readonly Step[]) {
    const own = running({ ...ACME, ...more, routing: { ...ACME.routing, rows: [{ when: {}, steps: [step, ...rest] }] } });
    const claim = await own.receiveAndEvaluate();
    return { own, ...claim, dueAt: stepOf(claim.state)?.dueAt ?? '' };
  }

  it('that is to approve protects the claim in the name of the program, not before the deadline', async () => {
    const { own, registrationId, dueAt } = await silent({ ...MANAGER, silence: 'approve' });
    expect(dueAt).toBe(TUESDAY);
    await own.registrations.passDeadline(registrationId, later(dueAt, -1));
    expect((await stateOf(registrationId)).status).toBe('in_review');
    await own.registrations.passDeadline(registrationId, dueAt);
    expect(await stateOf(registrationId)).toMatchObject({
      status: 'approved',
      protection: { from: dueAt },
      decision: { outcome: 'approve', by: 'program', reasons: [{ rule: 'deemed_approval' }] },
    });
  });

  it('grants one step of several', async () => {
    const { own, registrationId, dueAt } = await silent({ ...MANAGER, silence: 'approve' }, {}, DIRECTOR);
    await own.registrations.passDeadline(registrationId, dueAt);
    expect(await stateOf(registrationId)).toMatchObject({
      status: 'in_review',
      approval: { steps: [{ role: 'director', openedAt: dueAt }], granted: [{ role: 'partner_manager', by: 'program' }] },
    });
  });

  it('approves nothing that a rule denies by then', async () => {
    const { own, registrationId, partnerId, dueAt } = await silent({ ...MANAGER, silence: 'approve' });
    await suspend(own.db, partnerId);
    await own.registrations.passDeadline(registrationId, dueAt);
    expect(await stateOf(registrationId)).toMatchObject({
      status: 'denied',
      decision: { by: 'program', reasons: [{ rule: 'C18_partner_not_eligible' }] },
    });
    expect(await own.protections()).toEqual([]);
  });

  it('opens a case where a conflict came in between', async () => {
    const { own, registrationId, dueAt } = await silent({ ...MANAGER, silence: 'approve' });
    await contest(own.db);
    await own.registrations.passDeadline(registrationId, dueAt);
    const state = await stateOf(registrationId);
    expect(state.status).toBe('in_review');
    expect((await own.conflictCase(state.caseId)).rule).toBe('C05_direct_early_stage');
  });

  it.each([
    ['a rule that denies', (db: Database, partnerId: string) => suspend(db, partnerId), 'denied'],
    ['a conflict', (db: Database) => contest(db), 'in_review'],
  ] as const)(
    'that is to approve and is refused for %s closes its question, before the verdict that follows',
    async (_what, happens, status) => {
      const { own, registrationId, partnerId, dueAt } = await silent({ ...MANAGER, silence: 'approve' });
      const subject = `registration/${registrationId}`;
      await happens(own.db, partnerId);
      await own.registrations.passDeadline(registrationId, dueAt);
      expect((await stateOf(registrationId)).status).toBe(status);
      expect(await closedQuestions(own, subject)).toEqual([[1, 'program', 'deemed approval refused']]);
      expect(await openSteps(own, subject)).toEqual([]);
      expect(await listAudit(own.db, subject, 2)).toMatchObject([
        { kind: 'deemed approval refused', actor: 'program', details: { to: 'in_review', step: null } },
        { kind: 'judged', details: { occasion: 'deemed approval refused', to: status } },
      ]);
    },
  );

  it('never approves an appeal: somebody else is asked', async () => {
    const ladder = ACME.governance.ladder.map((rung) => (rung.role === 'director' ? { ...rung, silence: 'approve' as const } : rung));
    const own = running({ ...ACME, governance: { ...ACME.governance, ladder } });
    const { registrationId } = await own.receiveAndEvaluate({ estimatedValue: { amount: '100.00', currency: 'USD' } });
    await own.command(registrationId, { kind: 'appeal', actor: 'partner' });
    await own.registrations.passDeadline(registrationId, TUESDAY);
    expect(await stateOf(registrationId)).toMatchObject({
      status: 'in_review',
      needsAttention: true,
      approval: { steps: [{ role: 'vp' }] },
    });
  });

  it('that is to deny denies', async () => {
    const { own, registrationId, dueAt } = await silent({ ...MANAGER, silence: 'deny' });
    await own.registrations.passDeadline(registrationId, dueAt);
    expect(await stateOf(registrationId)).toMatchObject({
      status: 'denied',
      decision: { by: 'program', reasons: [{ rule: 'deemed_denial' }] },
    });
  });

  it('that reassigns climbs where there is no other member', async () => {
    const { own, registrationId, dueAt } = await silent({ ...MANAGER, silence: 'reassign' });
    await own.registrations.passDeadline(registrationId, dueAt);
    expect(stepOf(await stateOf(registrationId))?.role).toBe('director');
  });
});

describe('an approval by a person', () => {
  const FOR_MANAGER = { estimatedValue: { amount: '60000.00', currency: 'USD' } };

  it('is refused when a rule speaks against the claim by then, with the reason; the claim stays where it is', async () => {
    const { registrationId, partnerId, state } = await stage.receiveAndEvaluate(FOR_MANAGER);
    await stage.db.updateTable('partner').set({ status: 'terminated' }).where('id', '=', partnerId).execute();
    expect(await stage.command(registrationId, decide('approve', 'manager'))).toMatchObject({ code: 'RULES_SPEAK_AGAINST' });
    expect(await stateOf(registrationId)).toEqual(state);
  });

  it('is refused when a conflict came in between, and the claim is judged anew', async () => {
    const { registrationId } = await stage.receiveAndEvaluate(FOR_MANAGER);
    await contest(stage.db);
    expect(await stage.command(registrationId, decide('approve', 'manager'))).toMatchObject({ code: 'RULES_SPEAK_AGAINST' });
    await stage.runMessages();
    const { caseId } = await stateOf(registrationId);
    expect((await stage.conflictCase(caseId)).rule).toBe('C05_direct_early_stage');
  });

  it('of an appeal overrules the rules, for good', async () => {
    const { registrationId } = await stage.receiveAndEvaluate({ estimatedValue: { amount: '100.00', currency: 'USD' } });
    await stage.command(registrationId, { kind: 'appeal', actor: 'partner' });
    expect(await stage.command(registrationId, decide('approve', 'director'))).toEqual({ kind: 'done' });
    expect(await stateOf(registrationId)).toMatchObject({ status: 'approved', overruled: expect.arrayContaining(['C19_below_minimum']) });
    expect(await stage.command(registrationId, { kind: 'extend', days: 30, actor: 'partner' })).toEqual({ kind: 'done' });
  });
});

describe('the review of a returned claim', () => {
  it.each([
    ['starts anew', 'restarts', '2026-11-19T15:00:00.000Z'],
    ['goes on with what was left of the office time', 'pauses', '2026-11-18T22:00:00.000Z'],
    ['never stopped', 'runs_on', TUESDAY],
  ] as const)('%s', async (_how, reviewClock, dueAt) => {
    const own = running({
      ...ACME,
      returned: { ...ACME.returned, reviewClock },
      routing: { ...ACME.routing, rows: [{ when: {}, steps: [MANAGER] }] },
    });
    const { registrationId } = await own.receiveAndEvaluate();
    // Opened on Monday at 15:00 UTC for one business day of eight hours; returned an hour later, completed on Wednesday at 15:00.
    await own.command(registrationId, decide('return', 'manager'), { at: later(MONDAY, 3_600_000) });
    const at = '2026-11-18T15:00:00.000Z';
    await own.command(registrationId, { kind: 'amend', actor: 'partner' }, { amendment: { description: 'complete' }, at });
    expect(stepOf(await stateOf(registrationId))?.dueAt).toBe(dueAt);
  });

  it('is put to somebody else where who was asked left meanwhile, and giving it back was a word to the partner', async () => {
    const own = running({
      ...ACME,
      clocks: { ...ACME.clocks, acknowledge: { within: { amount: 4, unit: 'business_hours', restated: null }, from: 'arrival' } },
      returned: { ...ACME.returned, reviewClock: 'runs_on' },
      routing: { ...ACME.routing, rows: [{ when: {}, steps: [MANAGER] }] },
    });
    const { registrationId } = await own.receiveAndEvaluate();
    const returnedAt = later(MONDAY, 3_600_000);
    await own.command(registrationId, decide('return', 'manager'), { at: returnedAt });
    await own.setUsers([{ alias: 'manager', isActive: false }]);
    await own.command(
      registrationId,
      { kind: 'amend', actor: 'partner' },
      { amendment: { description: 'complete' }, at: later(returnedAt, 1) },
    );
    const { approval } = await stateOf(registrationId);
    expect(approval?.steps).toMatchObject([{ role: 'director', approver: 'director' }]);
    expect(approval?.acknowledgement).toMatchObject({ at: returnedAt, isMissed: false });
  });
});
