import { registrationRecords } from '../../../activities/sync/registration-record.ts';
import type { RegistrationState } from '../../../program/registration-life.ts';
import { saveCursor } from '../../../store/sync-cursor.ts';
import { createDecisionStage, emptyStore, MONDAY, type DecisionStage } from '../../support/decision-stage.ts';
import { silentConnection } from '../../support/mirror.ts';
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

async function shown(registrationId: string): Promise<Readonly<Record<string, string | null>>> {
  const [record] = await registrationRecords.read(stage.db, stage.deps, 'salesforce', [registrationId]);
  return record?.values ?? {};
}

/** Two partners on probably one customer, under the numbers that partners give. */
async function conflict() {
  const first = await stage.addPartner({ name: 'Copperline Systems' });
  const second = await stage.addPartner({ name: 'Brightwater Partners' });
  const holder = await stage.receiveAndEvaluate({ partnerId: first, externalId: 'CL-7' });
  const claimant = await stage.receiveAndEvaluate({ partnerId: second, externalId: 'BW-3', customer: { domain: null } });
  return { holder, claimant, caseId: claimant.state.caseId ?? '' };
}

describe('what a rep reads on a registration', () => {
  it('names the step as the program calls the role that is asked, and a role that it knows no more by its id', async () => {
    const { claimant } = await conflict();
    expect(await shown(claimant.registrationId)).toMatchObject({ reviewStep: 'Partner Manager' });
    const { approval } = claimant.state;
    if (approval === null) throw new Error('nobody is asked');
    const [step, ...others] = approval.steps;
    const state: RegistrationState = {
      ...claimant.state,
      approval: { ...approval, steps: [{ ...step, name: 'channel_chief' }, ...others] },
    };
    await stage.db
      .updateTable('registration')
      .set({ state: JSON.stringify(state) })
      .where('id', '=', claimant.registrationId)
      .execute();
    expect(await shown(claimant.registrationId)).toMatchObject({ reviewStep: 'channel_chief' });
  });

  it('names the other side of a conflict by its number and its partner, without ids, until it is settled', async () => {
    const { holder, claimant, caseId } = await conflict();
    expect((await shown(claimant.registrationId))['conflictSummary']).toBe(
      'Protected on platform at 16 Nov 2026, 15:00 UTC (probable match): CL-7 of partner Copperline Systems.',
    );
    expect((await shown(holder.registrationId))['conflictSummary']).toBe(
      'Claimed by BW-3 of partner Brightwater Partners as well: a person settles whose it is.',
    );
    await stage.settle(caseId, 'uphold', 'manager');
    for (const { registrationId } of [holder, claimant]) expect((await shown(registrationId))['conflictSummary']).toBeNull();
  });

  it.each([
    ['award', 'claimant', 'holder', 'The outcome (award to BW-3 of partner Brightwater Partners) is heard again, on new evidence.'],
    ['uphold', null, 'claimant', 'The outcome (uphold) is heard again, on new evidence.'],
    ['revoke', null, 'holder', 'The outcome (revoke) is heard again, on new evidence.'],
  ] as const)('says to both sides what was decided while it is heard again, until it is settled: %s', async (outcome, to, loser, words) => {
    const sides = await conflict();
    await stage.settle(sides.caseId, outcome, 'manager', to === null ? undefined : sides[to].registrationId);
    const summaries = () =>
      Promise.all([sides.holder, sides.claimant].map(async ({ registrationId }) => (await shown(registrationId))['conflictSummary']));
    expect(await summaries()).toEqual([null, null]);
    expect(await stage.command(sides[loser].registrationId, { kind: 'appeal', actor: 'partner' })).toEqual({ kind: 'done' });
    expect(await summaries()).toEqual([words, words]);
    await stage.settle(sides.caseId, 'deny', 'director');
    expect(await summaries()).toEqual([null, null]);
  });

  it('is written to the CRM again for everybody in a conflict, when it begins, when it ends, and when that is appealed', async () => {
    const withCrm = stage.withDependencies({ connections: new Map([['salesforce', silentConnection()]]) });
    // The CRM is away, and its mirror is young.
    await stage.db.transaction().execute(async (trx) => {
      for (const objectType of ['account', 'opportunity'] as const)
        await saveCursor(trx, 'salesforce', objectType, { position: null, sweptAt: null, sweep: null, pulledAt: MONDAY });
    });
    const queued = async (): Promise<readonly string[]> => {
      const rows = await stage.db.deleteFrom('push_queue').where('object_type', '=', 'registration').returning('local_id').execute();
      return rows.map((row) => row.local_id).sort();
    };
    const holder = await stage.receiveAndEvaluate();
    const claimant = await withCrm.receiveAndEvaluate({ customer: { domain: null } });
    const both = [holder.registrationId, claimant.registrationId].sort();
    expect(await queued()).toEqual(both);
    await withCrm.settle(claimant.state.caseId ?? '', 'uphold', 'manager');
    expect(await queued()).toEqual(both);
    await withCrm.command(claimant.registrationId, { kind: 'appeal', actor: 'partner' });
    expect(await queued()).toEqual(both);
    await withCrm.settle(claimant.state.caseId ?? '', 'uphold', 'director');
    await queued();

    const next = await withCrm.receiveAndEvaluate({ customer: { domain: null } });
    await queued();
    await withCrm.command(next.registrationId, { kind: 'withdraw', actor: 'partner' });
    expect(await queued()).toEqual([holder.registrationId, next.registrationId].sort());
  });

  it('says why people approved it, and nothing of what the value alone would have come to', async () => {
    const { claimant, caseId } = await conflict();
    await stage.settle(caseId, 'award', 'manager', claimant.registrationId);
    const { decision } = (await stage.registration(claimant.registrationId)).state;
    expect(decision).toMatchObject({ by: 'manager', reasons: [{ rule: 'C02_active_protection' }] });
    expect(await shown(claimant.registrationId)).toMatchObject({
      status: 'approved',
      decisionReason: 'The conflict on this customer was decided in favour of this registration.',
    });
  });

  it.each([
    ['split', 'The conflict on this customer was settled: this registration goes on, and the deal is shared.'],
    ['co_sell', 'The conflict on this customer was settled: this registration goes on as a co-sell.'],
  ] as const)('says so of a case that ended as %s', async (outcome, reason) => {
    const { claimant, caseId } = await conflict();
    await stage.settle(caseId, outcome, 'manager');
    expect(await shown(claimant.registrationId)).toMatchObject({ status: 'approved', decisionReason: reason });
  });

  it('says what the program approved by itself', async () => {
    const { registrationId } = await stage.receiveAndEvaluate();
    expect((await shown(registrationId))['decisionReason']).toMatch(/approved without a review/);
  });

  it('has the answer to a command of the CRM with the name of who gave it', async () => {
    await stage.setUsers([{ alias: 'manager', isActive: true }]);
    await stage.db.updateTable('crm_user').set({ name: 'Mona Gerber' }).execute();
    const { claimant } = await conflict();
    const approve = { kind: 'decide', decision: 'approve', actor: 'manager' } as const;
    await stage.command(claimant.registrationId, approve, { commandId: 'crm:salesforce:1', at: MONDAY });
    expect(await shown(claimant.registrationId)).toMatchObject({
      syncNote: 'Approved by Mona Gerber (manager) on 16 Nov 2026, 15:00 UTC.',
    });
  });
});
