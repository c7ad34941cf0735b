import { sql } from 'kysely';
import type { Connection } from '../../../activities/decision/dependencies.ts';
import { registrationWorkflowId, type RegistrationMessage } from '../../../program/messages.ts';
import { listAudit } from '../../../store/audit.ts';
import { findCommand } from '../../../store/command.ts';
import { createDecisionStage, emptyStore, later, MONDAY, type ClaimWishes, type DecisionStage } from '../../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { stepOf } from '../../support/open-step.ts';

jest.setTimeout(60_000);

const FOR_MANAGER: ClaimWishes = { estimatedValue: { amount: '60000.00', currency: 'USD' } };

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db);
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

/** Everything that decisions leave behind, but for the records of having looked: the verdicts and their line in the audit. */
async function everything(): Promise<unknown> {
  const { db } = stage;
  return {
    registrations: await db
      .selectFrom('registration')
      .select(['id', 'sequence', 'kind', 'customer_id', 'product_lines', 'state'])
      .orderBy('id')
      .execute(),
    protections: await db
      .selectFrom('protection')
      .select(['registration_id', 'product_line', 'starts_at', 'until_at', 'ended_at'])
      .orderBy('id')
      .execute(),
    cases: await db.selectFrom('conflict_case').selectAll().orderBy('id').execute(),
    members: await db.selectFrom('conflict_case_registration').selectAll().orderBy('registration_id').execute(),
    commands: await db.selectFrom('registration_command').select(['command_id', 'outcome']).orderBy('command_id').execute(),
    customers: await db.selectFrom('customer_key').selectAll().orderBy('value').execute(),
    messages: await db.selectFrom('message').select(['id', 'lane', 'event', 'channel', 'status']).orderBy('sequence').execute(),
  };
}

async function countRows(table: 'verdict' | 'audit_entry' | 'outbox' | 'registration'): Promise<number> {
  const { rows } = await sql<{ count: string }>`select count(*) as count from ${sql.table(table)}`.execute(stage.db);
  return Number(rows[0]?.count);
}

/** What the audit has of steps: a command is recorded by the API that stores it, before anybody carries it out. */
async function countSteps(): Promise<number> {
  const { rows } = await sql<{ count: string }>`select count(*) as count from audit_entry where kind <> 'asked'`.execute(stage.db);
  return Number(rows[0]?.count);
}

describe('an activity that is repeated because its answer was lost', () => {
  const earlierOfCase = async () => {
    await stage.receiveAndEvaluate();
    return stage.receiveAndEvaluate({ customer: { domain: null } });
  };
  const done = { commandId: 'once', command: { kind: 'decide', decision: 'approve', actor: 'manager' } } as const;

  /** A command that nobody stored before it was sent. */
  const typed = (registrationId: string, message: RegistrationMessage) => async () =>
    (await stage.registrations.carryOutCommand(registrationId, message, MONDAY)).answer;

  it.each<[string, () => Promise<() => Promise<unknown>>]>([
    [
      'evaluateRegistration, approved',
      async () => {
        const { registrationId } = await stage.receive();
        return () => stage.registrations.evaluateRegistration(registrationId, 'receipt', MONDAY);
      },
    ],
    [
      'evaluateRegistration, for a person',
      async () => {
        const { registrationId } = await stage.receive(FOR_MANAGER);
        return () => stage.registrations.evaluateRegistration(registrationId, 'receipt', MONDAY);
      },
    ],
    [
      'evaluateRegistration, into a case',
      async () => {
        await stage.receiveAndEvaluate();
        const { registrationId } = await stage.receive({ customer: { domain: null } });
        return () => stage.registrations.evaluateRegistration(registrationId, 'receipt', MONDAY);
      },
    ],
    [
      'evaluateRegistration, denied',
      async () => {
        await stage.receiveAndEvaluate();
        const { registrationId } = await stage.receive();
        return () => stage.registrations.evaluateRegistration(registrationId, 'receipt', MONDAY);
      },
    ],
    [
      'carryOutCommand',
      async () => {
        const { registrationId } = await stage.receiveAndEvaluate(FOR_MANAGER);
        return () => stage.command(registrationId, done.command, { commandId: done.commandId });
      },
    ],
    [
      'carryOutCommand, an extension',
      async () => {
        const { registrationId } = await stage.receiveAndEvaluate();
        return () => stage.command(registrationId, { kind: 'extend', days: 10, actor: 'partner' }, { commandId: 'once' });
      },
    ],
    [
      'carryOutCommand, an amendment to another customer',
      async () => {
        const { registrationId } = await stage.receiveAndEvaluate(FOR_MANAGER);
        const amendment = { customer: { name: 'Fabrikam', domain: 'fabrikam.com', country: 'US' } };
        return () => stage.command(registrationId, { kind: 'amend', actor: 'partner' }, { commandId: 'once', amendment });
      },
    ],
    [
      'carryOutCommand, refused',
      async () => {
        const { registrationId } = await stage.receiveAndEvaluate(FOR_MANAGER);
        return () => stage.command(registrationId, { ...done.command, actor: 'rep' }, { commandId: done.commandId });
      },
    ],
    [
      'carryOutCommand, typed by hand in the Temporal UI',
      async () => {
        const { registrationId } = await stage.receiveAndEvaluate(FOR_MANAGER);
        return typed(registrationId, done);
      },
    ],
    [
      'carryOutCommand, typed by hand and refused',
      async () => {
        const { registrationId } = await stage.receiveAndEvaluate(FOR_MANAGER);
        return typed(registrationId, { ...done, command: { ...done.command, actor: 'rep' } });
      },
    ],
    [
      'passDeadline, silence',
      async () => {
        const { registrationId, state } = await stage.receiveAndEvaluate(FOR_MANAGER);
        return () => stage.registrations.passDeadline(registrationId, stepOf(state)?.dueAt ?? '');
      },
    ],
    [
      'passDeadline, expiry',
      async () => {
        const { registrationId, state } = await stage.receiveAndEvaluate();
        await stage.receiveAndEvaluate();
        return () => stage.registrations.passDeadline(registrationId, state.protection?.until ?? '');
      },
    ],
    [
      'settleCase',
      async () => {
        const { registrationId, state } = await earlierOfCase();
        const command = { outcome: 'award', registrationId, actor: 'manager' } as const;
        return async () => (await stage.cases.settleCase(state.caseId ?? '', { commandId: 'once', command }, MONDAY)).answer;
      },
    ],
    [
      'escalateCase',
      async () => {
        const { state } = await earlierOfCase();
        return () => stage.cases.escalateCase(state.caseId ?? '', stepOf(state)?.dueAt ?? '');
      },
    ],
  ])('%s: the same answer and the same state', async (_activity, prepare) => {
    const act = await prepare();
    const untouched = await everything();
    const answer = await act();
    const after = await everything();
    const messages = await countRows('outbox');
    expect(after).not.toEqual(untouched);
    expect(await act()).toEqual(answer);
    expect(await everything()).toEqual(after);
    expect(await countRows('outbox')).toBe(messages);
  });

  it('a claim that was decided gets no second verdict', async () => {
    const { registrationId } = await stage.receiveAndEvaluate();
    await stage.evaluate(registrationId);
    expect(await countRows('verdict')).toBe(1);
  });

  it('a command that was typed by hand is kept like any other, with who asked for what', async () => {
    const { registrationId } = await stage.receiveAndEvaluate(FOR_MANAGER);
    const send = typed(registrationId, done);
    expect(await Promise.all([send(), send()])).toEqual([{ kind: 'done' }, { kind: 'done' }]);
    expect(await findCommand(stage.db, registrationId, done.commandId)).toEqual({
      ...done,
      comment: null,
      amendment: null,
      outcome: { kind: 'done' },
    });
    const audit = await listAudit(stage.db, registrationWorkflowId(registrationId), 10);
    expect(audit.filter(({ actor }) => actor === 'manager').map(({ kind }) => kind)).toEqual(['approved', 'asked']);
    // The same id for something else is not another command.
    const other = { ...done, command: { ...done.command, decision: 'deny' } } as const;
    expect(await typed(registrationId, other)()).toEqual({ kind: 'done' });
    expect((await stage.registration(registrationId)).state.status).toBe('approved');
  });

  it('two at the same time are one after the other', async () => {
    const { registrationId } = await stage.receiveAndEvaluate(FOR_MANAGER);
    const approve = () => stage.command(registrationId, done.command, { commandId: done.commandId });
    expect(await Promise.all([approve(), approve()])).toEqual([{ kind: 'done' }, { kind: 'done' }]);
    expect(await stage.protections()).toHaveLength(1);
  });
});

describe('a crash in the middle of a transaction', () => {
  /** Fails where the transition is handed to the CRMs: after the verdict, the protection and the new state were written. */
  const broken = new (class extends Map<string, Connection> {
    override keys(): never {
      throw new Error('the process died');
    }
  })();

  it('of a receipt leaves nothing, and the claim can be sent again', async () => {
    const dying = stage.withDependencies({
      newId: () => {
        throw new Error('the process died');
      },
    });
    await expect(dying.receive()).rejects.toThrow('died');
    expect([await countRows('registration'), await countRows('outbox'), await countRows('audit_entry')]).toEqual([0, 0, 0]);
    expect((await stage.receiveAndEvaluate()).state.status).toBe('approved');
  });

  it.each<[string, () => Promise<(on: DecisionStage) => Promise<unknown>>]>([
    [
      'a verdict',
      async () => {
        const { registrationId } = await stage.receive();
        return (on) => on.registrations.evaluateRegistration(registrationId, 'receipt', MONDAY);
      },
    ],
    [
      'an approval',
      async () => {
        const { registrationId } = await stage.receiveAndEvaluate(FOR_MANAGER);
        const command = { kind: 'decide', decision: 'approve', actor: 'manager' } as const;
        return (on) => on.command(registrationId, command, { commandId: 'once' });
      },
    ],
    [
      'the settling of a case',
      async () => {
        await stage.receiveAndEvaluate();
        const { registrationId, state } = await stage.receiveAndEvaluate({ customer: { domain: null } });
        return (on) => on.settle(state.caseId ?? '', 'award', 'manager', registrationId);
      },
    ],
    [
      'an expiry with a claim on the waitlist',
      async () => {
        const { registrationId, state } = await stage.receiveAndEvaluate();
        await stage.receiveAndEvaluate();
        return (on) => on.registrations.passDeadline(registrationId, state.protection?.until ?? '');
      },
    ],
  ])('of %s leaves nothing, and the next attempt does it all', async (_what, prepare) => {
    const act = await prepare();
    const before = { ...((await everything()) as object), commands: [] };
    const counted = [await countRows('verdict'), await countSteps(), await countRows('outbox')];
    await expect(act(stage.withDependencies({ connections: broken }))).rejects.toThrow('died');
    // The command itself was stored before, by the API.
    expect({ ...((await everything()) as object), commands: [] }).toEqual(before);
    expect([await countRows('verdict'), await countSteps(), await countRows('outbox')]).toEqual(counted);
    await act(stage);
    expect({ ...((await everything()) as object), commands: [] }).not.toEqual(before);
  });
});

describe('a case that is settled while its claim is decided', () => {
  it('is settled once: one of the two is refused', async () => {
    const holder = await stage.receiveAndEvaluate();
    const { registrationId, state } = await stage.receiveAndEvaluate({ customer: { domain: null } });
    const at = later(MONDAY, 1_000);
    const answers = await Promise.all([
      stage.settle(state.caseId ?? '', 'uphold', 'manager', undefined, at),
      stage.command(registrationId, { kind: 'decide', decision: 'approve', actor: 'vp' }, { at }),
    ]);
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['done', 'refused']);
    const [one, other] = [await stage.registration(holder.registrationId), await stage.registration(registrationId)];
    const expected = answers[0]?.kind === 'done' ? ['approved', 'denied'] : ['revoked', 'approved'];
    expect([one.state.status, other.state.status]).toEqual(expected);
  });
});
