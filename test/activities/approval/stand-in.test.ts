import type { Program } from '../../../program/definition/program.ts';
import { saveClaimValues } from '../../../store/registration.ts';
import { governed, person, TWO_MANAGERS } from '../../program/approval/example.ts';
import { createDecisionStage, emptyStore, MONDAY, type DecisionStage } from '../../support/decision-stage.ts';
import { linkOpportunity, mirrorOpportunity } from '../../support/mirror.ts';
import { stepOf } from '../../support/open-step.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

jest.setTimeout(60_000);

const DONE = { kind: 'done' };
const LIMITED = governed(TWO_MANAGERS, { people: [person('helper', { approvalLimit: '65000.00' })] });

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
const delegate = (to: string) => ({ kind: 'delegate', to, actor: 'manager' }) as const;
const stateOf = async (id: string) => (await stage.registration(id)).state;

/** The partner manager is asked about every claim, and lets somebody else answer. */
async function delegated(to: string): Promise<{ readonly own: DecisionStage; readonly id: string }> {
  const own = running({ ...LIMITED, routing: { ...LIMITED.routing, rows: [{ when: {}, steps: [{ role: 'partner_manager' }] }] } });
  const { registrationId: id } = await own.receiveAndEvaluate({ estimatedValue: { amount: '60000.00', currency: 'USD' } });
  expect(await own.command(id, delegate(to))).toEqual(DONE);
  return { own, id };
}

/** The claim is linked to an opportunity of the one who delegated. Nobody has looked yet at who is asked. */
async function giveStake(id: string): Promise<void> {
  await stage.setUsers([{ alias: 'manager', isActive: true }]);
  await mirrorOpportunity(stage.db, { owner: 'manager', account_remote_id: null });
  await linkOpportunity(stage.db, id);
}

/** A rep changes the value in the CRM. The claim is not judged again yet. */
async function edit(id: string, estimatedValue: string): Promise<void> {
  const registration = await stage.registration(id);
  await stage.db.transaction().execute((trx) => saveClaimValues(trx, registration, { estimatedValue }, MONDAY, MONDAY));
}

describe('who answers in the place of another who has got a stake since', () => {
  const refusal = {
    kind: 'refused',
    code: 'ACTOR_MAY_NOT_DECIDE',
    message: 'director may not decide this in the place of manager, who may not either: the opportunity in question is their own.',
  };

  it.each(['approve', 'deny', 'return'] as const)('does not %s in that place, and does by an own right', async (decision) => {
    const { own, id } = await delegated('director');
    await giveStake(id);
    const state = await stateOf(id);
    expect(await own.command(id, decide('director', decision))).toEqual(refusal);
    expect(await stateOf(id)).toEqual(state);
    await own.registrations.passDeadline(id, MONDAY);
    expect(stepOf(await stateOf(id))).toMatchObject({ approver: 'manager2', standIns: {} });
    expect(await own.command(id, decide('director', decision))).toEqual(DONE);
  });

  it('does not settle a case in that place either', async () => {
    const own = running(TWO_MANAGERS);
    await own.receiveAndEvaluate();
    const { registrationId: id, state } = await own.receiveAndEvaluate({ customer: { domain: null } });
    const caseId = state.caseId ?? '';
    expect(await own.commandCase(caseId, delegate('director'))).toEqual(DONE);
    await giveStake(id);
    expect(await own.settle(caseId, 'uphold', 'director')).toEqual(refusal);
    expect(await own.command(id, decide('director'))).toEqual(refusal);
    await own.cases.escalateCase(caseId, MONDAY);
    expect(stepOf((await own.conflictCase(caseId)).state)).toMatchObject({ approver: 'manager2', standIns: {} });
    expect(await own.settle(caseId, 'uphold', 'director')).toEqual(DONE);
  });
});

describe('who answers in the place of another, of a value that grew in the CRM since', () => {
  it.each([
    ['the limit', '65000.00', DONE],
    [
      'a cent above it',
      '65000.01',
      {
        kind: 'refused',
        code: 'ACTOR_MAY_NOT_DECIDE',
        message: expect.stringMatching(/^USD 65000\.01 is beyond what helper may approve; /),
      },
    ],
  ])('approves it within the own limit: %s', async (_what, amount, expected) => {
    const { own, id } = await delegated('helper');
    await edit(id, amount);
    expect(await own.command(id, decide('helper'))).toEqual(expected);
  });

  it('approves it within the limit of whose place it is', async () => {
    const { own, id } = await delegated('vp');
    await edit(id, '100000.01');
    expect(await own.command(id, decide('vp'))).toMatchObject({ kind: 'refused', code: 'ACTOR_MAY_NOT_DECIDE' });
    expect(await own.command(id, decide('director'))).toEqual(DONE);
  });

  it('may say no to any', async () => {
    const { own, id } = await delegated('helper');
    await edit(id, '900000.00');
    expect(await own.command(id, decide('helper', 'deny'))).toEqual(DONE);
  });
});
