import { partnerRecords } from '../../../activities/sync/partner-record.ts';
import type { CanonicalRecord } from '../../../program/merge-plan.ts';
import { registrationWorkflowId } from '../../../program/messages.ts';
import { findPartner } from '../../../store/partner.ts';
import { apiDependencies, startTestApi } from '../../support/api.ts';
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
const REEVALUATE = { kind: 'refresh_registration', payload: { reevaluate: true } };

async function inTheCrm(partnerId: string, values: CanonicalRecord): Promise<void> {
  const taken = { localId: partnerId, values, editedAt: MONDAY };
  await stage.db.transaction().execute((trx) => partnerRecords.take(trx, stage.deps, 'salesforce', taken));
}

async function overTheApi(partnerId: string, values: CanonicalRecord): Promise<void> {
  const api = await startTestApi(apiDependencies(stage.db));
  try {
    const partner = await findPartner(stage.db, partnerId);
    const { externalId, name, domain, country, type, track, tier, status } = partner ?? {};
    const body = { name, domain, country, type, track, tier, status, ...values };
    expect((await api.call('PUT', `/v1/partners/${externalId}`, body)).status).toBe(200);
  } finally {
    await api.close();
  }
}

describe.each([
  ['in the CRM', inTheCrm],
  ['over the API', overTheApi],
])('a partner that is changed %s', (_where, change) => {
  const status = async (id: string) => (await stage.registration(id)).state.status;

  it('and may register no more has its undecided claims denied, and keeps what was decided', async () => {
    const partnerId = await stage.addPartner();
    const approved = await stage.receiveAndEvaluate({ partnerId, productLines: ['analytics'] });
    const open = await stage.receiveAndEvaluate({ ...FOR_MANAGER, partnerId });
    await stage.runMessages();
    await change(partnerId, { status: 'suspended' });
    expect(await stage.messages(registrationWorkflowId(approved.registrationId))).toEqual([]);
    await stage.runMessages();
    expect([await status(approved.registrationId), await status(open.registrationId)]).toEqual(['approved', 'denied']);
    expect((await stage.registration(open.registrationId)).state.decision?.reasons[0]?.rule).toBe('C18_partner_not_eligible');
  });

  it.each([
    ['status', { status: 'suspended' }, true],
    ['type and track', { type: 'referral', track: 'referral', tier: null }, true],
    ['name', { name: 'Aster Partners' }, true],
    ['tier', { tier: 'platinum' }, true],
    ['manager', { manager: 'director' }, false],
  ])('by its %s: its claims are judged again where a rule looks at it', async (_field, values, isJudgedAgain) => {
    const partnerId = await stage.addPartner();
    const open = await stage.receiveAndEvaluate({ ...FOR_MANAGER, partnerId });
    const another = await stage.receiveAndEvaluate({ ...FOR_MANAGER, customer: { name: 'Fabrikam', domain: 'fabrikam.com' } });
    await stage.runMessages();
    await change(partnerId, values);
    expect(await stage.messages(registrationWorkflowId(open.registrationId))).toEqual(isJudgedAgain ? [REEVALUATE] : []);
    expect(await stage.messages(registrationWorkflowId(another.registrationId))).toEqual([]);
  });
});
