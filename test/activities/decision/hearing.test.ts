import type { Channel } from '../../../notify/port.ts';
import { caseWorkflowId } from '../../../program/messages.ts';
import type { ClaimEvent } from '../../../program/notification/claim-event.ts';
import { listAudit } from '../../../store/audit.ts';
import { digestOfText, digestOfValues } from '../../../store/audit-text.ts';
import { listStatements } from '../../../store/case-statement.ts';
import { listMessages } from '../../../store/message.ts';
import { verifyAudit } from '../../../store/verify-audit.ts';
import type { Registration } from '../../../store/registration.ts';
import { ACME_YAML, parseOrThrow } from '../../program/example.ts';
import { createDecisionStage, emptyStore, later, MONDAY, type ClaimWishes, type DecisionStage } from '../../support/decision-stage.ts';
import { stepOf } from '../../support/open-step.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

jest.setTimeout(60_000);

const DAY_MS = 86_400_000;
const ALIKE: ClaimWishes = { customer: { domain: null } };
const CHANNELS: ReadonlyMap<string, Channel> = new Map([['webhook', { name: 'webhook', needsAddress: false } as Channel]]);
const programWith = (hearing: string) => parseOrThrow(ACME_YAML.replace('hearing: null', `hearing: ${hearing}`));

let postgres: TestPostgres;
let plain: DecisionStage;
let stage: DecisionStage;
let optional: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  plain = createDecisionStage((await postgres.openEmpty()).db, { channels: CHANNELS });
  const under = (hearing: string): DecisionStage => {
    const program = programWith(hearing);
    return plain.withDependencies({ programs: { current: () => program, byVersion: () => program } });
  };
  stage = under('{ within: 3 days, required: true }');
  optional = under('{ within: 3 days, required: false }');
});
afterEach(() => emptyStore(plain.db));
afterAll(() => postgres.stop());

const UNTIL = later(MONDAY, 3 * DAY_MS);

async function conflict(on = stage) {
  const holder = await on.receiveAndEvaluate();
  const claimant = await on.receiveAndEvaluate(ALIKE);
  return { holder, claimant, caseId: claimant.state.caseId ?? '' };
}
function state(caseId: string, { registrationId }: Registration, comment: string, at = MONDAY, on = stage) {
  return on.commandCase(caseId, { kind: 'statement', registrationId, actor: 'partner' }, { comment, at, evidence: ['an e-mail of 3 May'] });
}
const settle = (caseId: string, at: string, on = stage) => on.settle(caseId, 'uphold', 'manager', undefined, at);
async function eventOf({ registrationId }: Registration, type: ClaimEvent['type']): Promise<ClaimEvent | undefined> {
  const messages = await listMessages(plain.db, { lane: `registration/${registrationId}` }, { limit: 200 });
  return messages.flatMap(({ payload }) => (payload.family === 'claim' ? [payload.event] : [])).find((event) => event.type === type);
}

describe('a required hearing', () => {
  it('asks each side until when, and the time of the arbiter runs from its end', async () => {
    const { holder, claimant, caseId } = await conflict();
    const { state: opened } = await stage.conflictCase(caseId);
    expect(opened.hearing).toEqual({ from: MONDAY, until: UNTIL, isRequired: true });
    expect(stepOf(opened)).toMatchObject({ role: 'partner_manager', openedAt: UNTIL });
    for (const side of [holder, claimant]) expect(await eventOf(side, 'case.opened')).toMatchObject({ statementUntil: UNTIL });
  });

  it('refuses an outcome before its end, and not at its end', async () => {
    const { caseId } = await conflict();
    expect(await settle(caseId, later(UNTIL, -1))).toMatchObject({ code: 'STATE_DOES_NOT_ALLOW', message: expect.stringContaining(UNTIL) });
    expect(await settle(caseId, UNTIL)).toEqual({ kind: 'done' });
  });

  it('refuses the decision on the claim itself likewise', async () => {
    const { claimant } = await conflict();
    const deny = { kind: 'decide', decision: 'deny', actor: 'manager' } as const;
    expect(await stage.command(claimant.registrationId, deny, { at: later(UNTIL, -1) })).toMatchObject({ code: 'STATE_DOES_NOT_ALLOW' });
    expect(await stage.command(claimant.registrationId, deny, { at: UNTIL })).toEqual({ kind: 'done' });
  });

  it('is over when all sides have spoken: the arbiter is asked anew, with the full time from then on', async () => {
    const { holder, claimant, caseId } = await conflict();
    await state(caseId, claimant, 'We met them in May.');
    expect((await stage.conflictCase(caseId)).state.hearing?.until).toBe(UNTIL);
    const at = later(MONDAY, DAY_MS);
    expect(await state(caseId, holder, 'We have sold there for years.', at)).toEqual({ kind: 'done' });
    const { state: heard } = await stage.conflictCase(caseId);
    expect(heard.hearing).toEqual({ from: MONDAY, until: at, isRequired: true });
    expect(stepOf(heard)).toMatchObject({ openedAt: at, number: 2 });
    expect((await stage.registration(claimant.registrationId)).state.approval).toEqual(heard.approval);
    expect(await settle(caseId, at)).toEqual({ kind: 'done' });
  });

  it('is not climbed over: silence means nothing before its end', async () => {
    const { caseId } = await conflict();
    const dueAt = stepOf((await stage.conflictCase(caseId)).state)?.dueAt ?? '';
    expect(dueAt > UNTIL).toBe(true);
    expect(stepOf(await stage.cases.escalateCase(caseId, later(dueAt, -1)))?.role).toBe('partner_manager');
    expect(stepOf(await stage.cases.escalateCase(caseId, dueAt))?.role).toBe('director');
  });
});

describe('a hearing that is not required', () => {
  it('does not keep the arbiter from an outcome', async () => {
    const { caseId } = await conflict(optional);
    expect(await settle(caseId, later(MONDAY, 1), optional)).toEqual({ kind: 'done' });
  });
});

describe('a statement', () => {
  it('is kept by side with its evidence, once, and the audit has its digests alone', async () => {
    const { claimant, caseId } = await conflict(plain);
    const said = () =>
      plain.commandCase(
        caseId,
        { kind: 'statement', registrationId: claimant.registrationId, actor: 'partner' },
        { comment: 'We met Dana in May.', commandId: 'said-once', evidence: ['an e-mail of 3 May'] },
      );
    expect([await said(), await said()]).toEqual([{ kind: 'done' }, { kind: 'done' }]);
    expect(await listStatements(plain.db, caseId)).toEqual([
      {
        id: 'said-once',
        registrationId: claimant.registrationId,
        partnerId: claimant.partnerId,
        by: 'partner',
        text: 'We met Dana in May.',
        evidence: ['an e-mail of 3 May'],
        at: MONDAY,
      },
    ]);
    const entries = await listAudit(plain.db, caseWorkflowId(caseId), 50);
    expect(entries.slice(-2)).toMatchObject([
      {
        kind: 'asked',
        details: {
          command: 'statement',
          commentDigest: digestOfText('We met Dana in May.'),
          valuesDigest: digestOfValues(['an e-mail of 3 May']),
        },
      },
      { kind: 'stated', details: { commandId: 'said-once', registrationId: claimant.registrationId } },
    ]);
    expect(JSON.stringify(entries)).not.toContain('Dana');
  });

  it('that was changed afterwards is found, its evidence too', async () => {
    const { claimant, caseId } = await conflict(plain);
    await state(caseId, claimant, 'We met them.', MONDAY, plain);
    const faults = async () => (await verifyAudit(plain.db, null)).faults.map(({ message }) => message);
    expect(await faults()).toEqual([]);
    await plain.db
      .updateTable('case_command')
      .set({ comment: 'We never met.', evidence: JSON.stringify(['nothing']) })
      .execute();
    expect(await faults()).toEqual([expect.stringMatching(/What a person wrote.*changed; The values that it asked for were changed/)]);
  });

  it('is read by its own side alone, and not by who has the registration later', async () => {
    const { holder, claimant, caseId } = await conflict(plain);
    await state(caseId, claimant, 'A word of the claimant.', MONDAY, plain);
    await state(caseId, holder, 'A word of the holder.', MONDAY, plain);
    const texts = async ({ registrationId }: Registration) =>
      (await listStatements(plain.db, caseId, registrationId)).map(({ text }) => text);
    expect([await texts(holder), await texts(claimant)]).toEqual([['A word of the holder.'], ['A word of the claimant.']]);
    for (const side of [holder, claimant]) {
      const messages = await listMessages(plain.db, { lane: `registration/${side.registrationId}` }, { limit: 200 });
      expect(JSON.stringify(messages)).not.toContain('A word of');
    }
    const heir = await plain.addPartner();
    await plain.db.updateTable('registration').set({ partner_id: heir }).where('id', '=', claimant.registrationId).execute();
    expect(await texts(claimant)).toEqual([]);
    expect(await listStatements(plain.db, caseId)).toHaveLength(2);
  });

  it('is refused where its words were not stored, as of one that was typed by hand', async () => {
    const { claimant, caseId } = await conflict(plain);
    const command = { kind: 'statement', registrationId: claimant.registrationId, actor: 'partner' } as const;
    const { answer } = await plain.cases.settleCase(caseId, { commandId: 'by hand', command }, MONDAY);
    expect(answer).toMatchObject({ kind: 'refused', code: 'COMMAND_INVALID' });
  });

  it('is refused to a stranger, to who has withdrawn, and after the outcome', async () => {
    const { claimant, caseId } = await conflict(plain);
    const other = await plain.receiveAndEvaluate(ALIKE);
    const stranger = await plain.receive({ customer: { name: 'Fabrikam', domain: 'fabrikam.com' } });
    expect(await state(caseId, stranger, 'x', MONDAY, plain)).toMatchObject({ code: 'STATEMENT_NOT_ALLOWED' });
    await plain.command(other.registrationId, { kind: 'withdraw', actor: 'partner' });
    expect(await state(caseId, other, 'x', MONDAY, plain)).toMatchObject({ code: 'STATEMENT_NOT_ALLOWED' });
    await settle(caseId, MONDAY, plain);
    expect(await state(caseId, claimant, 'x', MONDAY, plain)).toMatchObject({ code: 'STATE_DOES_NOT_ALLOW' });
    expect(await listStatements(plain.db, caseId)).toEqual([]);
  });
});
