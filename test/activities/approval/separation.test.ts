import type { Program } from '../../../program/definition/program.ts';
import { saveUsers } from '../../../store/crm-mirror.ts';
import { enterAbsence } from '../../../store/absence-change.ts';
import { governed, person, TWO_MANAGERS } from '../../program/approval/example.ts';
import { reviewBy, ruleRow } from '../../program/example.ts';
import { createDecisionStage, emptyStore, MONDAY, type DecisionStage } from '../../support/decision-stage.ts';
import { linkOpportunity, mirrorAccount, mirrorOpportunity, silentConnection } from '../../support/mirror.ts';
import { listedQuestions, openSteps } from '../../support/open-question.ts';
import { stepOf } from '../../support/open-step.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

jest.setTimeout(60_000);

const REVIEWED = { estimatedValue: { amount: '60000.00', currency: 'USD' } };

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

const decide = (actor: string, decision: 'approve' | 'deny' | 'return' = 'approve') => ({ kind: 'decide', decision, actor }) as const;
const stateOf = async (id: string) => (await stage.registration(id)).state;
const refusedFor = (actor: string, why: string) => ({
  kind: 'refused',
  code: 'ACTOR_MAY_NOT_DECIDE',
  message: `${actor} may not decide this: ${why}.`,
});

const refusedInPlaceOf = (absent: string, actor: string) => ({
  kind: 'refused',
  code: 'ACTOR_MAY_NOT_DECIDE',
  message: `${actor} may not decide this in the place of ${absent}, who may not either: the opportunity in question is their own.`,
});

/** Users of the CRM, each with whom they report to. */
async function reportingLine(managers: Readonly<Record<string, string | null>>): Promise<void> {
  const rows = Object.entries(managers).map(([alias, manager]) => ({
    connection: 'salesforce',
    remote_id: `005-${alias}`,
    alias,
    email: null,
    name: null,
    is_active: true,
    manager_remote_id: manager === null ? null : `005-${manager}`,
    stamp: MONDAY,
    deleted: false,
  }));
  await stage.db.transaction().execute((trx) => saveUsers(trx, rows));
}

/** An opportunity of this user, to which the registration is linked. */
async function linkTo(registrationId: string, owner: string): Promise<void> {
  await mirrorOpportunity(stage.db, { owner, account_remote_id: null });
  await linkOpportunity(stage.db, registrationId);
}

describe('whoever entered a registration', () => {
  it('is not asked about it and may not answer, whatever the role', async () => {
    const own = running(TWO_MANAGERS);
    const { registrationId, state } = await own.receiveAndEvaluate({ ...REVIEWED, submittedBy: 'manager' });
    expect(stepOf(state)).toMatchObject({ approver: 'manager2', mayDecide: ['manager2', 'director', 'vp'] });
    expect(await own.command(registrationId, decide('manager'))).toMatchObject({ kind: 'refused', code: 'ACTOR_MAY_NOT_DECIDE' });
    expect(await own.command(registrationId, decide('manager2'))).toEqual({ kind: 'done' });
  });

  it('of the role above is passed over as well', async () => {
    const own = running(TWO_MANAGERS);
    const { registrationId, state } = await own.receiveAndEvaluate({ ...REVIEWED, submittedBy: 'director' });
    expect(stepOf(state)).toMatchObject({ approver: 'manager', mayDecide: ['manager', 'manager2', 'vp'] });
    const escalated = await own.registrations.passDeadline(registrationId, stepOf(state)?.dueAt ?? '');
    expect(stepOf(escalated)).toMatchObject({ role: 'vp', approver: 'vp' });
  });

  it('settles no case in which it claims, nor one that contests it', async () => {
    const own = running(TWO_MANAGERS);
    await own.receiveAndEvaluate({ submittedBy: 'manager' });
    const claimant = await own.receiveAndEvaluate({ customer: { domain: null }, submittedBy: 'manager2' });
    const caseId = claimant.state.caseId ?? '';
    expect(stepOf(claimant.state)).toMatchObject({ approver: 'director', mayDecide: ['director', 'vp'] });
    for (const actor of ['manager', 'manager2']) {
      expect(await own.settle(caseId, 'uphold', actor)).toMatchObject({ code: 'ACTOR_MAY_NOT_DECIDE' });
      expect(await own.command(claimant.registrationId, decide(actor))).toMatchObject({ code: 'ACTOR_MAY_NOT_DECIDE' });
    }
  });

  it.each(['revoke', 'transfer'] as const)('does not %s it either', async (kind) => {
    const partnerId = await stage.addPartner();
    const { registrationId } = await stage.receiveAndEvaluate({ submittedBy: 'director' });
    const by = (actor: string) => stage.command(registrationId, kind === 'revoke' ? { kind, actor } : { kind, partnerId, actor });
    expect(await by('director')).toEqual(refusedFor('director', 'they entered the registration themselves'));
    expect(await by('vp')).toEqual({ kind: 'done' });
  });
});

describe('a stake is not lifted by letting somebody else answer', () => {
  const DEPUTY = governed(TWO_MANAGERS, { people: [person('manager', { deputy: 'vp' })] });

  it('the deputy and the delegate of whoever has it are not asked in that place', async () => {
    const own = running(DEPUTY);
    const absence = { id: own.deps.newId(), alias: 'manager', from: MONDAY, until: '2026-12-16T15:00:00.000Z', delegate: 'director' };
    await own.db
      .transaction()
      .execute((trx) => enterAbsence(trx, { ...absence, scope: { kinds: [], regions: [], upTo: null }, enteredBy: 'ops' }, MONDAY));
    const { state } = await own.receiveAndEvaluate({ ...REVIEWED, submittedBy: 'manager' });
    expect(stepOf(state)).toMatchObject({ approver: 'manager2', onBehalfOf: null, standIns: {} });
  });

  it('nobody delegates or reassigns to whoever has it, and whoever has it reassigns nothing', async () => {
    const own = running(TWO_MANAGERS);
    const { registrationId } = await own.receiveAndEvaluate({ ...REVIEWED, submittedBy: 'director' });
    const why = 'director may not decide this: they entered the registration themselves.';
    const refusal = { kind: 'refused', code: 'DELEGATE_NOT_POSSIBLE', message: why };
    expect(await own.command(registrationId, { kind: 'delegate', to: 'director', actor: 'manager' })).toEqual(refusal);
    expect(await own.command(registrationId, { kind: 'reassign', to: 'director', actor: 'vp' })).toEqual(refusal);
    expect(await own.command(registrationId, { kind: 'reassign', to: 'manager2', actor: 'director' })).toMatchObject({
      code: 'ACTOR_MAY_NOT_DECIDE',
    });
    expect(await own.command(registrationId, { kind: 'reassign', to: 'manager2', actor: 'vp' })).toEqual({ kind: 'done' });
  });

  it('a delegate who gets one decides no more, and somebody else is asked', async () => {
    const own = running(TWO_MANAGERS);
    const { registrationId } = await own.receiveAndEvaluate(REVIEWED);
    await own.command(registrationId, { kind: 'delegate', to: 'director', actor: 'manager' });
    await reportingLine({ director: null });
    await linkTo(registrationId, 'director');
    expect(await own.command(registrationId, decide('director'))).toEqual(
      refusedFor('director', 'the opportunity in question is their own'),
    );
    await own.registrations.passDeadline(registrationId, MONDAY);
    expect(stepOf(await stateOf(registrationId))).toMatchObject({ approver: 'manager', reason: 'replaced' });
    expect(await listedQuestions(stage, `registration/${registrationId}`)).toEqual(
      await openSteps(stage, `registration/${registrationId}`),
    );
  });

  it('a delegate does not decide in the place of whoever gets one, and somebody else is asked', async () => {
    const own = running(TWO_MANAGERS);
    const { registrationId } = await own.receiveAndEvaluate(REVIEWED);
    await own.command(registrationId, { kind: 'delegate', to: 'director', actor: 'manager' });
    await reportingLine({ manager: null });
    await linkTo(registrationId, 'manager');
    for (const decision of ['approve', 'deny', 'return'] as const)
      expect(await own.command(registrationId, decide('director', decision))).toEqual(refusedInPlaceOf('manager', 'director'));
    await own.registrations.passDeadline(registrationId, MONDAY);
    expect(stepOf(await stateOf(registrationId))).toMatchObject({ approver: 'manager2', reason: 'replaced', standIns: {} });
    expect(await own.command(registrationId, decide('director'))).toEqual({ kind: 'done' });
  });
});

describe('a stake in one side of a conflict', () => {
  const DENIED = { kind: 'refused', code: 'ACTOR_MAY_NOT_DECIDE' };
  /** Two claims on what is probably one customer, with two partner managers who could settle it. */
  async function contested(own: DecisionStage, claims: { readonly submittedBy?: string } = {}) {
    const holder = await own.receiveAndEvaluate();
    const claimant = await own.receiveAndEvaluate({ customer: { domain: null }, ...claims });
    return { holder: holder.registrationId, claimant: claimant.registrationId, caseId: claimant.state.caseId ?? '' };
  }
  const askedIn = async (caseId: string) => stepOf((await stage.conflictCase(caseId)).state);

  it('also keeps out whoever answers in the place of who has it', async () => {
    const own = running(TWO_MANAGERS);
    const { holder, claimant, caseId } = await contested(own);
    await own.commandCase(caseId, { kind: 'delegate', to: 'director', actor: 'manager' });
    await reportingLine({ manager: null });
    await linkTo(holder, 'manager');
    expect(await own.settle(caseId, 'uphold', 'director')).toEqual(refusedInPlaceOf('manager', 'director'));
    for (const decision of ['approve', 'deny'] as const)
      expect(await own.command(claimant, decide('director', decision))).toEqual(refusedInPlaceOf('manager', 'director'));
    await own.cases.escalateCase(caseId, MONDAY);
    expect(await askedIn(caseId)).toMatchObject({ approver: 'manager2', reason: 'replaced', onBehalfOf: null });
    expect(await listedQuestions(stage, `case/${caseId}`)).toEqual(await openSteps(stage, `case/${caseId}`));
    expect(await own.settle(caseId, 'uphold', 'director')).toEqual({ kind: 'done' });
  });

  it('keeps who has it from getting the case from somebody else, and from giving it to anybody', async () => {
    const own = running(TWO_MANAGERS);
    const { caseId } = await contested(own, { submittedBy: 'director' });
    const refusal = { code: 'DELEGATE_NOT_POSSIBLE', message: 'director may not decide this: they entered the registration themselves.' };
    expect(await own.commandCase(caseId, { kind: 'delegate', to: 'director', actor: 'manager' })).toMatchObject(refusal);
    expect(await own.commandCase(caseId, { kind: 'reassign', to: 'director', actor: 'vp' })).toMatchObject(refusal);
    expect(await own.commandCase(caseId, { kind: 'reassign', to: 'manager2', actor: 'director' })).toMatchObject(DENIED);
    expect(await askedIn(caseId)).toMatchObject({ number: 1, approver: 'manager' });
    const climbed = await own.cases.escalateCase(caseId, (await askedIn(caseId))?.dueAt ?? '');
    expect(stepOf(climbed)).toMatchObject({ role: 'vp', approver: 'vp' });
  });

  it('keeps out whom the owner of either side’s opportunity reports to, where the program says so', async () => {
    const own = running(governed(TWO_MANAGERS, { separation: { managementChain: 'all', quota: true } }));
    await reportingLine({ rep: 'manager', manager: 'director', director: null });
    const { holder, claimant, caseId } = await contested(own);
    expect(await askedIn(caseId)).toMatchObject({ approver: 'manager' });
    await linkTo(holder, 'rep');
    for (const actor of ['manager', 'director']) {
      expect(await own.settle(caseId, 'uphold', actor)).toEqual(refusedFor(actor, 'whose own it is reports to them'));
      expect(await own.command(claimant, decide(actor))).toEqual(refusedFor(actor, 'whose own it is reports to them'));
    }
    const replaced = await own.cases.escalateCase(caseId, MONDAY);
    expect(stepOf(replaced)).toMatchObject({ approver: 'manager2', mayDecide: ['manager2', 'vp'] });
  });
});

describe('whom the owner reports to', () => {
  const LINE = { rep: 'manager', manager: 'director', director: 'vp', vp: null };
  const separated = (managementChain: 'none' | 'manager' | 'all') =>
    running(governed(TWO_MANAGERS, { separation: { managementChain, quota: true } }));

  it.each([
    ['none', { approver: 'manager', mayDecide: ['manager', 'manager2', 'director', 'vp'] }],
    ['manager', { approver: 'manager2', mayDecide: ['manager2', 'director', 'vp'] }],
    ['all', { approver: 'manager2', mayDecide: ['manager2'] }],
  ] as const)('is out of it where the program says so: %s', async (chain, expected) => {
    const own = separated(chain);
    await reportingLine(LINE);
    const { registrationId } = await own.receive(REVIEWED);
    await linkTo(registrationId, 'rep');
    expect(stepOf((await own.evaluate(registrationId)).state)).toMatchObject(expected);
  });

  it('is refused with the reason where the link came after the question', async () => {
    const own = separated('all');
    await reportingLine(LINE);
    const { registrationId } = await own.receiveAndEvaluate({ ...REVIEWED, submittedBy: 'rep' });
    expect(stepOf(await stateOf(registrationId))?.approver).toBe('manager2');
    const other = await own.receiveAndEvaluate({ ...REVIEWED, customer: { name: 'Contoso', domain: 'contoso.com' } });
    await linkTo(other.registrationId, 'rep');
    expect(await own.command(other.registrationId, decide('director'))).toEqual(refusedFor('director', 'whose own it is reports to them'));
    expect(await own.command(other.registrationId, decide('manager2'))).toEqual({ kind: 'done' });
  });

  it('ends where managers report to each other in a circle', async () => {
    const own = separated('all');
    await reportingLine({ rep: 'manager', manager: 'director', director: 'manager' });
    const { registrationId } = await own.receive({ ...REVIEWED, submittedBy: 'rep' });
    expect(stepOf((await own.evaluate(registrationId)).state)).toMatchObject({ approver: 'manager2', mayDecide: ['manager2', 'vp'] });
  });
});

describe('a quota that a conflict touches', () => {
  const quota = (
    more: { readonly regions?: string[]; readonly territories?: string[]; readonly productLines?: string[] },
    isHeeded = true,
  ) =>
    running(
      governed(TWO_MANAGERS, {
        people: [person('manager', { quota: { regions: [], territories: [], productLines: [], ...more } })],
        separation: { managementChain: 'none', quota: isHeeded },
      }),
    );
  async function contested(own: DecisionStage) {
    await own.receiveAndEvaluate();
    const { state, registrationId } = await own.receiveAndEvaluate({ customer: { domain: null } });
    return { registrationId, caseId: state.caseId ?? '', step: stepOf(state) };
  }

  it.each([
    ['of everything', {}, 'manager2'],
    ['of this country', { territories: ['US'] }, 'manager2'],
    ['of another country', { territories: ['CA'] }, 'manager'],
    ['of this region and line', { regions: ['north_america'], productLines: ['platform'] }, 'manager2'],
    ['of this region and another line', { regions: ['north_america'], productLines: ['analytics'] }, 'manager'],
  ])('keeps whoever has it out: one %s', async (_what, more, approver) => {
    expect((await contested(quota(more))).step?.approver).toBe(approver);
  });

  it('keeps nobody out where the program does not say so, nor of a claim without a conflict', async () => {
    expect((await contested(quota({}, false))).step?.approver).toBe('manager');
    const alone = await quota({}).receiveAndEvaluate({ ...REVIEWED, customer: { name: 'Contoso', domain: 'contoso.com' } });
    expect(stepOf(alone.state)?.approver).toBe('manager');
  });

  it('is told to whoever answers all the same', async () => {
    const { caseId } = await contested(quota({}));
    expect(await quota({}).settle(caseId, 'uphold', 'manager')).toMatchObject({ kind: 'refused', code: 'ACTOR_MAY_NOT_DECIDE' });
    // One who was let in before the quota was declared.
    await emptyStore(stage.db);
    const before = await contested(quota({}, false));
    expect(await quota({}).settle(before.caseId, 'uphold', 'manager')).toEqual(refusedFor('manager', 'their own quota is touched'));
  });
});

describe('whoever asked for it', () => {
  const DAY_MS = 86_400_000;

  it('does not grant the extension, although the role may', async () => {
    const { protection } = TWO_MANAGERS;
    const own = running({ ...TWO_MANAGERS, protection: { ...protection, extension: { ...protection.extension, decidedBy: 'director' } } });
    const { registrationId } = await own.receiveAndEvaluate();
    await own.command(registrationId, { kind: 'extend', days: 30, actor: 'director' });
    expect(stepOf((await stateOf(registrationId)).extension)).toMatchObject({ role: 'vp', approver: 'vp', mayDecide: ['vp'] });
    expect(await own.command(registrationId, decide('director'))).toMatchObject({ kind: 'refused', code: 'ACTOR_MAY_NOT_DECIDE' });
    expect(await own.command(registrationId, { kind: 'delegate', to: 'director', actor: 'vp' })).toMatchObject({
      code: 'DELEGATE_NOT_POSSIBLE',
      message: 'director may not decide this: they asked for it themselves.',
    });
    expect(await own.command(registrationId, decide('vp'))).toEqual({ kind: 'done' });
    expect((await stateOf(registrationId)).protection?.until).toBe(new Date(Date.parse(MONDAY) + 120 * DAY_MS).toISOString());
  });

  it('does not agree to the transfer', async () => {
    const own = running({ ...TWO_MANAGERS, transfer: { steps: [{ role: 'partner_manager' }, { role: 'director' }] } });
    const { registrationId } = await own.receiveAndEvaluate();
    const partnerId = await own.addPartner();
    expect(await own.command(registrationId, { kind: 'transfer', partnerId, actor: 'manager' })).toEqual({ kind: 'done' });
    expect(stepOf((await stateOf(registrationId)).transfer)).toMatchObject({ approver: 'manager2' });
    expect(await own.command(registrationId, decide('manager'))).toMatchObject({ code: 'ACTOR_MAY_NOT_DECIDE' });
    expect(await own.command(registrationId, decide('manager2'))).toEqual({ kind: 'done' });
    expect(await own.command(registrationId, decide('director'))).toEqual({ kind: 'done' });
    expect((await own.registration(registrationId)).partnerId).toBe(partnerId);
  });
});

describe('an attempt that is refused', () => {
  it('is answered on the record where it was made in the CRM, and changes nothing', async () => {
    const alone = running(TWO_MANAGERS);
    const { registrationId, state } = await alone.receiveAndEvaluate({ ...REVIEWED, submittedBy: 'manager' });
    const own = alone.withDependencies({ connections: new Map([['salesforce', silentConnection()]]) });
    expect(await own.command(registrationId, decide('manager', 'deny'), { commandId: 'crm:salesforce:1' })).toMatchObject({
      kind: 'refused',
    });
    const { syncNote, state: after } = await own.registration(registrationId);
    expect(syncNote).toMatch(/^deny by manager was refused: manager may not deny this registration; .*manager2, director, vp\.$/);
    expect(after).toEqual(state);
    const queued = await stage.db.selectFrom('push_queue').select('local_id').where('object_type', '=', 'registration').execute();
    expect(queued).toEqual([{ local_id: registrationId }]);
  });

  it('is in the audit, once for one command', async () => {
    const own = running(TWO_MANAGERS);
    const { registrationId } = await own.receiveAndEvaluate({ ...REVIEWED, submittedBy: 'manager' });
    for (const _again of [1, 2]) await own.command(registrationId, decide('manager'), { commandId: 'once' });
    const entries = await stage.db.selectFrom('audit_entry').select(['actor', 'details']).where('kind', '=', 'refused').execute();
    expect(entries).toMatchObject([{ actor: 'manager', details: { commandId: 'once', code: 'ACTOR_MAY_NOT_DECIDE' } }]);
  });
});

describe('the owner of the contested opportunity', () => {
  it('is not asked in the case about it, and neither is a deputy of the owner’s in that place', async () => {
    const program = governed(
      {
        ...TWO_MANAGERS,
        rules: {
          ...TWO_MANAGERS.rules,
          order: [ruleRow('C05_direct_early_stage', { exact: reviewBy('partner_manager'), probable: reviewBy('partner_manager') })],
        },
      },
      { people: [person('manager', { deputy: 'director' })] },
    );
    const own = running(program);
    await reportingLine({ manager: null });
    await mirrorAccount(stage.db);
    await mirrorOpportunity(stage.db, { owner: 'manager' });
    const { state } = await own.receiveAndEvaluate();
    expect(stepOf(state)).toMatchObject({ approver: 'manager2', mayDecide: ['manager2', 'director', 'vp'] });
    expect(await own.settle(state.caseId ?? '', 'uphold', 'manager')).toMatchObject({ code: 'ACTOR_MAY_NOT_DECIDE' });
  });
});
