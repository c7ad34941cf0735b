import type { RegistrationStatus } from '../../../program/vocabulary.ts';
import { registrationWorkflowId } from '../../../program/messages.ts';
import { SUBMITTED } from '../../../program/registration-life.ts';
import { findCommand } from '../../../store/command.ts';
import { saveState } from '../../../store/registration.ts';
import { createDecisionStage, emptyStore, MONDAY, type ClaimWishes, type DecisionStage } from '../../support/decision-stage.ts';
import { linkOpportunity, mirrorAccount, mirrorOpportunity, OPPORTUNITY } from '../../support/mirror.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

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
const APPROVE = { kind: 'decide', decision: 'approve', actor: 'manager' } as const;

describe('an open opportunity that is linked to a registration', () => {
  it.each<[RegistrationStatus, boolean]>([
    ['approved', false],
    ['won', false],
    ['submitted', true],
    ['returned', true],
    ['denied', true],
    ['withdrawn', true],
    ['lost', true],
  ])('that is %s counts as direct: %s', async (status, isDirect) => {
    await mirrorAccount(stage.db);
    await mirrorOpportunity(stage.db);
    const { registrationId } = await stage.receive({ productLines: ['analytics'] });
    await linkOpportunity(stage.db, registrationId);
    await stage.db.transaction().execute((trx) => saveState(trx, registrationId, { ...SUBMITTED, status }, MONDAY));
    const { state } = await stage.receiveAndEvaluate({ productLines: ['platform'] });
    expect(state.status).toBe(isDirect ? 'in_review' : 'approved');
    if (isDirect) expect((await stage.conflictCase(state.caseId)).opportunity?.remoteId).toBe(OPPORTUNITY);
  });

  it('that is the claim itself counts too: a link alone decides nothing', async () => {
    await mirrorAccount(stage.db);
    await mirrorOpportunity(stage.db);
    const { registrationId } = await stage.receive();
    await linkOpportunity(stage.db, registrationId);
    expect((await stage.evaluate(registrationId)).state.caseId).not.toBeNull();
  });
});

describe('a claim whose opportunity was closed while it was under review', () => {
  async function approvedWith(opportunity: Parameters<typeof mirrorOpportunity>[1]) {
    await stage.setUsers([{ alias: 'rep', isActive: true }]);
    await mirrorOpportunity(stage.db, { owner: 'rep', account_remote_id: null, ...opportunity });
    const { registrationId } = await stage.receiveAndEvaluate(FOR_MANAGER);
    await linkOpportunity(stage.db, registrationId);
    expect(await stage.command(registrationId, APPROVE)).toEqual({ kind: 'done' });
    return registrationId;
  }
  const closings = async (id: string) =>
    (await stage.messages(registrationWorkflowId(id))).filter(({ kind }) => kind === 'command_registration');

  it.each([
    ['won', true],
    ['lost', false],
  ] as const)('is %s with it once it is approved', async (outcome, isWon) => {
    const registrationId = await approvedWith({ is_closed: true, is_won: isWon, stage_index: null });
    const [closing, ...more] = await closings(registrationId);
    const { commandId } = (closing?.payload ?? {}) as { commandId: string };
    expect(more).toEqual([]);
    const command = (await findCommand(stage.db, registrationId, commandId))?.command;
    expect(command).toEqual({ kind: 'close', outcome, actor: 'rep' });
    await stage.registrations.carryOutCommand(registrationId, { commandId, command: command ?? APPROVE }, MONDAY);
    expect((await stage.registration(registrationId)).state.status).toBe(outcome);
  });

  it.each([
    ['is open', {}],
    ['was deleted', { is_closed: true, is_won: true, deleted: true }],
  ])('stays approved while the opportunity %s', async (_what, opportunity) => {
    expect(await closings(await approvedWith(opportunity))).toEqual([]);
  });

  it('is closed also where the program approves it', async () => {
    await mirrorOpportunity(stage.db, { account_remote_id: null, is_closed: true, is_won: true, stage_index: null });
    const { registrationId } = await stage.receive();
    await linkOpportunity(stage.db, registrationId);
    await stage.evaluate(registrationId);
    expect(await closings(registrationId)).toHaveLength(1);
  });
});
