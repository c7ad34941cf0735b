import { registrationWorkflowId } from '../../../program/messages.ts';
import { NO_FACTS } from '../../../program/claim.ts';
import type { Program } from '../../../program/definition/program.ts';
import { listAudit } from '../../../store/audit.ts';
import { findCommand } from '../../../store/command.ts';
import { stayOpenWithOpportunities } from '../../../activities/decision/close-with-opportunity.ts';
import { createDecisionStage, emptyStore, later, MONDAY, type DecisionStage } from '../../support/decision-stage.ts';
import { linkOpportunity, mirrorOpportunity, OPPORTUNITY } from '../../support/mirror.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { ACME, acmeWith, parseOrThrow } from '../../program/example.ts';
import { stepOf } from '../../support/open-step.ts';

jest.setTimeout(60_000);

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const UNTIL = later(MONDAY, 90 * DAY_MS);
const daysBefore = (days: number): string => later(UNTIL, -days * DAY_MS);

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db);
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

function running(changes: Partial<Program>): DecisionStage {
  const program = { ...ACME, ...changes };
  return stage.withDependencies({ programs: { current: () => program, byVersion: () => program } });
}
const protection = (changes: Partial<Program['protection']>) => ({ protection: { ...ACME.protection, ...changes } });
const stateOf = async (id: string) => (await stage.registration(id)).state;
const auditKinds = async (id: string) => (await listAudit(stage.db, registrationWorkflowId(id), 100)).map(({ kind }) => kind);
const column = async (id: string, name: 'ended_at' | 'approved_as') =>
  (await stage.db.selectFrom('registration').select(name).where('id', '=', id).executeTakeFirstOrThrow())[name];

describe('reminders', () => {
  const count = async (id: string) => (await auditKinds(id)).filter((kind) => kind === 'reminded').length;

  it('come each once, with a note on the record, and none after the end', async () => {
    const { registrationId, state } = await stage.receiveAndEvaluate();
    expect(state.reminders).toEqual([30, 14, 7, 1].map(daysBefore));
    await stage.registrations.passDeadline(registrationId, later(daysBefore(30), -1));
    expect(await count(registrationId)).toBe(0);
    await stage.registrations.passDeadline(registrationId, daysBefore(30));
    await stage.registrations.passDeadline(registrationId, daysBefore(30));
    expect(await count(registrationId)).toBe(1);
    expect((await stage.registration(registrationId)).syncNote).toContain(UNTIL);
    expect(await stage.registrations.passDeadline(registrationId, daysBefore(14))).toMatchObject({ reminders: [7, 1].map(daysBefore) });
    await stage.registrations.passDeadline(registrationId, UNTIL);
    expect([await count(registrationId), (await stateOf(registrationId)).reminders]).toEqual([2, []]);
  });

  it('that are due together are one', async () => {
    const { registrationId } = await stage.receiveAndEvaluate();
    await stage.registrations.passDeadline(registrationId, later(UNTIL, -1));
    expect(await count(registrationId)).toBe(1);
  });

  it('move with the end', async () => {
    const { registrationId } = await stage.receiveAndEvaluate();
    await stage.command(registrationId, { kind: 'extend', days: 30, actor: 'partner' }, { at: daysBefore(10) });
    expect((await stateOf(registrationId)).reminders).toEqual(
      [30, 14, 7, 1].map((days) => later(daysBefore(days), 30 * DAY_MS)).filter((at) => at > daysBefore(10)),
    );
  });

  it('end with the protection', async () => {
    const { registrationId } = await stage.receiveAndEvaluate();
    await stage.command(registrationId, { kind: 'withdraw', actor: 'partner' });
    expect((await stateOf(registrationId)).reminders).toEqual([]);
  });
});

describe('the end of a claim', () => {
  it('by time is at its last instant, however late that is noticed', async () => {
    const { registrationId } = await stage.receiveAndEvaluate();
    await stage.registrations.passDeadline(registrationId, later(UNTIL, 3 * DAY_MS));
    expect([(await stateOf(registrationId)).status, await column(registrationId, 'ended_at')]).toEqual(['expired', UNTIL]);
    const row = await stage.db
      .selectFrom('protection')
      .select('ended_at')
      .where('registration_id', '=', registrationId)
      .executeTakeFirstOrThrow();
    expect(row.ended_at).toBe(UNTIL);
  });

  it('by a person is when it is said, and is taken back by an appeal', async () => {
    const { registrationId } = await stage.receiveAndEvaluate({ estimatedValue: { amount: '100.00', currency: 'USD' } });
    expect(await column(registrationId, 'ended_at')).toBe(MONDAY);
    await stage.command(registrationId, { kind: 'appeal', actor: 'partner' });
    expect(await column(registrationId, 'ended_at')).toBeNull();
  });
});

describe('an opportunity that is won sooner than is credible', () => {
  const WAIT = { amount: 72, unit: 'hours', restated: null } as const;
  const WON = { kind: 'close', outcome: 'won', actor: 'rep' } as const;
  const CREDIBLE = later(MONDAY, 72 * HOUR_MS);

  it('closes the registration when the time is over, which stays protected until then', async () => {
    const own = running(protection({ waitBeforeClose: WAIT }));
    const { registrationId } = await own.receiveAndEvaluate();
    await own.command(registrationId, WON, { at: later(CREDIBLE, -1) });
    expect(await stateOf(registrationId)).toMatchObject({ status: 'approved', closing: { outcome: 'won', at: CREDIBLE, actor: 'rep' } });
    expect(await own.protections()).toHaveLength(1);
    await own.registrations.passDeadline(registrationId, later(CREDIBLE, -1));
    expect((await stateOf(registrationId)).status).toBe('approved');
    await own.registrations.passDeadline(registrationId, CREDIBLE);
    expect(await stateOf(registrationId)).toMatchObject({ status: 'won', closing: null });
    expect(await own.protections()).toEqual([]);
  });

  it('closes it at once exactly when the time is over', async () => {
    const own = running(protection({ waitBeforeClose: WAIT }));
    const { registrationId } = await own.receiveAndEvaluate();
    await own.command(registrationId, WON, { at: CREDIBLE });
    expect((await stateOf(registrationId)).status).toBe('won');
  });

  it('does not close it where the opportunity is opened again', async () => {
    const own = running(protection({ waitBeforeClose: WAIT }));
    const { registrationId } = await own.receiveAndEvaluate();
    await mirrorOpportunity(own.db, { account_remote_id: null });
    await linkOpportunity(own.db, registrationId);
    await own.command(registrationId, WON);
    const reopen = () => own.db.transaction().execute((trx) => stayOpenWithOpportunities(trx, own.deps, 'salesforce', [OPPORTUNITY]));
    await reopen();
    await reopen();
    const [message, ...more] = (await own.messages(registrationWorkflowId(registrationId))).filter(
      ({ kind }) => kind === 'command_registration',
    );
    expect(more).toEqual([]);
    const { commandId } = (message?.payload ?? {}) as { commandId: string };
    const command = (await findCommand(own.db, registrationId, commandId))?.command ?? WON;
    await own.registrations.carryOutCommand(registrationId, { commandId, command }, later(MONDAY, HOUR_MS));
    await own.registrations.passDeadline(registrationId, CREDIBLE);
    expect(await stateOf(registrationId)).toMatchObject({ status: 'approved', closing: null });
  });
});

describe('a revocation', () => {
  it('takes the protection away with the reason, and the waitlist moves up in the order of receipt', async () => {
    const holder = await stage.receiveAndEvaluate();
    const first = await stage.receiveAndEvaluate();
    const second = await stage.receiveAndEvaluate();
    const revoke = { kind: 'revoke', actor: 'director' } as const;
    expect(await stage.command(holder.registrationId, revoke, { comment: 'no progress was shown' })).toEqual({ kind: 'done' });
    await stage.runMessages();
    expect(await stateOf(holder.registrationId)).toMatchObject({
      status: 'revoked',
      decision: { by: 'director', reasons: [{ rule: 'revoked_by_person', message: 'no progress was shown' }] },
    });
    expect([(await stateOf(first.registrationId)).status, (await stateOf(second.registrationId)).status]).toEqual(['approved', 'denied']);
  });

  it.each(['manager', 'rep', 'partner'])('is not for %s', async (actor) => {
    const { registrationId } = await stage.receiveAndEvaluate();
    expect(await stage.command(registrationId, { kind: 'revoke', actor })).toMatchObject({ code: 'ACTOR_MAY_NOT_DECIDE' });
    expect((await stateOf(registrationId)).status).toBe('approved');
  });
});

describe('a transfer', () => {
  const to = (partnerId: string, actor = 'vp') => ({ kind: 'transfer', partnerId, actor }) as const;

  it('gives the registration to another partner with window and lines as they are', async () => {
    const { registrationId, partnerId, state } = await stage.receiveAndEvaluate();
    const other = await stage.addPartner();
    expect(await stage.command(registrationId, to(other))).toEqual({ kind: 'done' });
    const after = await stage.registration(registrationId);
    expect(after).toMatchObject({
      partnerId: other,
      state: { status: 'approved', protection: state.protection, grantedLines: ['platform'] },
    });
    expect(await column(registrationId, 'approved_as')).toMatchObject({ partnerId: other });
    const [entry] = (await listAudit(stage.db, registrationWorkflowId(registrationId), 10)).filter(({ kind }) => kind === 'transferred');
    expect(entry).toMatchObject({ actor: 'vp', details: { from: partnerId, to: other } });
  });

  it('is refused for a partner that may not register it, that has it, or that nobody knows', async () => {
    const { registrationId, partnerId } = await stage.receiveAndEvaluate();
    const suspended = await stage.addPartner({ status: 'suspended' });
    for (const target of [suspended, partnerId, '00000000-0000-4000-8000-000000000000']) {
      expect(await stage.command(registrationId, to(target))).toMatchObject({ code: 'TRANSFER_NOT_ALLOWED' });
    }
    expect(await stage.command(registrationId, to(await stage.addPartner(), 'manager'))).toMatchObject({ code: 'ACTOR_MAY_NOT_DECIDE' });
    expect((await stage.registration(registrationId)).partnerId).toBe(partnerId);
  });

  it('is refused where the new partner uses the external id itself', async () => {
    const { registrationId, externalId } = await stage.receiveAndEvaluate();
    const other = await stage.addPartner();
    await stage.receive({ partnerId: other, externalId, productLines: ['analytics'] });
    expect(await stage.command(registrationId, to(other))).toMatchObject({ code: 'TRANSFER_NOT_ALLOWED' });
  });
});

describe('a claim that changes after its approval', () => {
  const value = (amount: string) => ({ amendment: { estimatedValue: { amount, currency: 'USD' } }, at: later(MONDAY, DAY_MS) });
  const AMEND = { kind: 'amend', actor: 'partner' } as const;
  /** Acme's program with the rule about claims that changed since their approval. */
  const drifting = (outcome: string) =>
    running(
      parseOrThrow(
        acmeWith('    - id: C16_lines_disjoint', `    - id: C26_drift\n      on: { amount: ${outcome} }\n    - id: C16_lines_disjoint`),
      ),
    );

  it('is measured by what was approved', async () => {
    const { registrationId, partnerId } = await stage.receiveAndEvaluate();
    expect(await column(registrationId, 'approved_as')).toMatchObject({
      approvedAt: MONDAY,
      partnerId,
      productLines: ['platform'],
      estimatedValue: { amount: '20000.00', currency: 'USD' },
      until: UNTIL,
    });
    await stage.command(registrationId, { kind: 'extend', days: 30, actor: 'partner' });
    expect(await column(registrationId, 'approved_as')).toMatchObject({ until: later(UNTIL, 30 * DAY_MS) });
  });

  it.each([
    ['a note, and nothing happens', '{ outcome: note }', '26000.00', 'approved'],
    ['a denial, and it is revoked', '{ outcome: deny, waitlist: false }', '25000.01', 'revoked'],
    ['a denial for what is still within it', '{ outcome: deny, waitlist: false }', '25000.00', 'approved'],
  ])('has the outcome that the program declares: %s', async (_what, outcome, amount, status) => {
    const own = drifting(outcome);
    const { registrationId } = await own.receiveAndEvaluate();
    await own.command(registrationId, AMEND, value(amount));
    expect((await stateOf(registrationId)).status).toBe(status);
  });

  it('is contested in a case without losing its protection; what people keep is the new measure', async () => {
    const own = drifting('{ outcome: review, decider: director }');
    const { registrationId, state } = await own.receiveAndEvaluate();
    await own.command(registrationId, AMEND, value('40000.00'));
    const contested = await stateOf(registrationId);
    expect(contested).toMatchObject({ status: 'approved', protection: state.protection });
    expect(stepOf((await own.conflictCase(contested.caseId)).state)?.role).toBe('director');
    expect(await own.settle(contested.caseId ?? '', 'uphold', 'director')).toEqual({ kind: 'done' });
    expect(await stateOf(registrationId)).toMatchObject({ status: 'approved', caseId: null });
    await own.registrations.evaluateRegistration(registrationId, 'changed inputs', later(MONDAY, 2 * DAY_MS));
    expect(await stateOf(registrationId)).toMatchObject({ status: 'approved', caseId: null });
  });

  it('loses its protection when people revoke it', async () => {
    const own = drifting('{ outcome: review, decider: director }');
    const { registrationId } = await own.receiveAndEvaluate();
    await own.command(registrationId, AMEND, value('40000.00'));
    await own.settle((await stateOf(registrationId)).caseId ?? '', 'revoke', 'director');
    expect(await stateOf(registrationId)).toMatchObject({ status: 'revoked', protection: null, caseId: null });
  });

  it('is only remarked on where a rule for new claims would say no today', async () => {
    const { registrationId, partnerId, state } = await stage.receiveAndEvaluate();
    await stage.db.updateTable('partner').set({ status: 'suspended' }).where('id', '=', partnerId).execute();
    await stage.registrations.evaluateRegistration(registrationId, 'changed inputs', later(MONDAY, DAY_MS));
    const after = await stage.registration(registrationId);
    expect(after.state).toMatchObject({ status: 'approved', protection: state.protection, needsAttention: true });
    expect(after.syncNote).toContain('stays approved');
  });

  it('needs attention for what was remarked on, whatever else happens to it, until it is found in order', async () => {
    const { registrationId, partnerId } = await stage.receiveAndEvaluate();
    const setPartner = (status: 'active' | 'suspended') =>
      stage.db.updateTable('partner').set({ status }).where('id', '=', partnerId).execute();
    await setPartner('suspended');
    await stage.registrations.evaluateRegistration(registrationId, 'changed inputs', later(MONDAY, DAY_MS));
    await stage.registrations.passDeadline(registrationId, daysBefore(30));
    expect(await stateOf(registrationId)).toMatchObject({ reminders: [14, 7, 1].map(daysBefore), needsAttention: true });
    await setPartner('active');
    await stage.registrations.evaluateRegistration(registrationId, 'changed inputs', daysBefore(20));
    expect(await stateOf(registrationId)).toMatchObject({ status: 'approved', needsAttention: false });
  });
});

describe('a freeze', () => {
  const CLOSED = { from: '2026-11-16', until: '2026-11-20', time: '09:00' };
  const OPENS = '2026-11-20T14:00:00.000Z';

  it('keeps the receipt of what comes in, and judges it in that order when it ends', async () => {
    const own = running({ freezes: [CLOSED] });
    const first = await own.receiveAndEvaluate();
    const second = await own.receiveAndEvaluate();
    expect(first.state).toMatchObject({ status: 'submitted', frozenUntil: OPENS });
    await own.registrations.passDeadline(second.registrationId, later(OPENS, -1));
    expect((await stateOf(second.registrationId)).status).toBe('submitted');
    await own.registrations.passDeadline(second.registrationId, OPENS);
    await own.registrations.passDeadline(first.registrationId, OPENS);
    expect(await stateOf(first.registrationId)).toMatchObject({ status: 'approved', frozenUntil: null, protection: { from: OPENS } });
    expect((await stateOf(second.registrationId)).status).toBe('denied');
    expect((await stage.registration(first.registrationId)).submittedAt).toBe(MONDAY);
  });
});

describe('a grant of the lines that are free', () => {
  const sharing = () =>
    running(
      parseOrThrow(
        acmeWith(
          '    - id: C02_active_protection\n      on: { exact: { outcome: deny, waitlist: true },',
          '    - id: C02_active_protection\n      on: { exact: { outcome: free_lines, waitlist: true },',
        ),
      ),
    );
  const lines = async (own: DecisionStage, id: string) =>
    (await own.protections()).filter(({ registrationId }) => registrationId === id).map(({ line }) => line);

  it.each([
    ['by the program', '20000.00'],
    ['by a person', '60000.00'],
  ])('protects these alone: %s', async (_by, amount) => {
    const own = sharing();
    await own.receiveAndEvaluate();
    const { registrationId } = await own.receiveAndEvaluate({
      productLines: ['platform', 'analytics'],
      estimatedValue: { amount, currency: 'USD' },
    });
    if (amount === '60000.00') await own.command(registrationId, { kind: 'decide', decision: 'approve', actor: 'manager' });
    expect(await stateOf(registrationId)).toMatchObject({ status: 'approved', grantedLines: ['analytics'] });
    expect(await lines(own, registrationId)).toEqual(['analytics']);
  });

  it('denies where none is, and that claim moves up when the holder ends', async () => {
    const own = sharing();
    const holder = await own.receiveAndEvaluate();
    const waiting = await own.receiveAndEvaluate();
    expect((await stateOf(waiting.registrationId)).status).toBe('denied');
    await own.command(holder.registrationId, { kind: 'withdraw', actor: 'partner' });
    await own.runMessages();
    expect(await stateOf(waiting.registrationId)).toMatchObject({ status: 'approved', grantedLines: ['platform'] });
  });
});

describe('a window that depends on the claim', () => {
  const byQuantity = () =>
    running(protection({ windows: [{ when: { quantity: { from: 100 } }, window: { amount: 6, unit: 'months', restated: null } }] }));
  const claimOf = (quantity: number | null) => ({ facts: { ...NO_FACTS, quantity } });

  it.each([
    ['of the last quantity below', 99, UNTIL],
    ['of the first one that is longer protected', 100, '2027-05-16T14:00:00.000Z'],
  ])('%s', async (_which, quantity, until) => {
    const { state } = await byQuantity().receiveAndEvaluate(claimOf(quantity));
    expect(state).toMatchObject({ status: 'approved', protection: { until } });
  });

  it('is not guessed by the program; a person who approves grants the general one', async () => {
    const own = byQuantity();
    const { registrationId, state } = await own.receiveAndEvaluate(claimOf(null));
    expect(state).toMatchObject({ status: 'in_review', approval: { steps: [{ role: ACME.routing.otherwise }] } });
    expect(await own.command(registrationId, { kind: 'decide', decision: 'approve', actor: stepOf(state)?.approver ?? '' })).toEqual({
      kind: 'done',
    });
    expect(await stateOf(registrationId)).toMatchObject({ status: 'approved', protection: { until: UNTIL } });
  });

  it('is over before it begins where its time runs from a submission long ago: nobody is protected, and the claim expires', async () => {
    const own = running(protection({ anchor: 'submission', window: { amount: 1, unit: 'days', restated: null }, reminders: [] }));
    const claim = await own.receiveAndEvaluate({ estimatedValue: { amount: '60000.00', currency: 'USD' } });
    const at = later(MONDAY, 2 * DAY_MS);
    await own.command(claim.registrationId, { kind: 'decide', decision: 'approve', actor: 'manager' }, { at });
    expect(await own.protections()).toEqual([]);
    await own.registrations.passDeadline(claim.registrationId, at);
    expect((await stateOf(claim.registrationId)).status).toBe('expired');
  });
});
