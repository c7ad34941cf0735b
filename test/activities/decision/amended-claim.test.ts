import { registrationWorkflowId } from '../../../program/messages.ts';
import { saveCursor } from '../../../store/sync-cursor.ts';
import { readPlaces, savePlace } from '../../../store/place.ts';
import { createDecisionStage, emptyStore, later, MONDAY, type ClaimWishes, type DecisionStage } from '../../support/decision-stage.ts';
import { ACCOUNT, mirrorAccount, silentConnection } from '../../support/mirror.ts';
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

const AMEND = { kind: 'amend', actor: 'partner' } as const;
const FOR_MANAGER: ClaimWishes = { estimatedValue: { amount: '60000.00', currency: 'USD' } };
const ALIKE: ClaimWishes = { customer: { domain: null } };
const FABRIKAM = { name: 'Fabrikam', domain: 'fabrikam.com', country: 'US' };

const amend = (id: string, amendment: object, at = MONDAY) => stage.command(id, AMEND, { amendment, at });
const stateOf = async (id: string) => (await stage.registration(id)).state;

async function membersOf(caseId: string): Promise<readonly string[]> {
  const rows = await stage.db.selectFrom('conflict_case_registration').select('registration_id').where('case_id', '=', caseId).execute();
  return rows.map((row) => row.registration_id).sort();
}

describe('a claim that is amended to another customer or to other lines', () => {
  it.each([
    ['another customer', { customer: FABRIKAM }],
    ['other lines', { productLines: ['analytics'] }],
  ])('leaves its case: %s; an award there takes nothing from it', async (_what, amendment) => {
    const holder = await stage.receiveAndEvaluate();
    const [leaving, staying] = [await stage.receiveAndEvaluate(ALIKE), await stage.receiveAndEvaluate(ALIKE)];
    const caseId = leaving.state.caseId ?? '';
    await amend(leaving.registrationId, amendment);
    expect(await membersOf(caseId)).toEqual([holder.registrationId, staying.registrationId].sort());
    await stage.runMessages();
    const before = await stateOf(leaving.registrationId);
    expect(await stage.settle(caseId, 'award', 'manager', staying.registrationId)).toEqual({ kind: 'done' });
    expect(await stateOf(leaving.registrationId)).toEqual(before);
    expect(before).toMatchObject({ status: 'approved', caseId: null });
  });

  it('has those who still claim in the case judged again: their rival may be gone', async () => {
    const leaving = await stage.receiveAndEvaluate({ ...FOR_MANAGER, customer: { domain: null } });
    const claimant = await stage.receiveAndEvaluate();
    expect(claimant.state.caseId).not.toBeNull();
    await amend(leaving.registrationId, { customer: FABRIKAM });
    expect(await stage.messages(registrationWorkflowId(claimant.registrationId))).toContainEqual({
      kind: 'refresh_registration',
      payload: { reevaluate: true },
    });
    await stage.runMessages();
    expect(await stateOf(claimant.registrationId)).toMatchObject({ status: 'approved', caseId: null });
    expect((await stage.conflictCase(claimant.state.caseId)).state).toMatchObject({ status: 'resolved', outcome: { by: 'program' } });
  });

  it('closes the case when nobody else claims there, and stays in its record', async () => {
    const holder = await stage.receiveAndEvaluate();
    const { registrationId, state } = await stage.receiveAndEvaluate(ALIKE);
    await amend(registrationId, { customer: FABRIKAM });
    expect((await stage.conflictCase(state.caseId)).state.status).toBe('resolved');
    expect(await membersOf(state.caseId ?? '')).toEqual([holder.registrationId, registrationId].sort());
  });

  it('stays in its case when only its value changes: the control', async () => {
    const holder = await stage.receiveAndEvaluate();
    const { registrationId, state } = await stage.receiveAndEvaluate(ALIKE);
    await amend(registrationId, { estimatedValue: { amount: '21000.00', currency: 'USD' } });
    expect(await membersOf(state.caseId ?? '')).toEqual([holder.registrationId, registrationId].sort());
    expect((await stateOf(registrationId)).caseId).toBe(state.caseId);
  });

  it('takes neither its place in line nor its appeal with it', async () => {
    await stage.receiveAndEvaluate();
    const { registrationId } = await stage.receiveAndEvaluate();
    await stage.command(registrationId, { kind: 'appeal', actor: 'partner' });
    await amend(registrationId, { customer: FABRIKAM });
    expect(await stateOf(registrationId)).toMatchObject({
      status: 'approved',
      appealed: false,
      waitlistedBehind: [],
      waitlistedUntil: null,
    });
  });
});

describe('the account of a claim that is amended', () => {
  async function placed() {
    const { registrationId } = await stage.receiveAndEvaluate(FOR_MANAGER);
    await stage.db
      .transaction()
      .execute((trx) =>
        savePlace(trx, { registrationId, connection: 'salesforce', customerAccount: '001-chosen', opportunity: '006-linked' }),
      );
    await mirrorAccount(stage.db, { name: 'Fabrikam', name_key: 'fabrikam', domain: 'fabrikam.com' });
    await stage.db
      .transaction()
      .execute((trx) => saveCursor(trx, 'salesforce', 'account', { position: null, sweptAt: null, sweep: null, pulledAt: MONDAY }));
    const connected = stage.withDependencies({ connections: new Map([['salesforce', silentConnection()]]) });
    return { registrationId, connected };
  }
  const placeOf = async (id: string) => (await readPlaces(stage.db, 'salesforce', [id])).get(id);

  it('is looked up anew for another customer, as a later word than the one chosen before', async () => {
    const { registrationId, connected } = await placed();
    const at = later(MONDAY, 1_000);
    await connected.command(registrationId, AMEND, { amendment: { customer: FABRIKAM }, at });
    expect(await placeOf(registrationId)).toMatchObject({ customerAccount: ACCOUNT, opportunity: '006-linked' });
    expect((await stage.registration(registrationId)).fieldTimes['customerAccount']).toBe(at);
  });

  it('is empty where no account certainly is the other customer', async () => {
    const { registrationId, connected } = await placed();
    await connected.command(registrationId, AMEND, { amendment: { customer: { ...FABRIKAM, domain: 'tailspin.com', name: 'Tailspin' } } });
    expect((await placeOf(registrationId))?.customerAccount).toBeNull();
  });

  it('stays when the customer does: the control', async () => {
    const { registrationId, connected } = await placed();
    await connected.command(registrationId, AMEND, { amendment: { productLines: ['analytics'] } });
    expect((await placeOf(registrationId))?.customerAccount).toBe('001-chosen');
  });
});

describe('an appeal that was returned', () => {
  async function returnedAppeal() {
    const { registrationId } = await stage.receiveAndEvaluate({ estimatedValue: { amount: '100.00', currency: 'USD' } });
    await stage.command(registrationId, { kind: 'appeal', actor: 'partner' });
    await stage.command(registrationId, { kind: 'decide', decision: 'return', actor: 'director' });
    return registrationId;
  }

  it('is put to people again when it is completed, with a full deadline; the program does not deny it', async () => {
    const registrationId = await returnedAppeal();
    const at = later(MONDAY, 3_600_000);
    await amend(registrationId, { description: 'with the order that shows the value' }, at);
    expect(await stateOf(registrationId)).toMatchObject({
      status: 'in_review',
      appealed: true,
      returnedUntil: null,
      approval: { steps: [{ role: 'director', openedAt: at }] },
    });
    expect(await stage.command(registrationId, { kind: 'decide', decision: 'approve', actor: 'director' })).toEqual({ kind: 'done' });
    expect((await stateOf(registrationId)).status).toBe('approved');
  });

  it('keeps its question when it is amended while it is open', async () => {
    const { registrationId } = await stage.receiveAndEvaluate({ estimatedValue: { amount: '100.00', currency: 'USD' } });
    await stage.command(registrationId, { kind: 'appeal', actor: 'partner' });
    const { approval } = await stateOf(registrationId);
    await amend(registrationId, { description: 'more' }, later(MONDAY, 1_000));
    expect((await stateOf(registrationId)).approval).toEqual(approval);
  });
});
