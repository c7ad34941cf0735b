import type { Connection } from '../../../activities/decision/dependencies.ts';
import type { CrmPort, RemoteRow } from '../../../crm/port.ts';
import type { Program } from '../../../program/definition/program.ts';
import { nextDeadline } from '../../../program/registration-deadline.ts';
import { saveCursor } from '../../../store/sync-cursor.ts';
import { ACME } from '../../program/example.ts';
import { createDecisionStage, emptyStore, later, MONDAY, type ClaimWishes, type DecisionStage } from '../../support/decision-stage.ts';
import { ACCOUNT, mirrorAccount, mirrorOpportunity, OPPORTUNITY, silentConnection } from '../../support/mirror.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { stepOf } from '../../support/open-step.ts';

jest.setTimeout(60_000);

const MINUTE_MS = 60_000;
const FOR_MANAGER: ClaimWishes = { estimatedValue: { amount: '60000.00', currency: 'USD' } };

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db);
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

describe('a program version that is not there', () => {
  it('leaves the claim as it was received, until the definition is back', async () => {
    const { registrationId, state } = await stage.receive({ programVersion: '2025.9' });
    await expect(stage.evaluate(registrationId)).rejects.toMatchObject({ type: 'PROGRAM_VERSION_UNKNOWN', nonRetryable: true });
    expect((await stage.registration(registrationId)).state).toEqual(state);
    const restored = stage.withDependencies({ programs: { current: () => ACME, byVersion: () => ACME } });
    expect((await restored.evaluate(registrationId)).state.status).toBe('approved');
  });

  it('of an earlier claim keeps the later one from being judged before it', async () => {
    await stage.receive({ programVersion: '2025.9' });
    const { registrationId } = await stage.receive();
    await expect(stage.evaluate(registrationId)).rejects.toMatchObject({ type: 'PROGRAM_VERSION_UNKNOWN' });
    expect((await stage.registration(registrationId)).state.status).toBe('submitted');
  });

  it('is the one that was current at the receipt, whatever is current now', async () => {
    const stricter = { ...ACME, version: '2027.1', routing: { ...ACME.routing, rows: [{ when: {}, steps: [{ role: 'vp' }] }] } };
    const { registrationId } = await stage.receive();
    const next = stage.withDependencies({
      programs: { current: () => stricter, byVersion: (version) => (version === ACME.version ? ACME : stricter) },
    });
    expect((await next.evaluate(registrationId)).state.status).toBe('approved');
    const later = await next.receiveAndEvaluate({ programVersion: '2027.1', customer: { name: 'Fabrikam', domain: 'fabrikam.com' } });
    expect(stepOf(later.state)?.role).toBe('vp');
  });
});

describe('the mirror', () => {
  async function pulledAgo(accountMinutes: number, opportunityMinutes: number): Promise<void> {
    await stage.db.transaction().execute(async (trx) => {
      for (const [objectType, minutes] of [
        ['account', accountMinutes],
        ['opportunity', opportunityMinutes],
      ] as const) {
        await saveCursor(trx, 'salesforce', objectType, {
          position: null,
          sweptAt: null,
          sweep: null,
          pulledAt: later(MONDAY, -minutes * MINUTE_MS),
        });
      }
    });
  }
  const withCrm = (port: Partial<CrmPort>, program = ACME) =>
    stage.withDependencies({
      connections: new Map([['salesforce', connectionTo(port)]]),
      programs: { current: () => program, byVersion: () => program },
    });

  it.each([
    ['both as old as is allowed', 60, 60, 'approved'],
    ['the accounts a minute older', 61, 60, 'EVIDENCE_TOO_OLD'],
    ['the opportunities a minute older', 60, 61, 'EVIDENCE_TOO_OLD'],
  ])('decides where no account may be the customer: %s', async (_what, accounts, opportunities, expected) => {
    await pulledAgo(accounts, opportunities);
    const { registrationId } = await stage.receive();
    const outcome = await withCrm({})
      .evaluate(registrationId)
      .then(
        ({ state }) => state.status,
        (error: { type?: string }) => error.type,
      );
    expect(outcome).toBe(expected);
    if (expected !== 'approved') expect((await stage.registration(registrationId)).state.status).toBe('submitted');
  });

  it('that was never complete does not decide', async () => {
    const { registrationId } = await stage.receive();
    await expect(withCrm({}).evaluate(registrationId)).rejects.toMatchObject({ type: 'EVIDENCE_TOO_OLD', nonRetryable: false });
  });

  it.each([
    ['refuses', async () => Promise.reject(new Error('service unavailable'))],
    ['does not answer in time', () => new Promise<never>(() => undefined)],
  ])('decides while it is young and the CRM %s', async (_what, find) => {
    await contestedBy('rep');
    const hasty = { ...ACME, evidence: { ...ACME.evidence, refreshTimeoutMs: 50 } };
    const { registrationId } = await stage.receive();
    await pulledAgo(61, 10);
    await expect(withCrm({ find }, hasty).evaluate(registrationId)).rejects.toMatchObject({ type: 'EVIDENCE_TOO_OLD' });
    await pulledAgo(10, 10);
    expect((await withCrm({ find }, hasty).evaluate(registrationId)).state.caseId).not.toBeNull();
  });

  it('gives way to what the CRM answers just before the verdict', async () => {
    await contestedBy('rep');
    const closed = opportunityRow({ StageName: 'Closed Lost', IsClosed: true });
    const { registrationId } = await stage.receive();
    const asked: unknown[] = [];
    const find = async (...question: unknown[]) => {
      asked.push(question.slice(0, 3));
      return [closed];
    };
    expect((await withCrm({ find }).evaluate(registrationId)).state.status).toBe('approved');
    expect(asked).toEqual([['Opportunity', 'AccountId', [ACCOUNT]]]);
  });

  it('is not asked for a claim that is decided already', async () => {
    const { registrationId } = await stage.receiveAndEvaluate();
    await stage.command(registrationId, { kind: 'withdraw', actor: 'partner' });
    expect((await withCrm({}).evaluate(registrationId)).state.status).toBe('withdrawn');
  });

  describe('when time passes', () => {
    /** What waits for people, or for the end of a freeze, at an account that is known. The CRM is there only from then on. */
    async function waiting(program: Program) {
      await mirrorAccount(stage.db);
      const own = stage.withDependencies({ programs: { current: () => program, byVersion: () => program } });
      const { registrationId, state } = await own.receiveAndEvaluate();
      if (state.status === 'approved') await own.command(registrationId, { kind: 'extend', days: 30, actor: 'partner' });
      const dueAt = nextDeadline((await stage.registration(registrationId)).state)?.at ?? '';
      return {
        registrationId,
        dueAt,
        pass: (port: Partial<CrmPort>, at = dueAt) => withCrm(port, program).registrations.passDeadline(registrationId, at),
      };
    }
    const asking = (silence: 'approve' | 'escalate', changes: Partial<Program> = {}): Program => ({
      ...ACME,
      routing: { ...ACME.routing, rows: [{ when: {}, steps: [{ role: 'partner_manager', silence }] }] },
      ...changes,
    });
    const reminding = (program: Program): Program => {
      const ladder = program.governance.ladder.map((rung) => ({
        ...rung,
        reminders: [{ amount: 4, unit: 'hours', restated: null } as const],
      }));
      return { ...program, governance: { ...program.governance, ladder } };
    };
    const extending = (silence: 'approve' | 'escalate'): Program => ({
      ...ACME,
      governance: { ...ACME.governance, ladder: ACME.governance.ladder.map((rung) => ({ ...rung, silence })) },
      protection: { ...ACME.protection, extension: { ...ACME.protection.extension, decidedBy: 'director' } },
    });
    const whole = (silence: 'approve' | 'escalate'): Program =>
      asking('escalate', {
        clocks: { ...ACME.clocks, whole: { within: { amount: 4, unit: 'hours', restated: null }, from: 'arrival', silence } },
      });
    const frozen = { ...ACME, freezes: [{ from: '2026-11-16', until: '2026-11-20', time: '09:00' }] };

    it.each<[times: number, what: string, program: Program, earlier: number]>([
      [1, 'silence that is a yes', asking('approve'), 0],
      [0, 'silence that is a yes, one ms before it is due', asking('approve'), 1],
      [0, 'silence that escalates', asking('escalate'), 0],
      [0, 'a reminder long before the yes', reminding(asking('approve')), 0],
      [1, 'the time for all of it, which is a yes', whole('approve'), 0],
      [0, 'the time for all of it, one ms before', whole('approve'), 1],
      [0, 'the time for all of it, which escalates', whole('escalate'), 0],
      [1, 'silence that is a yes to an extension', extending('approve'), 0],
      [0, 'silence about an extension that escalates', extending('escalate'), 0],
      [1, 'the end of a freeze', frozen, 0],
    ])('asks the CRM %d times: %s', async (times, _what, program, earlier) => {
      const { dueAt, pass } = await waiting(program);
      const asked: unknown[] = [];
      const find = async (...question: unknown[]) => {
        asked.push(question.slice(0, 3));
        return [];
      };
      await pass({ find }, later(dueAt, -earlier));
      expect(asked).toEqual(Array.from({ length: times }, () => ['Opportunity', 'AccountId', [ACCOUNT]]));
    });

    it('is no yes against what the CRM says just before', async () => {
      const { registrationId, pass } = await waiting(asking('approve'));
      await pass({ find: async () => [opportunityRow()] });
      const { caseId } = (await stage.registration(registrationId)).state;
      expect((await stage.conflictCase(caseId)).rule).toBe('C05_direct_early_stage');
    });

    it('is no yes either while the CRM does not answer and the mirror is old: the question stays, and is tried again', async () => {
      const { registrationId, pass } = await waiting(asking('approve'));
      const { state } = await stage.registration(registrationId);
      await expect(pass({ find: async () => Promise.reject(new Error('service unavailable')) })).rejects.toMatchObject({
        type: 'EVIDENCE_TOO_OLD',
        nonRetryable: false,
      });
      expect((await stage.registration(registrationId)).state).toEqual(state);
    });
  });
});

describe('who is asked', () => {
  it('is not a user whom the CRM has deactivated', async () => {
    await stage.setUsers([
      { alias: 'manager', isActive: false },
      { alias: 'director', isActive: true },
    ]);
    const { state } = await stage.receiveAndEvaluate(FOR_MANAGER);
    expect(stepOf(state)).toMatchObject({ role: 'director', approver: 'director', mayDecide: ['director', 'vp'] });
  });

  it('is the manager while active: the control', async () => {
    await stage.setUsers([{ alias: 'manager', isActive: true }]);
    expect(stepOf((await stage.receiveAndEvaluate(FOR_MANAGER)).state)?.approver).toBe('manager');
  });

  it('passes over a deactivated director when the manager stays silent', async () => {
    await stage.setUsers([{ alias: 'director', isActive: false }]);
    const { registrationId, state } = await stage.receiveAndEvaluate(FOR_MANAGER);
    const progress = await stage.registrations.passDeadline(registrationId, stepOf(state)?.dueAt ?? '');
    expect(progress).toMatchObject({ approval: { steps: [{ role: 'vp', approver: 'vp' }] }, needsAttention: false });
  });

  it('is nobody where all are gone: the question stays open and needs attention', async () => {
    await stage.setUsers(['manager', 'director', 'vp'].map((alias) => ({ alias, isActive: false })));
    const { state } = await stage.receiveAndEvaluate(FOR_MANAGER);
    expect(state).toMatchObject({ status: 'in_review', approval: { steps: [{ approver: null, mayDecide: [] }] }, needsAttention: true });
  });

  it('is the partner’s own manager, where one is named who decides', async () => {
    const partnerId = await stage.addPartner({ manager: 'vp' });
    expect(stepOf((await stage.receiveAndEvaluate({ ...FOR_MANAGER, partnerId })).state)?.approver).toBe('vp');
  });

  it('is not the owner of the opportunity that the conflict is about', async () => {
    await contestedBy('manager');
    const { registrationId, state } = await stage.receiveAndEvaluate();
    const { opportunity } = await stage.conflictCase(state.caseId);
    expect(opportunity).toEqual({ connection: 'salesforce', remoteId: OPPORTUNITY });
    expect(stepOf(state)).toMatchObject({ role: 'director', approver: 'director' });
    const answer = await stage.settle(state.caseId ?? '', 'award', 'manager', registrationId);
    expect(answer).toMatchObject({ kind: 'refused', code: 'ACTOR_MAY_NOT_DECIDE' });
  });
});

/** An open opportunity of that user, in the first stage, at an account that certainly is the ordinary customer. */
async function contestedBy(owner: string): Promise<void> {
  await stage.setUsers([{ alias: owner, isActive: true }]);
  await mirrorAccount(stage.db);
  await mirrorOpportunity(stage.db, { owner });
}

/** The same as the CRM says it, or as it says it by now. */
function opportunityRow(fields: object = {}): RemoteRow {
  return {
    id: OPPORTUNITY,
    stamp: MONDAY,
    deleted: false,
    mergedInto: null,
    createdBy: null,
    modifiedBy: null,
    fields: {
      AccountId: ACCOUNT,
      Name: 'x',
      StageName: 'Prospecting',
      IsClosed: false,
      IsWon: false,
      CreatedDate: MONDAY,
      LastActivityDate: null,
      ...fields,
    },
  };
}

/** A CRM that answers only what the test gives it an answer for. */
function connectionTo(answers: Partial<CrmPort>): Connection {
  const { port, mapping } = silentConnection();
  return { port: { ...port, ...answers }, mapping };
}
