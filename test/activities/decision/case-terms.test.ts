import type { Channel } from '../../../notify/port.ts';
import { caseWorkflowId } from '../../../program/messages.ts';
import type { Terms } from '../../../program/case-life.ts';
import type { ClaimEvent } from '../../../program/notification/claim-event.ts';
import { listAudit } from '../../../store/audit.ts';
import { listMessages } from '../../../store/message.ts';
import type { Registration } from '../../../store/registration.ts';
import { ACME_YAML, parseOrThrow } from '../../program/example.ts';
import { createDecisionStage, emptyStore, MONDAY, type ClaimWishes, type DecisionStage } from '../../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

jest.setTimeout(60_000);

const ALIKE: ClaimWishes = { customer: { domain: null } };
const CHANNELS: ReadonlyMap<string, Channel> = new Map([['webhook', { name: 'webhook', needsAddress: false } as Channel]]);
const PROGRAM = parseOrThrow(
  ACME_YAML.replace(
    /^  remediation:.*\n(    - .*\n)+/m,
    `  remediation:
    - { id: next_deal, text: Your next registration is looked at first., on: [deny], byDefault: true }
    - { id: finder_fee, text: A finder fee is paid., on: [deny, revoke], percent: '5' }
`,
  ),
);

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db, {
    channels: CHANNELS,
    programs: { current: () => PROGRAM, byVersion: () => PROGRAM },
  });
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

/** A protected claim and two on what is probably the same customer. */
async function conflict() {
  const holder = await stage.receiveAndEvaluate();
  const [first, second] = [await stage.receiveAndEvaluate(ALIKE), await stage.receiveAndEvaluate(ALIKE)];
  return { holder, first, second, caseId: first.state.caseId ?? '' };
}
const settle = (caseId: string, terms: Terms, actor = 'manager') => stage.commandCase(caseId, { ...terms, actor });
async function settledFor({ registrationId }: Registration): Promise<ClaimEvent | undefined> {
  const messages = await listMessages(stage.db, { lane: `registration/${registrationId}` }, { limit: 200 });
  return messages.flatMap(({ payload }) => (payload.family === 'claim' ? [payload.event] : [])).find(({ type }) => type === 'case.settled');
}
async function settledEntry(caseId: string): Promise<object | undefined> {
  return (await listAudit(stage.db, caseWorkflowId(caseId), 50)).find(({ kind }) => kind === 'settled')?.details;
}

describe('a split', () => {
  it('is shared evenly by receipt where nothing is said, and each side reads its own share alone', async () => {
    const { holder, first, second, caseId } = await conflict();
    expect(await settle(caseId, { outcome: 'split', registrationId: null })).toEqual({ kind: 'done' });
    const shares = [holder, first, second].map(({ registrationId }, at) => ({ registrationId, percent: ['33.34', '33.33', '33.33'][at] }));
    expect((await stage.conflictCase(caseId)).state.outcome).toEqual({
      kind: 'split',
      registrationId: null,
      by: 'manager',
      at: MONDAY,
      shares,
      remediations: [],
    });
    expect(await settledEntry(caseId)).toMatchObject({ outcome: 'split', shares });
    expect(await settledFor(holder)).toEqual({ type: 'case.settled', caseId, effect: 'keep', share: '33.34', remediation: null });
    expect(await settledFor(second)).toEqual({ type: 'case.settled', caseId, effect: 'share', share: '33.33', remediation: null });
  });

  it('is shared as the arbiter says, among those that stand then', async () => {
    const { holder, first, second, caseId } = await conflict();
    await stage.command(second.registrationId, { kind: 'withdraw', actor: 'partner' });
    const shares = [
      { registrationId: first.registrationId, percent: '33.3' },
      { registrationId: holder.registrationId, percent: '66.7' },
    ];
    expect(await settle(caseId, { outcome: 'split', registrationId: null, shares })).toEqual({ kind: 'done' });
    expect((await stage.conflictCase(caseId)).state.outcome?.shares.map(({ percent }) => percent)).toEqual(['66.70', '33.30']);
    expect(await settledFor(second)).toBeUndefined();
  });

  it('is refused with shares that do not fit, and nothing has happened', async () => {
    const { holder, first, caseId } = await conflict();
    const before = await stage.conflictCase(caseId);
    const shares = [
      { registrationId: first.registrationId, percent: '40' },
      { registrationId: holder.registrationId, percent: '60' },
    ];
    const answer = await settle(caseId, { outcome: 'split', registrationId: null, shares });
    expect(answer).toMatchObject({ kind: 'refused', code: 'OUTCOME_NOT_POSSIBLE', message: expect.stringContaining('is given no share') });
    expect(await stage.conflictCase(caseId)).toEqual(before);
  });

  it('has one outcome where two arbiters settle it at once', async () => {
    const { first, caseId } = await conflict();
    const answers = await Promise.all([
      settle(caseId, { outcome: 'split', registrationId: null }, 'manager'),
      settle(caseId, { outcome: 'award', registrationId: first.registrationId }, 'director'),
    ]);
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['done', 'refused']);
    expect(answers).toContainEqual(expect.objectContaining({ code: 'STATE_DOES_NOT_ALLOW' }));
    const entries = await listAudit(stage.db, caseWorkflowId(caseId), 50);
    expect(entries.filter(({ kind }) => kind === 'settled')).toHaveLength(1);
  });
});

describe('remediation', () => {
  it('is given by default to who loses so, kept with the outcome and told to that side alone', async () => {
    const { holder, first, second, caseId } = await conflict();
    await settle(caseId, { outcome: 'award', registrationId: first.registrationId });
    const remediations = [{ registrationId: second.registrationId, remediation: 'next_deal' }];
    expect((await stage.conflictCase(caseId)).state.outcome).toMatchObject({ kind: 'award', shares: [], remediations });
    expect(await settledEntry(caseId)).toMatchObject({ remediations });
    expect(await settledFor(second)).toMatchObject({ effect: 'deny', remediation: 'Your next registration is looked at first.' });
    expect(await settledFor(holder)).toMatchObject({ effect: 'revoke', remediation: null });
    expect(await settledFor(first)).toMatchObject({ effect: 'grant', remediation: null });
  });

  it('is what the arbiter names, with its figures', async () => {
    const { holder, first, second, caseId } = await conflict();
    await settle(caseId, { outcome: 'award', registrationId: first.registrationId, remediation: 'finder_fee' });
    for (const loser of [holder, second]) expect(await settledFor(loser)).toMatchObject({ remediation: 'A finder fee is paid. (5 %)' });
  });

  it('is none where the arbiter says so, and refused where it is not declared', async () => {
    const { first, caseId } = await conflict();
    expect(await settle(caseId, { outcome: 'uphold', registrationId: null, remediation: 'flowers' })).toMatchObject({
      code: 'OUTCOME_NOT_POSSIBLE',
      message: expect.stringContaining('expected one of: next_deal, finder_fee.'),
    });
    await settle(caseId, { outcome: 'uphold', registrationId: null, remediation: null });
    expect(await settledFor(first)).toMatchObject({ effect: 'deny', remediation: null });
  });
});
