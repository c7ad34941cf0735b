import { caseWorkflowId, registrationWorkflowId } from '../../../program/messages.ts';
import { ACME } from '../../program/example.ts';
import { createDecisionStage, emptyStore, MONDAY, type ClaimWishes, type DecisionStage } from '../../support/decision-stage.ts';
import { CRM, forgetMessages, underProgram } from '../../support/conversion-stage.ts';
import { linkOpportunity, mirrorOpportunity, OPPORTUNITY } from '../../support/mirror.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { stepOf } from '../../support/open-step.ts';

jest.setTimeout(60_000);

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db);
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

const FOR_MANAGER: ClaimWishes = { estimatedValue: { amount: '60000.00', currency: 'USD' } };
const decideAs = (actor: string, decision: 'approve' | 'deny' | 'return') => ({ kind: 'decide', decision, actor }) as const;

/** A rep links the claim to an opportunity of this user. */
async function linkToOwn(registrationId: string, owner: string): Promise<void> {
  await stage.setUsers([{ alias: owner, isActive: true }]);
  await mirrorOpportunity(stage.db, { owner, account_remote_id: null });
  await linkOpportunity(stage.db, registrationId);
}

async function conflict() {
  const holder = await stage.receiveAndEvaluate();
  const claimant = await stage.receiveAndEvaluate({ customer: { domain: null } });
  return { holder, claimant, caseId: claimant.state.caseId ?? '' };
}

describe('the owner of the opportunity that a registration is linked to', () => {
  it('is not asked for the verdict', async () => {
    const { registrationId } = await stage.receive(FOR_MANAGER);
    await linkToOwn(registrationId, 'manager');
    const { state } = await stage.evaluate(registrationId);
    expect(stepOf(state)).toMatchObject({ role: 'director', approver: 'director', mayDecide: ['director', 'vp'] });
  });

  it('is passed over when the step climbs', async () => {
    const { registrationId, state } = await stage.receiveAndEvaluate(FOR_MANAGER);
    await linkToOwn(registrationId, 'director');
    const progress = await stage.registrations.passDeadline(registrationId, stepOf(state)?.dueAt ?? '');
    expect(stepOf(progress)).toMatchObject({ role: 'vp', approver: 'vp' });
  });

  it('does not hear the appeal', async () => {
    const { registrationId } = await stage.receiveAndEvaluate({ estimatedValue: { amount: '100.00', currency: 'USD' } });
    await linkToOwn(registrationId, 'director');
    await stage.command(registrationId, { kind: 'appeal', actor: 'partner' });
    expect(stepOf((await stage.registration(registrationId)).state)).toMatchObject({ role: 'vp', approver: 'vp', mayDecide: ['vp'] });
  });

  it.each(['approve', 'deny', 'return'] as const)('may not %s where the link came after the question', async (decision) => {
    const { registrationId, state } = await stage.receiveAndEvaluate(FOR_MANAGER);
    await linkToOwn(registrationId, 'manager');
    expect(await stage.command(registrationId, decideAs('manager', decision))).toMatchObject({
      kind: 'refused',
      code: 'ACTOR_MAY_NOT_DECIDE',
      message: 'manager may not decide this: the opportunity in question is their own.',
    });
    expect((await stage.registration(registrationId)).state).toEqual(state);
    expect(await stage.command(registrationId, decideAs('director', decision))).toEqual({ kind: 'done' });
  });

  it.each(['holder', 'claimant'] as const)('is not the arbiter of a conflict: linked to the %s', async (side) => {
    const members = await conflict();
    await linkToOwn(members[side].registrationId, 'manager');
    expect(await stage.settle(members.caseId, 'uphold', 'manager')).toMatchObject({ code: 'ACTOR_MAY_NOT_DECIDE' });
    const again = await stage.receiveAndEvaluate({ customer: { domain: null }, productLines: ['platform'] });
    expect(again.state.caseId).toBe(members.caseId);
    expect(await stage.settle(members.caseId, 'uphold', 'director')).toEqual({ kind: 'done' });
  });

  it('gives no claim of a conflict back to its partner, although linked to the other side', async () => {
    const { holder, claimant } = await conflict();
    await linkToOwn(holder.registrationId, 'manager');
    expect(await stage.command(claimant.registrationId, decideAs('manager', 'return'))).toMatchObject({ code: 'ACTOR_MAY_NOT_DECIDE' });
    expect((await stage.registration(claimant.registrationId)).state).toEqual(claimant.state);
    expect(await stage.command(claimant.registrationId, decideAs('director', 'return'))).toEqual({ kind: 'done' });
  });

  it('is not asked in a case that opens after the link', async () => {
    const holder = await stage.receiveAndEvaluate();
    await linkToOwn(holder.registrationId, 'manager');
    expect(stepOf((await stage.receiveAndEvaluate({ customer: { domain: null } })).state)?.approver).toBe('director');
  });
});

describe('who is asked, once the claim is linked to an opportunity of theirs', () => {
  /** Somebody of the ladder links it, to an opportunity of the manager. */
  async function link(registrationId: string): Promise<void> {
    await stage.setUsers([{ alias: 'manager', isActive: true }]);
    await mirrorOpportunity(stage.db, { owner: 'manager', account_remote_id: null });
    await forgetMessages(stage);
    const command = { kind: 'link', connection: CRM, opportunity: OPPORTUNITY, primary: null, actor: 'vp' } as const;
    expect(await underProgram(stage, ACME).command(registrationId, command)).toEqual({ kind: 'done' });
  }
  const replaced = { role: 'director', approver: 'director', reason: 'replaced', mayDecide: ['director', 'vp'] };

  it('is looked at again, without judging the claim again', async () => {
    const { registrationId } = await stage.receiveAndEvaluate(FOR_MANAGER);
    await link(registrationId);
    expect(await stage.messages(registrationWorkflowId(registrationId))).toContainEqual({
      kind: 'refresh_registration',
      payload: { reevaluate: false, reconsider: true },
    });
    await stage.runMessages();
    expect(stepOf((await stage.registration(registrationId)).state)).toMatchObject(replaced);
  });

  it.each(['claimant', 'holder'] as const)('is looked at again in the case in which it is the %s', async (side) => {
    const { caseId, ...sides } = await conflict();
    expect(stepOf((await stage.conflictCase(caseId)).state)?.approver).toBe('manager');
    await link(sides[side].registrationId);
    expect(await stage.messages(caseWorkflowId(caseId))).toEqual([{ kind: 'refresh_case', payload: { reconsider: true } }]);
    await stage.runMessages();
    expect(stepOf((await stage.conflictCase(caseId)).state)).toMatchObject(replaced);
  });

  it('is looked at again also when the claim is judged again', async () => {
    const { registrationId } = await stage.receiveAndEvaluate(FOR_MANAGER);
    await linkToOwn(registrationId, 'manager');
    await stage.registrations.evaluateRegistration(registrationId, 'changed inputs', MONDAY);
    expect(stepOf((await stage.registration(registrationId)).state)).toMatchObject(replaced);
  });

  it('is looked at again when an approved claim is judged again, about its extension', async () => {
    const { protection } = ACME;
    const program = { ...ACME, protection: { ...protection, extension: { ...protection.extension, decidedBy: 'partner_manager' } } };
    const own = stage.withDependencies({ programs: { current: () => program, byVersion: () => program } });
    const { registrationId } = await own.receiveAndEvaluate();
    await own.command(registrationId, { kind: 'extend', days: 30, actor: 'partner' });
    await linkToOwn(registrationId, 'manager');
    await own.registrations.evaluateRegistration(registrationId, 'changed inputs', MONDAY);
    expect(stepOf((await own.registration(registrationId)).state.extension)).toMatchObject(replaced);
  });
});

describe('an approver who was deactivated after the step opened', () => {
  it.each([
    [false, { kind: 'refused', code: 'ACTOR_MAY_NOT_DECIDE', message: 'manager may not decide this: the user is deactivated in the CRM.' }],
    [true, { kind: 'done' }],
  ])('decides no registration (active: %s)', async (isActive, answer) => {
    const { registrationId } = await stage.receiveAndEvaluate(FOR_MANAGER);
    await stage.setUsers([{ alias: 'manager', isActive }]);
    expect(await stage.command(registrationId, decideAs('manager', 'approve'))).toEqual(answer);
  });

  it.each([
    [false, { kind: 'refused', code: 'ACTOR_MAY_NOT_DECIDE' }],
    [true, { kind: 'done' }],
  ])('settles no case, neither there nor on a claim in it (active: %s)', async (isActive, answer) => {
    const { claimant, caseId } = await conflict();
    await stage.setUsers([{ alias: 'manager', isActive }]);
    const settled = isActive ? { kind: 'refused', code: 'STATE_DOES_NOT_ALLOW' } : answer;
    expect(await stage.settle(caseId, 'uphold', 'manager', undefined, MONDAY)).toMatchObject(answer);
    expect(await stage.command(claimant.registrationId, decideAs('manager', 'approve'))).toMatchObject(settled);
  });
});
