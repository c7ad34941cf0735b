import { registrationRecords } from '../../../activities/sync/registration-record.ts';
import { registrationWorkflowId } from '../../../program/messages.ts';
import { createDecisionStage, emptyStore, later, MONDAY, type DecisionStage } from '../../support/decision-stage.ts';
import { linkOpportunity, mirrorOpportunity, OPPORTUNITY } from '../../support/mirror.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

jest.setTimeout(60_000);

const OTHER_OPPORTUNITY = '006000000000002AAA';

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db);
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

const edit = (localId: string, values: Readonly<Record<string, string | null>>) =>
  stage.db
    .transaction()
    .execute((trx) => registrationRecords.take(trx, stage.deps, 'salesforce', { localId, values, editedAt: later(MONDAY, 1_000) }));

async function asked(registrationId: string): Promise<readonly object[]> {
  return (await stage.messages(registrationWorkflowId(registrationId))).filter(({ kind }) => kind !== 'start_registration');
}
const JUDGED_AGAIN = { kind: 'refresh_registration', payload: { reevaluate: true } };

describe('an edit in the CRM of an approved registration', () => {
  it.each([
    ['of its value, is held against what was approved', { estimatedValue: '90000.00' }, [JUDGED_AGAIN]],
    ['that says what is there already, is none', { estimatedValue: '20000.00' }, []],
    ['of its opportunity, is a conversion: the rules are asked again', { opportunity: OPPORTUNITY }, [JUDGED_AGAIN]],
    ['that takes its opportunity away, asks nothing', { opportunity: null }, []],
  ])('%s', async (_what, values, expected) => {
    const { registrationId } = await stage.receiveAndEvaluate();
    await mirrorOpportunity(stage.db, { account_remote_id: null });
    await edit(registrationId, values);
    expect(await asked(registrationId)).toEqual(expected);
  });

  it('of a claim that is decided otherwise asks nothing', async () => {
    const { registrationId } = await stage.receiveAndEvaluate();
    await stage.command(registrationId, { kind: 'withdraw', actor: 'partner' });
    await edit(registrationId, { estimatedValue: '90000.00' });
    expect(await asked(registrationId)).toEqual([]);
  });

  it('to another opportunity calls off the closing with the one before', async () => {
    const { registrationId, state } = await stage.receiveAndEvaluate();
    await linkOpportunity(stage.db, registrationId);
    const closing = { outcome: 'won', at: later(MONDAY, 3_600_000), actor: 'rep' };
    await stage.db
      .updateTable('registration')
      .set({ state: JSON.stringify({ ...state, closing }) })
      .where('id', '=', registrationId)
      .execute();
    await edit(registrationId, { opportunity: OTHER_OPPORTUNITY });
    const [reopening] = (await asked(registrationId)).filter((message) => JSON.stringify(message).includes('reopened'));
    expect(reopening).toMatchObject({ kind: 'command_registration', payload: { commandId: `crm:salesforce:reopened:${closing.at}` } });
  });
});
