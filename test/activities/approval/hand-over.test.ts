import type { Program } from '../../../program/definition/program.ts';
import type { CaseCommand } from '../../../program/case-life.ts';
import type { CommandAnswer } from '../../../program/messages.ts';
import { listAudit } from '../../../store/audit.ts';
import { governed, person, TWO_MANAGERS } from '../../program/approval/example.ts';
import { createDecisionStage, emptyStore, later, MONDAY, type CommandOptions, type DecisionStage } from '../../support/decision-stage.ts';
import { closedQuestions, listedQuestions, openSteps } from '../../support/open-question.ts';
import { stepOf } from '../../support/open-step.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

jest.setTimeout(60_000);

type Stage = Program['routing']['rows'][number]['steps'][number];

const HOUR_MS = 3_600_000;
const ONE = later(MONDAY, HOUR_MS);
const TWO = later(MONDAY, 2 * HOUR_MS);
const TUESDAY = '2026-11-17T15:00:00.000Z';
const MANAGER: Stage = { role: 'partner_manager' };
const DIRECTOR: Stage = { role: 'director' };
const DONE = { kind: 'done' };

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

/** Asks these about every claim, with two partner managers; limits are out of the way. */
function asking(steps: readonly Stage[], changes: Partial<Program> = {}): DecisionStage {
  return running({ ...TWO_MANAGERS, routing: { ...TWO_MANAGERS.routing, rows: [{ when: {}, steps: [...steps] }] }, ...changes });
}

const about = (id: string) => `registration/${id}`;
const stateOf = async (id: string) => (await stage.registration(id)).state;
const decide = (actor: string, decision: 'approve' | 'deny' | 'return' = 'approve') => ({ kind: 'decide', decision, actor }) as const;
const delegate = (actor: string, to: string) => ({ kind: 'delegate', actor, to }) as const;
const reassign = (actor: string, to: string) => ({ kind: 'reassign', actor, to }) as const;
const say = (audience: 'partner' | 'internal', actor = 'manager') => ({ kind: 'comment', audience, actor }) as const;
const kinds = async (subject: string) => (await listAudit(stage.db, subject, 50)).map(({ kind }) => kind);

/** The list of questions has exactly what is open. */
async function expectAgreement(subject: string, count: number): Promise<void> {
  const steps = await openSteps(stage, subject);
  expect(steps).toHaveLength(count);
  expect(await listedQuestions(stage, subject)).toEqual(steps);
}

describe('a delegation', () => {
  it('puts the question to somebody else with the deadline as it was promised, and the decision is in the place of whoever was asked', async () => {
    const own = asking([MANAGER]);
    const { registrationId: id } = await own.receiveAndEvaluate();
    expect(await own.command(id, delegate('manager', 'director'), { at: ONE })).toEqual(DONE);
    expect(stepOf(await stateOf(id))).toMatchObject({
      number: 2,
      approver: 'director',
      onBehalfOf: 'manager',
      openedAt: ONE,
      dueAt: TUESDAY,
    });
    await expectAgreement(about(id), 1);
    expect(await closedQuestions(stage, about(id))).toEqual([[1, 'manager', 'delegated']]);
    expect(await own.command(id, decide('director'), { at: TWO })).toEqual(DONE);
    expect(await stateOf(id)).toMatchObject({ status: 'approved', decision: { by: 'director', onBehalfOf: 'manager' } });
    await expectAgreement(about(id), 0);
  });

  it('is carried out once for one command, however often it comes', async () => {
    const own = asking([MANAGER]);
    const { registrationId: id } = await own.receiveAndEvaluate();
    const send = () => own.command(id, delegate('manager', 'director'), { commandId: 'once', at: ONE });
    expect(await Promise.all([send(), send(), send()])).toEqual([DONE, DONE, DONE]);
    expect(await send()).toEqual(DONE);
    expect((await kinds(about(id))).filter((kind) => kind === 'delegated')).toHaveLength(1);
    expect((await stateOf(id)).questions).toBe(2);
  });

  it('that was refused stays refused under its id, and leaves everything as it was', async () => {
    const own = asking([MANAGER]);
    const { registrationId: id, state } = await own.receiveAndEvaluate();
    const options: CommandOptions = { commandId: 'once' };
    const refusal = { kind: 'refused', code: 'ACTOR_MAY_NOT_DECIDE', message: 'manager2 is not asked; the question is with manager.' };
    expect(await own.command(id, delegate('manager2', 'director'), options)).toEqual(refusal);
    expect(await stateOf(id)).toEqual(state);
    await own.command(id, reassign('director', 'manager2'));
    expect(await own.command(id, delegate('manager2', 'director'), options)).toEqual(refusal);
  });

  it('given back is nobody’s delegation any more', async () => {
    const own = asking([MANAGER]);
    const { registrationId: id } = await own.receiveAndEvaluate();
    await own.command(id, delegate('manager', 'director'));
    expect(await own.command(id, delegate('director', 'manager'))).toEqual(DONE);
    expect(stepOf(await stateOf(id))).toMatchObject({ approver: 'manager', onBehalfOf: null, standIns: {} });
    await own.command(id, decide('manager'));
    expect((await stateOf(id)).decision).toMatchObject({ by: 'manager' });
    expect((await stateOf(id)).decision).not.toHaveProperty('onBehalfOf');
  });

  it.each([
    ['the limit', '50000.00', DONE],
    ['a cent above it', '50000.01', { kind: 'refused', code: 'DELEGATE_NOT_POSSIBLE' }],
  ])('holds the limit of the delegate: at %s', async (_what, amount, expected) => {
    const own = running(governed(TWO_MANAGERS, { people: [person('helper', { approvalLimit: '50000.00' })] }));
    const program = own.deps.programs.current();
    const always = running({ ...program, routing: { ...program.routing, rows: [{ when: {}, steps: [MANAGER] }] } });
    const { registrationId: id } = await always.receiveAndEvaluate({ estimatedValue: { amount, currency: 'USD' } });
    expect(await always.command(id, delegate('manager', 'helper'))).toMatchObject(expected);
  });

  it('does not let one person say yes twice', async () => {
    const own = asking([MANAGER, DIRECTOR]);
    const { registrationId: id } = await own.receiveAndEvaluate();
    await own.command(id, decide('manager'));
    const refusal = { kind: 'refused', code: 'DELEGATE_NOT_POSSIBLE', message: 'manager has said yes to an earlier step already.' };
    expect(await own.command(id, delegate('director', 'manager'))).toEqual(refusal);
    expect(await own.command(id, delegate('director', 'vp'))).toEqual(DONE);
  });

  it('is not possible where nothing is open', async () => {
    const { registrationId: id } = await stage.receiveAndEvaluate();
    for (const command of [delegate('manager', 'director'), reassign('director', 'manager2')]) {
      expect(await stage.command(id, command)).toMatchObject({ kind: 'refused', code: 'STATE_DOES_NOT_ALLOW' });
    }
  });
});

describe('a reassignment', () => {
  it('puts the question to somebody else by an own right, with the full time', async () => {
    const own = asking([MANAGER]);
    const { registrationId: id } = await own.receiveAndEvaluate();
    expect(await own.command(id, reassign('director', 'manager2'), { at: TWO })).toEqual(DONE);
    expect(stepOf(await stateOf(id))).toMatchObject({
      number: 2,
      approver: 'manager2',
      onBehalfOf: null,
      reason: 'reassigned',
      openedAt: TWO,
      dueAt: later(TWO, 24 * HOUR_MS),
    });
    await expectAgreement(about(id), 1);
    expect(await closedQuestions(stage, about(id))).toEqual([[1, 'director', 'reassigned']]);
  });

  it.each([
    ['whoever is asked', 'manager', 'manager2', 'ACTOR_MAY_NOT_DECIDE'],
    ['a peer', 'manager2', 'manager2', 'ACTOR_MAY_NOT_DECIDE'],
    ['the partner', 'partner', 'manager2', 'ACTOR_MAY_NOT_DECIDE'],
    ['somebody above, to whoever is asked already', 'director', 'manager', 'DELEGATE_NOT_POSSIBLE'],
    ['somebody above, to a rep', 'director', 'rep', 'DELEGATE_NOT_POSSIBLE'],
  ])('is refused to %s', async (_who, actor, to, code) => {
    const own = asking([MANAGER]);
    const { registrationId: id, state } = await own.receiveAndEvaluate();
    expect(await own.command(id, reassign(actor, to))).toMatchObject({ kind: 'refused', code });
    expect(await stateOf(id)).toEqual(state);
  });

  it('of a case is seen in the case and on the claim, and carried out once', async () => {
    const own = running(TWO_MANAGERS);
    await own.receiveAndEvaluate();
    const claimant = await own.receiveAndEvaluate({ customer: { domain: null } });
    const caseId = claimant.state.caseId ?? '';
    const send = async (commandId: string, command: CaseCommand): Promise<CommandAnswer> =>
      (await own.cases.settleCase(caseId, { commandId, command }, ONE)).answer;
    expect(await send('no', reassign('manager', 'manager2'))).toMatchObject({ code: 'ACTOR_MAY_NOT_DECIDE' });
    for (const _again of [1, 2]) expect(await send('yes', reassign('director', 'manager2'))).toEqual(DONE);
    expect(stepOf((await own.conflictCase(caseId)).state)).toMatchObject({ number: 2, approver: 'manager2' });
    expect(stepOf(await stateOf(claimant.registrationId))).toMatchObject({ number: 2, approver: 'manager2' });
    await expectAgreement(`case/${caseId}`, 1);
    expect(await send('on', delegate('manager2', 'director'))).toEqual(DONE);
    expect(await own.settle(caseId, 'uphold', 'director')).toEqual(DONE);
    await expectAgreement(`case/${caseId}`, 0);
    expect(await closedQuestions(stage, `case/${caseId}`)).toEqual([
      [1, 'director', 'reassigned'],
      [2, 'manager2', 'delegated'],
      [3, 'director', 'uphold'],
    ]);
    expect(await send('late', delegate('director', 'manager'))).toMatchObject({ code: 'STATE_DOES_NOT_ALLOW' });
  });
});

describe('a first word to the partner', () => {
  const clocks = {
    ...TWO_MANAGERS.clocks,
    acknowledge: { within: { amount: 2, unit: 'business_hours', restated: null }, from: 'arrival' },
  } as const;
  const clocked = () => asking([MANAGER], { clocks });

  it('stops the clock for it; a word among insiders does not', async () => {
    const own = clocked();
    const { registrationId: id } = await own.receiveAndEvaluate();
    await own.command(id, say('internal'), { at: ONE, comment: 'A known customer.' });
    expect((await stateOf(id)).approval?.acknowledgement).toEqual({ dueAt: TWO, at: null, isMissed: false });
    await own.command(id, say('partner'), { at: ONE, comment: 'We look into it.' });
    expect((await stateOf(id)).approval?.acknowledgement).toEqual({ dueAt: TWO, at: ONE, isMissed: false });
    await own.registrations.passDeadline(id, TWO);
    expect(await stateOf(id)).toMatchObject({ needsAttention: false, approval: { acknowledgement: { at: ONE, isMissed: false } } });
  });

  it('that is not given in time calls for attention, once, until it is given', async () => {
    const own = clocked();
    const { registrationId: id } = await own.receiveAndEvaluate();
    await own.registrations.passDeadline(id, later(TWO, -1));
    expect((await stateOf(id)).needsAttention).toBe(false);
    for (const at of [TWO, later(TWO, 1)]) await own.registrations.passDeadline(id, at);
    expect(await stateOf(id)).toMatchObject({ needsAttention: true, approval: { acknowledgement: { isMissed: true, at: null } } });
    expect((await kinds(about(id))).filter((kind) => kind === 'acknowledgement missed')).toHaveLength(1);
    await expectAgreement(about(id), 1);
    await own.command(id, say('partner'), { at: later(TWO, 2), comment: 'Sorry.' });
    expect((await stateOf(id)).needsAttention).toBe(false);
  });

  it('is not what the partner says', async () => {
    const own = clocked();
    const { registrationId: id } = await own.receiveAndEvaluate();
    await own.command(id, say('partner', 'partner'), { at: ONE, comment: 'Any news?' });
    expect((await stateOf(id)).approval?.acknowledgement?.at).toBeNull();
    const told = await stage.db.selectFrom('message').select('event').where('event', '=', 'registration.commented').execute();
    expect(told).toEqual([]);
  });
});

describe('the time for all of it', () => {
  const within = (silence: 'approve' | 'deny' | 'escalate' | 'keep_asking') =>
    asking([MANAGER, DIRECTOR], {
      clocks: {
        ...TWO_MANAGERS.clocks,
        whole: { within: { amount: 4, unit: 'business_hours', restated: null }, from: 'arrival', silence },
      },
    });
  const END = later(MONDAY, 4 * HOUR_MS);

  it('puts it to the top at its end, and nobody else is asked after that', async () => {
    const own = within('escalate');
    const { registrationId: id } = await own.receiveAndEvaluate();
    await own.registrations.passDeadline(id, later(END, -1));
    expect(stepOf(await stateOf(id))?.role).toBe('partner_manager');
    await own.registrations.passDeadline(id, END);
    expect(await stateOf(id)).toMatchObject({ approval: { whole: null, rest: [], steps: [{ role: 'vp', approver: 'vp' }] } });
    await expectAgreement(about(id), 1);
    expect(await own.command(id, decide('vp'), { at: END })).toEqual(DONE);
    expect((await stateOf(id)).status).toBe('approved');
  });

  it.each([
    ['approve', 'approved', 'deemed_approval'],
    ['deny', 'denied', 'deemed_denial'],
  ] as const)('is an answer where it is to %s, whoever was still to be asked', async (silence, status, rule) => {
    const own = within(silence);
    const { registrationId: id } = await own.receiveAndEvaluate();
    await own.registrations.passDeadline(id, END);
    expect(await stateOf(id)).toMatchObject({ status, decision: { by: 'program', at: END, reasons: [{ rule }] } });
    await expectAgreement(about(id), 0);
  });

  it('calls for attention where it keeps asking', async () => {
    const own = within('keep_asking');
    const { registrationId: id } = await own.receiveAndEvaluate();
    await own.registrations.passDeadline(id, END);
    expect(await stateOf(id)).toMatchObject({
      needsAttention: true,
      approval: { steps: [{ role: 'partner_manager', reason: 'asked_again' }] },
    });
    await expectAgreement(about(id), 1);
  });
});

describe('several who are asked at once', () => {
  const both = (needs: 'all' | 'any'): Stage => ({ parallel: [{ role: 'partner_manager' }, { role: 'director' }], needs });

  it('can all say yes at the same instant: each is taken, and the last of them approves', async () => {
    const own = asking([both('all')]);
    const { registrationId: id } = await own.receiveAndEvaluate();
    await expectAgreement(about(id), 2);
    expect(await Promise.all([own.command(id, decide('manager')), own.command(id, decide('director'))])).toEqual([DONE, DONE]);
    expect((await stateOf(id)).status).toBe('approved');
    expect((await kinds(about(id))).filter((kind) => kind === 'step granted' || kind === 'approved').toSorted()).toEqual([
      'approved',
      'step granted',
    ]);
    await expectAgreement(about(id), 0);
  });

  it('of whom any is enough are answered for by the faster one, and the other is told so', async () => {
    const own = asking([both('any')]);
    const { registrationId: id } = await own.receiveAndEvaluate();
    const answers = await Promise.all([own.command(id, decide('manager')), own.command(id, decide('director', 'deny'))]);
    expect(answers.map((answer) => (answer.kind === 'done' ? 'done' : answer.code)).toSorted()).toEqual(['STATE_DOES_NOT_ALLOW', 'done']);
    const isApproved = answers[0].kind === 'done';
    expect((await stateOf(id)).status).toBe(isApproved ? 'approved' : 'denied');
    await expectAgreement(about(id), 0);
    expect((await closedQuestions(stage, about(id))).map(([, by]) => by)).toEqual(Array(2).fill(isApproved ? 'manager' : 'director'));
  });

  it('are not answered for by one person alone', async () => {
    const own = asking([both('all')]);
    const { registrationId: id } = await own.receiveAndEvaluate();
    expect(await own.command(id, decide('director'))).toEqual(DONE);
    expect(await stateOf(id)).toMatchObject({
      approval: { steps: [{ role: 'partner_manager', mayDecide: ['manager', 'manager2', 'vp'] }] },
    });
    expect(await own.command(id, decide('director'))).toMatchObject({ kind: 'refused', code: 'ACTOR_MAY_NOT_DECIDE' });
    expect(await own.command(id, delegate('manager', 'director'))).toMatchObject({ code: 'DELEGATE_NOT_POSSIBLE' });
    await expectAgreement(about(id), 1);
    expect(await own.command(id, decide('vp'))).toEqual(DONE);
    expect((await stateOf(id)).status).toBe('approved');
  });

  it('keep the other one’s question where one of them hands over', async () => {
    const own = asking([both('all')]);
    const { registrationId: id } = await own.receiveAndEvaluate();
    expect(await own.command(id, delegate('manager', 'director'))).toMatchObject({
      code: 'DELEGATE_NOT_POSSIBLE',
      message: 'director is asked about this already.',
    });
    expect(await own.command(id, delegate('director', 'vp'))).toEqual(DONE);
    expect((await listedQuestions(stage, about(id))).map(({ number, approver }) => [number, approver])).toEqual([
      [1, 'manager'],
      [3, 'vp'],
    ]);
    await expectAgreement(about(id), 2);
  });

  it('end with one no, also while another says yes', async () => {
    const own = asking([both('all')]);
    const { registrationId: id } = await own.receiveAndEvaluate();
    await Promise.all([own.command(id, decide('manager')), own.command(id, decide('director', 'deny'))]);
    expect((await stateOf(id)).status).toBe('denied');
    await expectAgreement(about(id), 0);
  });
});

describe('two answers to one question at the same instant', () => {
  it('are one answer; the other is told that it was answered', async () => {
    const own = asking([MANAGER]);
    const { registrationId: id } = await own.receiveAndEvaluate();
    const answers = await Promise.all(['manager', 'director', 'vp'].map((actor) => own.command(id, decide(actor))));
    expect(answers.map((answer) => (answer.kind === 'done' ? 'done' : answer.code)).toSorted()).toEqual([
      'STATE_DOES_NOT_ALLOW',
      'STATE_DOES_NOT_ALLOW',
      'done',
    ]);
    expect(await own.protections()).toHaveLength(1);
  });

  it('a delegation and a yes end in the order in which they came', async () => {
    const own = asking([MANAGER]);
    const { registrationId: id } = await own.receiveAndEvaluate();
    const [yes, given] = await Promise.all([own.command(id, decide('manager')), own.command(id, delegate('manager', 'director'))]);
    expect(yes).toEqual(DONE);
    if (given.kind === 'refused') expect(given.code).toBe('STATE_DOES_NOT_ALLOW');
    expect((await stateOf(id)).status).toBe('approved');
    await expectAgreement(about(id), 0);
  });
});
