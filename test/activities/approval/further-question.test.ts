import type { Program } from '../../../program/definition/program.ts';
import { TWO_MANAGERS } from '../../program/approval/example.ts';
import { createDecisionStage, emptyStore, later, MONDAY, type DecisionStage } from '../../support/decision-stage.ts';
import { listedQuestions, openSteps } from '../../support/open-question.ts';
import { stepOf } from '../../support/open-step.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

jest.setTimeout(60_000);

type Stage = Program['routing']['rows'][number]['steps'][number];

const HOUR_MS = 3_600_000;
const ONE = later(MONDAY, HOUR_MS);
const TUESDAY = '2026-11-17T15:00:00.000Z';
const MANAGER: Stage = { role: 'partner_manager' };
const DIRECTOR: Stage = { role: 'director' };
const DONE = { kind: 'done' };

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db);
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

function running(program: Program): DecisionStage {
  return stage.withDependencies({ programs: { current: () => program, byVersion: () => program } });
}

/** Asks these about every claim, with two partner managers; limits are out of the way. */
function asking(steps: readonly Stage[], changes: Partial<Program> = {}): DecisionStage {
  return running({ ...TWO_MANAGERS, routing: { ...TWO_MANAGERS.routing, rows: [{ when: {}, steps: [...steps] }] }, ...changes });
}

const about = (id: string) => `registration/${id}`;
const stateOf = async (id: string) => (await stage.registration(id)).state;
const decide = (actor: string, decision: 'approve' | 'deny' | 'return' = 'approve') => ({ kind: 'decide', decision, actor }) as const;
const delegate = (actor: string, to: string) => ({ kind: 'delegate', actor, to }) as const;
const reassign = (actor: string, to: string) => ({ kind: 'reassign', actor, to }) as const;
/** The list of questions has exactly what is open. */
async function expectAgreement(subject: string, count: number): Promise<void> {
  const steps = await openSteps(stage, subject);
  expect(steps).toHaveLength(count);
  expect(await listedQuestions(stage, subject)).toEqual(steps);
}

describe('a transfer to which several have to agree', () => {
  const transferring = () => running({ ...TWO_MANAGERS, transfer: { steps: [MANAGER, DIRECTOR] } });

  async function askedFor(own: DecisionStage) {
    const { registrationId } = await own.receiveAndEvaluate();
    const partnerId = await own.addPartner();
    expect(await own.command(registrationId, { kind: 'transfer', partnerId, actor: 'vp' })).toEqual(DONE);
    return { id: registrationId, partnerId };
  }

  it('is carried out with the last yes, and each question is listed while it is open', async () => {
    const own = transferring();
    const { id, partnerId } = await askedFor(own);
    await expectAgreement(about(id), 1);
    expect(await own.command(id, delegate('manager', 'manager2'))).toEqual(DONE);
    await expectAgreement(about(id), 1);
    expect(await own.command(id, decide('manager2'))).toEqual(DONE);
    expect((await own.registration(id)).partnerId).not.toBe(partnerId);
    expect(await stateOf(id)).toMatchObject({ transfer: { approval: { steps: [{ role: 'director', approver: 'director' }] } } });
    await expectAgreement(about(id), 1);
    expect(await own.command(id, decide('director'))).toEqual(DONE);
    expect(await own.registration(id)).toMatchObject({ partnerId, state: { status: 'approved', transfer: null, needsAttention: false } });
    await expectAgreement(about(id), 0);
  });

  it('is off with one no, and may be asked for again under questions of their own', async () => {
    const own = transferring();
    const { id, partnerId } = await askedFor(own);
    await own.command(id, decide('manager', 'deny'));
    expect(await stateOf(id)).toMatchObject({ status: 'approved', transfer: null });
    expect((await own.registration(id)).partnerId).not.toBe(partnerId);
    expect(await own.command(id, { kind: 'transfer', partnerId, actor: 'vp' })).toEqual(DONE);
    expect(await openSteps(stage, about(id))).toMatchObject([{ number: 2, approver: 'manager' }]);
    await expectAgreement(about(id), 1);
  });

  it('ends with the claim: a revocation closes its question', async () => {
    const own = transferring();
    const { id } = await askedFor(own);
    await own.command(id, { kind: 'revoke', actor: 'director' });
    await expectAgreement(about(id), 0);
  });
});

describe('an extension on which several decide', () => {
  const { protection } = TWO_MANAGERS;
  const extending = () =>
    running({
      ...TWO_MANAGERS,
      // oxlint-disable-next-line unicorn/no-thenable -- the definition's word for the steps that follow; a list is never awaited
      protection: { ...protection, extension: { ...protection.extension, decidedBy: 'partner_manager', then: [DIRECTOR] } },
    });

  it('asks them one after another and moves the end with the last yes', async () => {
    const own = extending();
    const { registrationId: id, state } = await own.receiveAndEvaluate();
    await own.command(id, { kind: 'extend', days: 30, actor: 'partner' });
    await expectAgreement(about(id), 1);
    expect(await own.command(id, decide('manager'))).toEqual(DONE);
    await expectAgreement(about(id), 1);
    expect((await stateOf(id)).protection).toEqual(state.protection);
    expect(await own.command(id, decide('manager'))).toMatchObject({ code: 'ACTOR_MAY_NOT_DECIDE' });
    expect(await own.command(id, decide('director'))).toEqual(DONE);
    await expectAgreement(about(id), 0);
    const until = state.protection?.until ?? '';
    expect(await stateOf(id)).toMatchObject({ extension: null, protection: { until: later(until, 30 * 24 * HOUR_MS) } });
  });

  it('climbs in silence, and both questions are told apart', async () => {
    const own = extending();
    const { registrationId: id } = await own.receiveAndEvaluate();
    await own.command(id, { kind: 'extend', days: 30, actor: 'partner' });
    await own.registrations.passDeadline(id, TUESDAY);
    expect(await openSteps(stage, about(id))).toMatchObject([{ number: 2, role: 'director', reason: 'escalated' }]);
    await expectAgreement(about(id), 1);
  });
});

describe('an extension that nobody can decide', () => {
  it('needs attention while it is open, whatever becomes of a transfer beside it', async () => {
    const { protection } = TWO_MANAGERS;
    const extension = { ...protection.extension, decidedBy: 'vp' };
    const own = running({ ...TWO_MANAGERS, protection: { ...protection, extension }, transfer: { steps: [MANAGER] } });
    const { registrationId: id } = await own.receiveAndEvaluate();
    await own.setUsers([{ alias: 'vp', isActive: false }]);
    await own.command(id, { kind: 'extend', days: 30, actor: 'partner' });
    await own.command(id, { kind: 'transfer', partnerId: await own.addPartner(), actor: 'director' });
    await expectAgreement(about(id), 2);
    expect((await stateOf(id)).needsAttention).toBe(true);
    await own.command(id, decide('manager', 'deny'));
    expect(await stateOf(id)).toMatchObject({ transfer: null, needsAttention: true });
    await own.setUsers([{ alias: 'vp', isActive: true }]);
    await own.registrations.passDeadline(id, ONE);
    expect(await stateOf(id)).toMatchObject({ extension: { approval: { steps: [{ approver: 'vp' }] } }, needsAttention: false });
  });
});

describe('silence that is a yes to one of several steps', () => {
  const days = (amount: number) => ({ amount, unit: 'business_days', restated: null }) as const;
  const PAIR: Stage = {
    parallel: [
      { role: 'director', deadline: days(5) },
      { role: 'vp', deadline: days(1), silence: 'approve' },
    ],
    needs: 'all',
  };
  const IN_A_WEEK = '2026-11-23T15:00:00.000Z';

  /** An extension or a transfer for which both are asked at once, the VP with the shorter time. */
  async function askedBoth(hosted: 'extension' | 'transfer') {
    const { protection } = TWO_MANAGERS;
    const own = running({
      ...TWO_MANAGERS,
      transfer: { steps: [PAIR] },
      // oxlint-disable-next-line unicorn/no-thenable -- the definition's word for the steps that follow; a list is never awaited
      protection: { ...protection, extension: { ...protection.extension, decidedBy: 'partner_manager', then: [PAIR] } },
    });
    const { registrationId: id, partnerId } = await own.receiveAndEvaluate();
    const other = await own.addPartner();
    if (hosted === 'transfer') await own.command(id, { kind: 'transfer', partnerId: other, actor: 'manager' });
    else {
      await own.command(id, { kind: 'extend', days: 30, actor: 'partner' });
      await own.command(id, decide('manager'));
    }
    await expectAgreement(about(id), 2);
    return { own, id, partnerId, other };
  }

  it.each(['extension', 'transfer'] as const)('grants that step of the %s alone, and the others are still asked', async (hosted) => {
    const { own, id, partnerId, other } = await askedBoth(hosted);
    const asked = (await stateOf(id))[hosted]?.approval;
    await own.registrations.passDeadline(id, later(TUESDAY, -1));
    expect((await stateOf(id))[hosted]?.approval).toEqual(asked);
    await own.registrations.passDeadline(id, TUESDAY);
    const { approval } = (await stateOf(id))[hosted] ?? {};
    expect(approval?.granted.at(-1)).toEqual({ role: 'vp', by: 'program', onBehalfOf: null });
    expect(approval?.steps).toEqual([asked?.steps[0]]);
    expect(approval?.steps).toMatchObject([{ role: 'director', dueAt: IN_A_WEEK }]);
    expect(await stateOf(id)).toMatchObject({ status: 'approved', extensionsUsed: 0 });
    expect((await own.registration(id)).partnerId).toBe(partnerId);
    await expectAgreement(about(id), 1);
    expect(await own.command(id, decide('director'), { at: TUESDAY })).toEqual(DONE);
    expect(await stateOf(id)).toMatchObject({ [hosted]: null, extensionsUsed: hosted === 'extension' ? 1 : 0 });
    expect((await own.registration(id)).partnerId).toBe(hosted === 'transfer' ? other : partnerId);
  });

  it.each(['extension', 'transfer'] as const)(
    'grants nothing of the %s where the partner may not have it by then: that step is put again, the others stay',
    async (hosted) => {
      const { own, id, partnerId, other } = await askedBoth(hosted);
      const suspended = hosted === 'transfer' ? other : partnerId;
      await own.db.updateTable('partner').set({ status: 'suspended' }).where('id', '=', suspended).execute();
      const before = await openSteps(stage, about(id));
      await own.registrations.passDeadline(id, TUESDAY);
      const [director, vp] = await openSteps(stage, about(id));
      expect(director).toEqual(before[0]);
      expect(vp).toMatchObject({ role: 'vp', approver: 'vp', reason: 'not_deemed', number: (before[1]?.number ?? 0) + 1 });
      expect((await stateOf(id)).needsAttention).toBe(true);
      await expectAgreement(about(id), 2);
    },
  );
});

describe('an appeal', () => {
  /** Denied by a director, one of two; the appeal goes to directors. */
  async function appealed(own: DecisionStage): Promise<string> {
    const { registrationId: id } = await own.receiveAndEvaluate();
    expect(await own.command(id, decide('director', 'deny'))).toEqual(DONE);
    expect(await own.command(id, { kind: 'appeal', actor: 'partner' })).toEqual(DONE);
    return id;
  }
  const directors = (appealSteps: readonly Stage[]) => {
    const roles = TWO_MANAGERS.governance.roles.map((role) =>
      role.id === 'director' ? { ...role, members: ['director', 'director2'] } : role,
    );
    return asking([DIRECTOR], {
      governance: { ...TWO_MANAGERS.governance, roles },
      appeal: { ...TWO_MANAGERS.appeal, steps: [...appealSteps] },
    });
  };

  it('is heard by the next role up where the program names nobody', async () => {
    const own = directors([]);
    const id = await appealed(own);
    expect(stepOf(await stateOf(id))).toMatchObject({ role: 'vp', approver: 'vp', mayDecide: ['vp'] });
    await expectAgreement(about(id), 1);
  });

  it('is heard by another member where the program names the same role, and not decided by who denied', async () => {
    const own = directors([DIRECTOR]);
    const id = await appealed(own);
    expect(stepOf(await stateOf(id))).toMatchObject({ approver: 'director2', mayDecide: ['director2', 'vp'] });
    expect(await own.command(id, decide('director'))).toMatchObject({ kind: 'refused', code: 'ACTOR_MAY_NOT_DECIDE' });
    expect(await own.command(id, decide('director2'))).toEqual(DONE);
  });

  it.each(['is away', 'hands it over', 'stays silent'] as const)('does not come to who denied when that member %s', async (what) => {
    const own = directors([DIRECTOR]);
    const id = await appealed(own);
    if (what === 'hands it over') {
      expect(await own.command(id, delegate('director2', 'director'))).toMatchObject({ code: 'DELEGATE_NOT_POSSIBLE' });
      expect(await own.command(id, reassign('vp', 'director'))).toMatchObject({ code: 'DELEGATE_NOT_POSSIBLE' });
      return;
    }
    if (what === 'is away') {
      await own.setUsers([{ alias: 'director2', isActive: false }]);
      await own.registrations.passDeadline(id, ONE);
    } else await own.registrations.passDeadline(id, stepOf(await stateOf(id))?.dueAt ?? '');
    expect(stepOf(await stateOf(id))).toMatchObject({ role: 'vp', approver: 'vp', mayDecide: ['vp'] });
  });
});
