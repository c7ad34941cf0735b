import { gatherEvidence } from '../../../activities/decision/gather-evidence.ts';
import { refreshEvidence } from '../../../activities/decision/refresh-evidence.ts';
import type { EvidenceSnapshot } from '../../../program/claim.ts';
import type { Program } from '../../../program/definition/program.ts';
import { RULE_PARAMETERS } from '../../../program/definition/rule-parameter.ts';
import type { RuleId } from '../../../program/rules/catalogue.ts';
import { registerConnection, setConnectionState } from '../../../store/connection.ts';
import { savePlace } from '../../../store/place.ts';
import type { Registration } from '../../../store/registration.ts';
import { saveCursor } from '../../../store/sync-cursor.ts';
import { ACME } from '../../program/example.ts';
import { createDecisionStage, emptyStore, later, MONDAY, type DecisionStage } from '../../support/decision-stage.ts';
import { ACCOUNT, mirrorAccount, mirrorOpportunity, silentConnection } from '../../support/mirror.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

jest.setTimeout(120_000);

const DAY_MS = 86_400_000;

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db);
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

/** Acme's program that asks these rules besides. */
function asking(...rules: readonly RuleId[]): Program {
  const rows = rules.map((id) => ({ id, with: RULE_PARAMETERS[id].parse({}) as Record<string, unknown>, on: {} }));
  return { ...ACME, rules: { ...ACME.rules, order: [...ACME.rules.order, ...rows] } };
}

function gather(registration: Registration, program: Program = ACME): Promise<EvidenceSnapshot> {
  return stage.db.transaction().execute((trx) => gatherEvidence(trx, stage.deps, program, registration, MONDAY));
}

describe('rivals', () => {
  it('are known by a key that another claim added to the customer', async () => {
    const first = await stage.receive({ customer: { name: 'Alpha Widgets', domain: 'alpha.com' } });
    await stage.receive({ customer: { name: 'Alpha', domain: 'alpha.com', companyNumber: '12-3456789' } });
    const third = await stage.receive({ customer: { name: 'Zeta Holding', domain: null, companyNumber: '123456789' } });
    const rival = (await gather(third)).rivals.find(({ registrationId }) => registrationId === first.registrationId);
    expect(rival?.match).toMatchObject({ band: 'exact', signals: ['+0.90 known as one customer by the keys of other claims'] });
  });

  it('are known by the account at which both are placed, less surely where their domains differ', async () => {
    const one = await stage.receive({ customer: { name: 'Alpha Widgets', domain: 'alpha.com' } });
    const bare = await stage.receive({ customer: { name: 'Zeta Holding', domain: null } });
    const other = await stage.receive({ customer: { name: 'Omega Works', domain: 'omega.com' } });
    await stage.db.transaction().execute(async (trx) => {
      for (const { registrationId } of [one, bare, other]) {
        await savePlace(trx, { registrationId, connection: 'salesforce', customerAccount: ACCOUNT, opportunity: null });
      }
    });
    const bands = new Map((await gather(one)).rivals.map(({ registrationId, match }) => [registrationId, match.band]));
    expect(bands).toEqual(
      new Map([
        [bare.registrationId, 'exact'],
        [other.registrationId, 'probable'],
      ]),
    );
  });

  it('are not made by the domain of the partner itself, which is typed for its customers', async () => {
    const partnerId = await stage.addPartner({ name: 'Aster Consulting', domain: 'aster.example' });
    const one = await stage.receive({ partnerId, customer: { name: 'Alpha Widgets', domain: 'aster.example' } });
    const other = await stage.receive({ partnerId, customer: { name: 'Omega Works', domain: 'www.aster.example' } });
    expect(one.customerId).not.toBe(other.customerId);
    expect((await gather(other)).rivals).toEqual([]);
  });

  it('are made by it where the partner registers itself: the control', async () => {
    const partnerId = await stage.addPartner({ name: 'Aster Consulting', domain: 'aster.example' });
    await stage.receive({ partnerId, customer: { name: 'Aster Consulting Inc', domain: 'aster.example' } });
    const other = await stage.receive({ partnerId, customer: { name: 'ASTER CONSULTING', domain: 'aster.example' } });
    expect((await gather(other)).rivals.map(({ match }) => match.band)).toEqual(['exact']);
  });

  it('that ended are told to a program that looks back, and to no other', async () => {
    const { registrationId } = await stage.receiveAndEvaluate();
    await stage.command(registrationId, { kind: 'withdraw', actor: 'partner' });
    const again = await stage.receive();
    expect((await gather(again)).rivals).toEqual([]);
    const [ended] = (await gather(again, asking('C21_expired_then_refiled'))).rivals;
    expect(ended).toMatchObject({ registrationId, status: 'withdrawn', protectedLines: [], endedAt: MONDAY, relation: 'same' });
  });
});

describe('what only some programs ask for', () => {
  const PARENT = '001000000000009AAA';

  it('is nothing for Acme', async () => {
    await mirrorAccount(stage.db, { parent_remote_id: PARENT, last_activity_at: MONDAY });
    await mirrorOpportunity(stage.db, { is_closed: true, is_won: true, close_date: '2026-10-01' });
    const evidence = await gather(await stage.receive());
    expect(evidence).toMatchObject({ relatives: [], contacts: [], purchases: [], approved: null, record: { undecided: 0 } });
  });

  it('are claims and opportunities at the parent, by relation', async () => {
    await mirrorAccount(stage.db, { parent_remote_id: PARENT });
    await mirrorAccount(stage.db, { remote_id: PARENT, name: 'Contoso', name_key: 'contoso', domain: 'contoso.com' });
    await mirrorOpportunity(stage.db, { account_remote_id: PARENT });
    const rival = await stage.receive({ customer: { name: 'Contoso', domain: 'contoso.com' } });
    const evidence = await gather(await stage.receive(), asking('C15_parent_or_child'));
    expect(evidence.rivals).toEqual([]);
    expect(evidence.relatives).toMatchObject([{ registrationId: rival.registrationId, relation: 'parent', match: { band: 'exact' } }]);
    expect(evidence.opportunities).toMatchObject([{ accountRemoteId: PARENT, relation: 'parent' }]);
    const ofParent = await gather(rival, asking('C15_parent_or_child'));
    expect(ofParent.relatives).toMatchObject([{ relation: 'child' }]);
  });

  it('are other children of the parent', async () => {
    await mirrorAccount(stage.db, { parent_remote_id: PARENT });
    await mirrorAccount(stage.db, {
      remote_id: 'sister',
      name: 'Contoso',
      name_key: 'contoso',
      domain: 'contoso.com',
      parent_remote_id: PARENT,
    });
    await stage.receive({ customer: { name: 'Contoso', domain: 'contoso.com' } });
    expect((await gather(await stage.receive(), asking('C15_parent_or_child'))).relatives).toMatchObject([{ relation: 'sibling' }]);
  });

  it('is when the direct team last touched the account', async () => {
    await mirrorAccount(stage.db, { last_activity_at: later(MONDAY, -DAY_MS) });
    const { contacts } = await gather(await stage.receive(), asking('C08_direct_contact'));
    expect(contacts).toMatchObject([{ connection: 'salesforce', accountRemoteId: ACCOUNT, lastContactAt: later(MONDAY, -DAY_MS) }]);
  });

  it('are purchases: won opportunities of an unknown line, and won registrations line by line', async () => {
    await mirrorAccount(stage.db);
    await mirrorOpportunity(stage.db, { is_closed: true, is_won: true, close_date: '2026-10-01' });
    const { purchases } = await gather(await stage.receive(), asking('C09_existing_customer'));
    expect(purchases).toMatchObject([
      { productLine: null, partnerId: null, boughtAt: '2026-10-01T00:00:00.000Z', match: { band: 'exact' } },
    ]);
  });

  it('is how the partner has registered so far, this claim not counted', async () => {
    const partnerId = await stage.addPartner();
    await stage.receiveAndEvaluate({ partnerId, customer: { name: 'Contoso', domain: 'contoso.com' } });
    await stage.receive({ partnerId, customer: { name: 'Fabrikam', domain: 'fabrikam.com' } });
    const { record } = await gather(await stage.receive({ partnerId }), asking('C20_speculative'));
    expect(record).toEqual({ undecided: 1, active: 1, receivedLast30Days: 2, decidedLastYear: 1, wonLastYear: 0 });
  });
});

describe('a connection that was paused', () => {
  it('is not read: a young mirror decides, an old one does not', async () => {
    const paused = stage.withDependencies({ connections: new Map([['salesforce', silentConnection()]]) });
    await mirrorAccount(stage.db);
    await registerConnection(stage.db, 'salesforce', MONDAY);
    await setConnectionState(stage.db, 'salesforce', 'paused', 'maintenance', MONDAY);
    const registration = await stage.receive();
    const pulled = (minutes: number) =>
      stage.db.transaction().execute(async (trx) => {
        for (const objectType of ['account', 'opportunity'] as const) {
          await saveCursor(trx, 'salesforce', objectType, {
            position: null,
            sweptAt: null,
            sweep: null,
            pulledAt: later(MONDAY, -minutes * 60_000),
          });
        }
      });
    await pulled(60);
    await expect(refreshEvidence(paused.deps, registration)).resolves.toBeUndefined();
    await pulled(61);
    await expect(refreshEvidence(paused.deps, registration)).rejects.toMatchObject({ type: 'EVIDENCE_TOO_OLD' });
  });
});
