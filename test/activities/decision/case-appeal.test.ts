import type { Channel } from '../../../notify/port.ts';
import { caseWorkflowId, registrationWorkflowId } from '../../../program/messages.ts';
import type { ClaimEvent } from '../../../program/notification/claim-event.ts';
import type { CaseOutcome, RegistrationStatus } from '../../../program/vocabulary.ts';
import { listAudit } from '../../../store/audit.ts';
import { listStatements } from '../../../store/case-statement.ts';
import { listMessages } from '../../../store/message.ts';
import type { Registration } from '../../../store/registration.ts';
import { ACME, ACME_YAML, parseOrThrow } from '../../program/example.ts';
import { createDecisionStage, emptyStore, later, MONDAY, type ClaimWishes, type DecisionStage } from '../../support/decision-stage.ts';
import { stepOf } from '../../support/open-step.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

jest.setTimeout(60_000);

const DAY_MS = 86_400_000;
const ALIKE: ClaimWishes = { customer: { domain: null } };
const CHANNELS: ReadonlyMap<string, Channel> = new Map([['webhook', { name: 'webhook', needsAddress: false } as Channel]]);
const TUESDAY = later(MONDAY, DAY_MS);

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db, { channels: CHANNELS });
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

async function settled(outcome: CaseOutcome, winner: 'claimant' | null = null, on = stage) {
  const holder = await on.receiveAndEvaluate({ evidence: ['a letter of May'] });
  const claimant = await on.receiveAndEvaluate({ ...ALIKE, evidence: ['a letter of May'] });
  const caseId = claimant.state.caseId ?? '';
  const said = { kind: 'statement', registrationId: claimant.registrationId, actor: 'partner' } as const;
  await on.commandCase(caseId, said, { comment: 'We met them.', evidence: ['minutes of a meeting'] });
  await on.settle(caseId, outcome, 'manager', winner === null ? undefined : claimant.registrationId);
  return { holder, claimant, caseId };
}
function appeal({ registrationId }: Registration, evidence: readonly string[] = ['a purchase order'], at = TUESDAY, on = stage) {
  return on.command(registrationId, { kind: 'appeal', actor: 'partner' }, { comment: 'Look again.', amendment: { evidence }, at });
}
const status = async ({ registrationId }: Registration): Promise<RegistrationStatus> =>
  (await stage.registration(registrationId)).state.status;
async function told({ registrationId }: Registration): Promise<readonly ClaimEvent[]> {
  const messages = await listMessages(stage.db, { lane: registrationWorkflowId(registrationId) }, { limit: 200 });
  return messages.flatMap(({ payload }) => (payload.family === 'claim' ? [payload.event] : []));
}

describe('an appeal against the outcome of a case', () => {
  it('is heard in the case, by the next role up and not by whoever decided; the outcome stands until then', async () => {
    const { holder, claimant, caseId } = await settled('uphold');
    expect(await appeal(claimant)).toEqual({ kind: 'done' });
    const { state, resolvedAt } = await stage.conflictCase(caseId);
    expect(state).toMatchObject({ status: 'appealed', outcome: { kind: 'uphold' }, decidedBefore: ['manager'] });
    expect(stepOf(state)).toMatchObject({ role: 'director', openedAt: TUESDAY });
    expect(stepOf(state)?.mayDecide).not.toContain('manager');
    expect(resolvedAt).toBeNull();
    expect((await stage.registration(claimant.registrationId)).state).toMatchObject({
      status: 'in_review',
      caseId,
      appealed: true,
      approval: state.approval,
    });
    expect(await status(holder)).toBe('approved');
    expect(await stage.messages(caseWorkflowId(caseId))).toContainEqual({ kind: 'refresh_case', payload: {} });
    expect(await told(holder)).toContainEqual(expect.objectContaining({ type: 'case.opened', caseId, appealedAt: TUESDAY }));
    expect(await told(claimant)).toContainEqual(expect.objectContaining({ type: 'registration.appealed' }));
    expect(await stage.settle(caseId, 'award', 'manager', claimant.registrationId, TUESDAY)).toMatchObject({
      code: 'ACTOR_MAY_NOT_DECIDE',
    });
  });

  it('is not delegated to whoever decided', async () => {
    const { claimant, caseId } = await settled('uphold');
    await appeal(claimant);
    const refusal = { code: 'DELEGATE_NOT_POSSIBLE', message: 'manager decided this before; an appeal is for somebody else to hear.' };
    expect(await stage.commandCase(caseId, { kind: 'delegate', to: 'manager', actor: 'director' }, { at: TUESDAY })).toMatchObject(refusal);
    const { state } = await stage.conflictCase(caseId);
    expect(stepOf(state)).toMatchObject({ number: 2, approver: 'director' });
  });

  it('shows whoever hears it what it rests on, among the statements of that side', async () => {
    const { claimant, caseId } = await settled('uphold');
    await appeal(claimant);
    expect((await listStatements(stage.db, caseId)).at(-1)).toMatchObject({
      registrationId: claimant.registrationId,
      text: 'Look again.',
      evidence: ['a purchase order'],
      at: TUESDAY,
    });
    const kinds = (await listAudit(stage.db, caseWorkflowId(caseId), 50)).map(({ kind }) => kind);
    expect(kinds.slice(-3)).toEqual(['appealed', 'asked', 'stated']);
  });

  it('of a denied claimant can take the position from who kept it', async () => {
    const { holder, claimant, caseId } = await settled('uphold');
    await appeal(claimant);
    expect(await stage.settle(caseId, 'award', 'director', claimant.registrationId, TUESDAY)).toEqual({ kind: 'done' });
    expect([await status(holder), await status(claimant)]).toEqual(['revoked', 'approved']);
    expect((await stage.conflictCase(caseId)).state).toMatchObject({
      status: 'resolved',
      outcome: { kind: 'award', by: 'director', at: TUESDAY },
      decidedBefore: ['manager', 'director'],
    });
    expect((await stage.protections()).map(({ registrationId }) => registrationId)).toEqual([claimant.registrationId]);
  });

  it.each([
    ['of any value', null, 'approved'],
    ['of less than the claim is worth', '100000.00', 'in_review'],
  ] as const)('is decided by a desk that may approve %s', async (_what, approvalLimit, reached) => {
    const [role] = ACME.governance.roles;
    const desk = { role: 'appeals', approvalLimit, deadline: { amount: 2, unit: 'business_days', restated: null }, reminders: [] } as const;
    const program = {
      ...ACME,
      governance: {
        ...ACME.governance,
        roles: [
          ...ACME.governance.roles,
          { ...(role as NonNullable<typeof role>), id: 'appeals', label: 'Appeals Desk', members: ['ines'] },
        ],
        desks: [{ ...desk, silence: 'keep_asking', escalatesTo: 'vp' }],
      },
      appeal: { ...ACME.appeal, steps: [{ role: 'appeals' }] },
    } as const;
    const own = stage.withDependencies({ programs: { current: () => program, byVersion: () => program } });
    const large: ClaimWishes = { estimatedValue: { amount: '280000.00', currency: 'USD' } };
    const holder = await own.receiveAndEvaluate(large);
    const claimant = await own.receiveAndEvaluate({ ...large, ...ALIKE });
    await own.settle(claimant.state.caseId ?? '', 'award', 'vp', claimant.registrationId);
    expect([await status(holder), await status(claimant)]).toEqual(['denied', 'approved']);
    await appeal(holder, ['a letter of the customer'], TUESDAY, own);
    const approve = { kind: 'decide', decision: 'approve', actor: 'ines' } as const;
    expect(await own.command(holder.registrationId, approve, { at: TUESDAY })).toEqual({ kind: 'done' });
    expect([await status(holder), await status(claimant)]).toEqual([reached, 'revoked']);
  });

  it('of a holder whose protection was revoked can bring it back', async () => {
    const { holder, claimant, caseId } = await settled('award', 'claimant');
    expect((await stage.registration(holder.registrationId)).state).toMatchObject({
      status: 'revoked',
      appealUntil: later(MONDAY, 15 * DAY_MS),
    });
    expect(await appeal(holder)).toEqual({ kind: 'done' });
    expect([await status(holder), await status(claimant)]).toEqual(['in_review', 'approved']);
    await stage.settle(caseId, 'award', 'director', holder.registrationId, TUESDAY);
    expect([await status(holder), await status(claimant)]).toEqual(['approved', 'revoked']);
  });

  it.each(['uphold', 'deny'] as const)('in vain (%s) leaves everything as it was, and is the last one', async (outcome) => {
    const { holder, claimant, caseId } = await settled('award', 'claimant');
    await appeal(holder);
    await stage.settle(caseId, outcome, 'director', undefined, TUESDAY);
    expect([await status(holder), await status(claimant)]).toEqual(['denied', 'approved']);
    expect((await stage.registration(holder.registrationId)).state.appealUntil).toBeNull();
    expect(await appeal(holder, ['still something else'])).toMatchObject({
      code: 'APPEAL_NOT_ALLOWED',
      message: expect.stringContaining('once before'),
    });
  });

  it('may be made by each who lost, also at once: the second joins the hearing', async () => {
    const holder = await stage.receiveAndEvaluate();
    const [first, second] = [await stage.receiveAndEvaluate(ALIKE), await stage.receiveAndEvaluate(ALIKE)];
    const caseId = first.state.caseId ?? '';
    await stage.settle(caseId, 'uphold', 'manager');
    expect(await Promise.all([appeal(first), appeal(second)])).toEqual([{ kind: 'done' }, { kind: 'done' }]);
    const { state } = await stage.conflictCase(caseId);
    expect(state.questions).toBe(2);
    expect((await stage.registration(second.registrationId)).state).toMatchObject({ caseId, approval: state.approval });
    await stage.settle(caseId, 'award', 'director', second.registrationId, TUESDAY);
    expect([await status(holder), await status(first), await status(second)]).toEqual(['revoked', 'denied', 'approved']);
  });

  it('that is withdrawn leaves the outcome that was appealed', async () => {
    const { holder, claimant, caseId } = await settled('uphold');
    await appeal(claimant);
    await stage.command(claimant.registrationId, { kind: 'withdraw', actor: 'partner' }, { at: TUESDAY });
    expect((await stage.conflictCase(caseId)).state).toMatchObject({
      status: 'resolved',
      approval: null,
      outcome: { kind: 'uphold', by: 'manager' },
    });
    expect(await status(holder)).toBe('approved');
  });

  it('that comes too late is refused, at the very end of its time', async () => {
    const { holder } = await settled('award', 'claimant');
    const end = later(MONDAY, 15 * DAY_MS);
    expect(await appeal(holder, undefined, end)).toMatchObject({ code: 'APPEAL_NOT_ALLOWED' });
    expect(await appeal(holder, undefined, later(end, -1))).toEqual({ kind: 'done' });
  });

  it('begins a hearing of its own where the program declares one; who appeals has spoken', async () => {
    const program = parseOrThrow(ACME_YAML.replace('hearing: null', 'hearing: { within: 3 days, required: true }'));
    const on = stage.withDependencies({ programs: { current: () => program, byVersion: () => program } });
    const holder = await on.receiveAndEvaluate();
    const claimant = await on.receiveAndEvaluate(ALIKE);
    const caseId = claimant.state.caseId ?? '';
    const end = later(MONDAY, 3 * DAY_MS);
    await on.settle(caseId, 'uphold', 'manager', undefined, end);
    const appealed = later(end, DAY_MS);
    await appeal(claimant, ['a purchase order'], appealed, on);
    const until = later(appealed, 3 * DAY_MS);
    expect((await on.conflictCase(caseId)).state.hearing).toEqual({ from: appealed, until, isRequired: true });
    expect(await on.settle(caseId, 'uphold', 'director', undefined, appealed)).toMatchObject({ code: 'STATE_DOES_NOT_ALLOW' });
    const answer = { kind: 'statement', registrationId: holder.registrationId, actor: 'partner' } as const;
    await on.commandCase(caseId, answer, { comment: 'It changes nothing.', at: appealed });
    expect(await on.settle(caseId, 'uphold', 'director', undefined, appealed)).toEqual({ kind: 'done' });
  });
});

describe('new evidence', () => {
  it.each([
    ['nothing', []],
    ['what came with the registration', ['A letter of May.']],
    ['what was said in the case', ['we met them']],
    ['what a statement rested on', ['Minutes of a meeting']],
    ['the description of the deal', ['a deal']],
  ])('is not %s', async (_what, evidence) => {
    const { claimant, caseId } = await settled('uphold');
    expect(await appeal(claimant, evidence)).toMatchObject({ kind: 'refused', code: 'EVIDENCE_NOT_NEW' });
    expect((await stage.conflictCase(caseId)).state.status).toBe('resolved');
    // A refused appeal is none: it can be made again with what is new.
    expect(await appeal(claimant, [...evidence, 'a purchase order'])).toEqual({ kind: 'done' });
  });

  it('is what only the other side has said before: the answer tells nobody of it', async () => {
    const { holder } = await settled('award', 'claimant');
    expect(await appeal(holder, ['minutes of a meeting'])).toEqual({ kind: 'done' });
  });

  it('is not asked for where the program does not', async () => {
    const lenient = { ...ACME, appeal: { ...ACME.appeal, needsNewEvidence: false } };
    const on = stage.withDependencies({ programs: { current: () => lenient, byVersion: () => lenient } });
    const { claimant } = await settled('uphold', null, on);
    expect(await appeal(claimant, ['a letter of May'], TUESDAY, on)).toEqual({ kind: 'done' });
  });
});
