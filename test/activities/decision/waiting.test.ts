import { createDecisionStage, emptyStore, later, MONDAY, type ClaimWishes, type DecisionStage } from '../../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { registrationWorkflowId } from '../../../program/messages.ts';
import { ACME } from '../../program/example.ts';
import { stepOf } from '../../support/open-step.ts';

jest.setTimeout(60_000);

const DAY_MS = 24 * 60 * 60 * 1000;
/** Above the automatic band: the partner manager decides. */
const FOR_MANAGER: ClaimWishes = { estimatedValue: { amount: '60000.00', currency: 'USD' } };
const APPROVE = { kind: 'decide', decision: 'approve', actor: 'manager' } as const;
const DENY = { kind: 'decide', decision: 'deny', actor: 'manager' } as const;
const WITHDRAW = { kind: 'withdraw', actor: 'partner' } as const;

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db);
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

async function status(id: string): Promise<string> {
  return (await stage.registration(id)).state.status;
}

describe('a claim behind an earlier undecided one', () => {
  it('waits, and nobody can decide it before', async () => {
    const earlier = await stage.receiveAndEvaluate(FOR_MANAGER);
    const { registrationId, state } = await stage.receiveAndEvaluate();
    expect(state).toMatchObject({ status: 'in_review', approval: null, waitingFor: [earlier.registrationId] });
    expect(await stage.command(registrationId, APPROVE)).toMatchObject({ kind: 'refused', code: 'STATE_DOES_NOT_ALLOW' });
  });

  it.each([
    ['is denied', DENY, 'approved'],
    ['is withdrawn', WITHDRAW, 'approved'],
    ['is approved', APPROVE, 'denied'],
  ] as const)('is judged when the earlier one %s', async (_what, command, expected) => {
    const earlier = await stage.receiveAndEvaluate(FOR_MANAGER);
    const waiting = await stage.receiveAndEvaluate();
    await stage.command(earlier.registrationId, command);
    await stage.runMessages();
    expect(await status(waiting.registrationId)).toBe(expected);
  });

  it('is judged when the earlier one is returned: what is completed later comes later', async () => {
    const earlier = await stage.receiveAndEvaluate(FOR_MANAGER);
    const waiting = await stage.receiveAndEvaluate();
    await stage.command(earlier.registrationId, { kind: 'decide', decision: 'return', actor: 'manager' });
    await stage.runMessages();
    expect([await status(earlier.registrationId), await status(waiting.registrationId)]).toEqual(['returned', 'approved']);
    const completed = { amendment: { description: 'complete now' }, at: later(MONDAY, DAY_MS) };
    await stage.command(earlier.registrationId, { kind: 'amend', actor: 'partner' }, completed);
    const after = await stage.registration(earlier.registrationId);
    expect(after).toMatchObject({
      submittedAt: later(MONDAY, DAY_MS),
      state: { status: 'denied', waitlistedBehind: [waiting.registrationId] },
    });
    expect(after.sequence).toBeGreaterThan(waiting.sequence);
  });

  it('goes on waiting while the earlier one is returned where a completed claim keeps its receipt, and is judged when that lapses', async () => {
    const kept = { ...ACME, returned: { ...ACME.returned, receipt: 'kept' as const } };
    const patient = stage.withDependencies({ programs: { current: () => kept, byVersion: () => kept } });
    await goesOnWaiting(patient);
  });

  async function goesOnWaiting(stage: DecisionStage): Promise<void> {
    const earlier = await stage.receiveAndEvaluate(FOR_MANAGER);
    const waiting = await stage.receiveAndEvaluate();
    await stage.command(earlier.registrationId, { kind: 'decide', decision: 'return', actor: 'manager' });
    await stage.runMessages();
    expect((await stage.evaluate(waiting.registrationId)).state.waitingFor).toEqual([earlier.registrationId]);
    const lapse = later(MONDAY, ACME.returned.lapseAfter.amount * DAY_MS);
    await stage.registrations.passDeadline(earlier.registrationId, later(lapse, -1));
    expect(await status(earlier.registrationId)).toBe('returned');
    await stage.registrations.passDeadline(earlier.registrationId, lapse);
    await stage.runMessages(lapse);
    expect([await status(earlier.registrationId), await status(waiting.registrationId)]).toEqual(['lapsed', 'approved']);
  }

  it('is judged when the earlier one is amended to another customer or other lines', async () => {
    const earlier = await stage.receiveAndEvaluate(FOR_MANAGER);
    const waiting = await stage.receiveAndEvaluate();
    await stage.command(earlier.registrationId, { kind: 'amend', actor: 'partner' }, { amendment: { productLines: ['analytics'] } });
    await stage.runMessages();
    expect(await status(waiting.registrationId)).toBe('approved');
    expect(await status(earlier.registrationId)).toBe('in_review');
  });

  it('goes first when the earlier one is amended away and back: it is a new claim then', async () => {
    const earlier = await stage.receiveAndEvaluate(FOR_MANAGER);
    const waiting = await stage.receiveAndEvaluate(FOR_MANAGER);
    const amend = (productLines: readonly string[]) =>
      stage.command(earlier.registrationId, { kind: 'amend', actor: 'partner' }, { amendment: { productLines } });
    await amend(['analytics']);
    await amend(['platform']);
    await stage.runMessages();
    expect((await stage.registration(earlier.registrationId)).state.waitingFor).toEqual([waiting.registrationId]);
    expect(stepOf((await stage.registration(waiting.registrationId)).state)?.approver).toBe('manager');
  });

  it('waits for all of them: the decision of one of two is not enough', async () => {
    const one = await stage.receiveAndEvaluate(FOR_MANAGER);
    const other = await stage.receiveAndEvaluate({ ...FOR_MANAGER, productLines: ['analytics'] });
    const waiting = await stage.receiveAndEvaluate({ productLines: ['platform', 'analytics'] });
    expect(waiting.state.waitingFor).toEqual([one.registrationId, other.registrationId]);
    await stage.command(one.registrationId, DENY);
    expect(await stage.messages(registrationWorkflowId(waiting.registrationId))).not.toContainEqual(
      expect.objectContaining({ payload: { reevaluate: true } }),
    );
    await stage.command(other.registrationId, DENY);
    await stage.runMessages();
    expect(await status(waiting.registrationId)).toBe('approved');
  });
});

describe('the waitlist', () => {
  it('moves up in the order of receipt when a protection is withdrawn, whatever the order of the verdicts', async () => {
    const holder = await stage.receiveAndEvaluate();
    const [second, third] = [await stage.receive(), await stage.receive()];
    await stage.evaluate(third.registrationId);
    await stage.evaluate(second.registrationId);
    expect((await stage.registration(third.registrationId)).state.waitlistedBehind).toEqual([holder.registrationId]);
    await stage.command(holder.registrationId, WITHDRAW);
    expect(await stage.protections()).toEqual([]);
    // The later one's workflow may be the faster.
    await stage.evaluate(third.registrationId);
    await stage.runMessages();
    expect([await status(second.registrationId), await status(third.registrationId)]).toEqual(['approved', 'denied']);
    expect((await stage.registration(third.registrationId)).state.waitlistedBehind).toEqual([second.registrationId]);
  });

  it.each([
    ['lost', 'approved'],
    ['won', 'denied'],
  ] as const)('after a deal that is %s the next one is %s', async (outcome, expected) => {
    const holder = await stage.receiveAndEvaluate();
    const next = await stage.receiveAndEvaluate();
    await stage.command(holder.registrationId, { kind: 'close', outcome, actor: 'rep' });
    await stage.runMessages();
    expect(await status(next.registrationId)).toBe(expected);
  });

  it('moves up at the end of the protection and not one millisecond before', async () => {
    const holder = await stage.receiveAndEvaluate();
    const next = await stage.receiveAndEvaluate();
    const until = holder.state.protection?.until ?? '';
    expect(Date.parse(until) - Date.parse(MONDAY)).toBe(90 * DAY_MS);
    await stage.registrations.passDeadline(holder.registrationId, later(until, -1));
    expect(await status(holder.registrationId)).toBe('approved');
    await stage.registrations.passDeadline(holder.registrationId, until);
    await stage.runMessages(until);
    expect([await status(holder.registrationId), await status(next.registrationId)]).toEqual(['expired', 'approved']);
  });

  it('comes before a newcomer that is judged after the end, before the holder’s own workflow noticed it', async () => {
    const holder = await stage.receiveAndEvaluate();
    const next = await stage.receiveAndEvaluate();
    const newcomer = await stage.receive();
    const until = holder.state.protection?.until ?? '';
    await stage.evaluate(newcomer.registrationId, until);
    expect([await status(holder.registrationId), await status(next.registrationId)]).toEqual(['expired', 'approved']);
    expect((await stage.registration(newcomer.registrationId)).state).toMatchObject({
      status: 'denied',
      waitlistedBehind: [next.registrationId],
    });
    // The workflows of both read again what this transaction changed; that of the holder finds nothing left to do.
    for (const { registrationId } of [holder, next]) {
      expect(await stage.messages(registrationWorkflowId(registrationId))).toContainEqual(
        expect.objectContaining({ kind: 'refresh_registration' }),
      );
    }
    await stage.registrations.passDeadline(holder.registrationId, until);
    await stage.runMessages(until);
    expect(await stage.protections()).toEqual([{ registrationId: next.registrationId, line: 'platform' }]);
  });

  it('of a holder that is known by name and place alone comes first too', async () => {
    const holder = await stage.receiveAndEvaluate({ customer: { domain: null, postalCode: '10001' } });
    const next = await stage.receiveAndEvaluate({ customer: { domain: null, postalCode: '10001' } });
    const newcomer = await stage.receive({ customer: { postalCode: '10001' } });
    expect(newcomer.customerId).not.toBe(holder.customerId);
    await stage.evaluate(newcomer.registrationId, holder.state.protection?.until ?? '');
    expect([await status(next.registrationId), await status(newcomer.registrationId)]).toEqual(['approved', 'denied']);
  });

  it('does not move one millisecond before the end: the newcomer is denied behind the holder', async () => {
    const holder = await stage.receiveAndEvaluate();
    const newcomer = await stage.receive();
    const { state } = await stage.evaluate(newcomer.registrationId, later(holder.state.protection?.until ?? '', -1));
    expect(state).toMatchObject({ status: 'denied', waitlistedBehind: [holder.registrationId] });
    expect(await status(holder.registrationId)).toBe('approved');
  });

  it('forgets a claim whose time on it is over', async () => {
    const holder = await stage.receiveAndEvaluate();
    const next = await stage.receiveAndEvaluate();
    const { appealUntil, waitlistedUntil } = next.state;
    await stage.registrations.passDeadline(next.registrationId, appealUntil ?? '');
    await stage.registrations.passDeadline(next.registrationId, waitlistedUntil ?? '');
    await stage.command(holder.registrationId, WITHDRAW);
    await stage.runMessages(waitlistedUntil ?? '');
    expect(await status(next.registrationId)).toBe('denied');
  });

  it('does not know claims that were denied for another reason', async () => {
    const holder = await stage.receiveAndEvaluate();
    const small = await stage.receiveAndEvaluate({ estimatedValue: { amount: '4999.99', currency: 'USD' } });
    const duplicate = await stage.receiveAndEvaluate({ partnerId: holder.partnerId });
    expect([small.state.waitlistedUntil, duplicate.state.waitlistedUntil]).toEqual([null, null]);
    await stage.command(holder.registrationId, WITHDRAW);
    await stage.runMessages();
    expect([await status(small.registrationId), await status(duplicate.registrationId)]).toEqual(['denied', 'denied']);
  });

  it('keeps the place of a claim whose appeal is denied', async () => {
    const holder = await stage.receiveAndEvaluate();
    const next = await stage.receiveAndEvaluate();
    await stage.command(next.registrationId, { kind: 'appeal', actor: 'partner' });
    await stage.command(next.registrationId, { kind: 'decide', decision: 'deny', actor: 'director' });
    expect((await stage.registration(next.registrationId)).state).toMatchObject({ status: 'denied', appealUntil: null });
    await stage.command(holder.registrationId, WITHDRAW);
    await stage.runMessages();
    expect(await status(next.registrationId)).toBe('approved');
  });
});
