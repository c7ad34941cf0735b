import { registrationRecords } from '../../../activities/sync/registration-record.ts';
import { readUsers, saveUsers } from '../../../store/crm-mirror.ts';
import type { CrmUserTable } from '../../../store/schema.ts';
import { createDecisionStage, emptyStore, MONDAY, type ClaimWishes, type DecisionStage } from '../../support/decision-stage.ts';
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

const user = (changes: Partial<CrmUserTable>): CrmUserTable => ({
  connection: 'salesforce',
  remote_id: '005-manager',
  alias: 'manager',
  email: 'manager@acme.example',
  name: null,
  is_active: true,
  manager_remote_id: null,
  stamp: MONDAY,
  deleted: false,
  ...changes,
});

describe('an alias that two users have', () => {
  it.each<[string, Partial<CrmUserTable> | null, boolean]>([
    ['nobody else: the control', null, false],
    ['another active user of the connection', { remote_id: '005-other' }, true],
    ['one of the connection who has left', { remote_id: '005-other', is_active: false }, false],
    ['one of the connection who was deleted', { remote_id: '005-other', deleted: true }, false],
    ['the same person in another connection', { connection: 'hubspot', email: 'Manager@acme.example' }, false],
    ['a user of another connection whose address is not known', { connection: 'hubspot', email: null }, false],
    ['somebody else in another connection', { connection: 'hubspot', email: 'm.anager@acme.example' }, true],
    [
      'somebody else in another connection who has left',
      { connection: 'hubspot', email: 'm.anager@acme.example', is_active: false },
      false,
    ],
  ])('%s', async (_who, other, isShared) => {
    const users = [user({}), ...(other === null ? [] : [user(other)])];
    await stage.db.transaction().execute((trx) => saveUsers(trx, users));
    const known = (await readUsers(stage.db, 'salesforce')).find(({ remoteId }) => remoteId === '005-manager');
    expect(known).toMatchObject({ alias: 'manager', isShared });

    const { registrationId } = await stage.receiveAndEvaluate(FOR_MANAGER);
    const set = {
      localId: registrationId,
      remoteId: 'a00',
      value: 'approve',
      comment: null,
      setAt: MONDAY,
      setBy: '005-manager',
      occurrence: 1,
    };
    await stage.db.transaction().execute((trx) => registrationRecords.keepCommand(trx, stage.deps, 'salesforce', set));
    const stored = await stage.db.selectFrom('registration_command').select(['command_id', 'command']).executeTakeFirstOrThrow();
    expect(stored.command.actor).toBe(isShared ? 'an unknown user' : 'manager');
    const { answer } = await stage.registrations.carryOutCommand(
      registrationId,
      { commandId: stored.command_id, command: stored.command },
      MONDAY,
    );
    expect(answer).toMatchObject(isShared ? { kind: 'refused', code: 'ACTOR_MAY_NOT_DECIDE' } : { kind: 'done' });
  });

  it('is written to neither of them as the approver', async () => {
    const { registrationId } = await stage.receiveAndEvaluate(FOR_MANAGER);
    const approver = async () =>
      (await registrationRecords.read(stage.db, stage.deps, 'salesforce', [registrationId]))[0]?.values['approver'];
    await stage.db.transaction().execute((trx) => saveUsers(trx, [user({})]));
    expect(await approver()).toBe('005-manager');
    await stage.db.transaction().execute((trx) => saveUsers(trx, [user({ remote_id: '005-other' })]));
    expect(await approver()).toBeNull();
  });
});
