import { sql } from 'kysely';
import type { RegistrationCommand } from '../../../program/registration-life.ts';
import { storeCaseCommand } from '../../../store/case-command.ts';
import { storeCommand } from '../../../store/command.ts';
import { openDatabase, type Database } from '../../../store/database.ts';
import { lockCase } from '../../../store/conflict-case.ts';
import { lockRegistration } from '../../../store/registration.ts';
import { recordAudit } from '../../../store/audit.ts';
import { sealEntries } from '../../../store/audit-seal.ts';
import { verifyAudit } from '../../../store/verify-audit.ts';
import { createDecisionStage, emptyStore, MONDAY, type ClaimWishes, type DecisionStage } from '../../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { inParallel, until } from '../../support/until.ts';

jest.setTimeout(180_000);

const FOR_MANAGER: ClaimWishes = { estimatedValue: { amount: '60000.00', currency: 'USD' } };
const RETURN: RegistrationCommand = { kind: 'decide', decision: 'return', actor: 'manager' };

let postgres: TestPostgres;
let db: Database;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const { url } = await postgres.openEmpty();
  db = openDatabase(url, 30);
  stage = createDecisionStage(db);
});
afterEach(() => emptyStore(db));
afterAll(async () => {
  await db.destroy();
  await postgres.stop();
});

/** Whether somebody waits for a lock right now. */
const isWaiting = async (): Promise<boolean> =>
  (await sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`.execute(db)).rows.length > 0;

async function deadlocks(): Promise<number> {
  await sql`select pg_stat_force_next_flush()`.execute(db);
  const { rows } = await sql<{ deadlocks: string }>`select deadlocks from pg_stat_database where datname = current_database()`.execute(db);
  return Number(rows[0]?.deadlocks);
}

describe('a command that is stored while its claim is decided', () => {
  it('waits for the decision, and the decision does not wait for it', async () => {
    const { registrationId } = await stage.receiveAndEvaluate(FOR_MANAGER);
    let storing: Promise<unknown> = Promise.resolve();
    await db.transaction().execute(async (trx) => {
      await lockRegistration(trx, registrationId);
      storing = storeCommand(db, registrationId, { commandId: 'meanwhile', command: RETURN, comment: null }, MONDAY);
      await until('the command waits', isWaiting);
      await recordAudit(trx, { subject: `registration/${registrationId}`, kind: 'decided', actor: 'program', details: {}, at: MONDAY });
    });
    expect(await storing).toBe('stored');
    expect(await deadlocks()).toBe(0);
  });

  it('waits likewise for a case that is settled', async () => {
    await stage.receiveAndEvaluate();
    const caseId = (await stage.receiveAndEvaluate({ customer: { domain: null } })).state.caseId ?? '';
    const command = { outcome: 'uphold', registrationId: null, actor: 'manager' } as const;
    let storing: Promise<unknown> = Promise.resolve();
    await db.transaction().execute(async (trx) => {
      await lockCase(trx, caseId);
      storing = storeCaseCommand(db, caseId, { commandId: 'meanwhile', command, comment: null }, MONDAY);
      await until('the command waits', isWaiting);
      await recordAudit(trx, { subject: `case/${caseId}`, kind: 'decided', actor: 'program', details: {}, at: MONDAY });
    });
    expect(await storing).toBe('stored');
    expect(await deadlocks()).toBe(0);
  });
});

describe('claims on which many decide at once', () => {
  it('have no deadlock, and a history that is whole', async () => {
    const shared = await stage.addPartner();
    const names = ['Umbra Works', 'Solaris Labs', 'Vega Foods'];
    const received = await inParallel(names, 3, (name) =>
      stage.receiveAndEvaluate({
        ...FOR_MANAGER,
        partnerId: shared,
        customer: { name, domain: `${name.split(' ')[0]?.toLowerCase()}.example` },
      }),
    );
    const ids = received.map(({ registrationId }) => registrationId);
    const before = await deadlocks();
    await inParallel(Array.from({ length: 120 }), 24, async (_none, turn) => {
      const id = ids[turn % ids.length] ?? '';
      const kind = Math.floor(turn / ids.length) % 4;
      if (kind === 0) await stage.command(id, RETURN, { commandId: `return ${turn}`, comment: `word ${turn}` });
      else if (kind === 1) await stage.command(id, { kind: 'amend', actor: 'partner' }, { amendment: { description: `version ${turn}` } });
      else if (kind === 2) await stage.evaluate(id);
      else await sealEntries(db, 20);
    });
    expect((await deadlocks()) - before).toBe(0);
    const report = await verifyAudit(db, null);
    expect(report.faults).toEqual([]);
    expect(report.comments).toBe(60);
  });
});
