import { createDecisionStage, emptyStore, later, MONDAY, type ClaimWishes, type DecisionStage } from '../../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { stepOf } from '../../support/open-step.ts';

jest.setTimeout(60_000);

const DAY_MS = 24 * 60 * 60 * 1000;
const FOR_MANAGER: ClaimWishes = { estimatedValue: { amount: '60000.00', currency: 'USD' } };

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db);
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

describe('approval by a person', () => {
  /** A claim that was denied behind a protection and is appealed: the director is asked while the protection stands. */
  async function appealed(customer: ClaimWishes['customer'] = {}) {
    const holder = await stage.receiveAndEvaluate({ customer: { postalCode: '10001' } });
    const { registrationId } = await stage.receiveAndEvaluate({ customer: { postalCode: '10001', ...customer } });
    expect(await stage.command(registrationId, { kind: 'appeal', actor: 'partner' })).toEqual({ kind: 'done' });
    return { holder, registrationId };
  }

  it.each([
    ['by the same domain', {}],
    ['by another key, which makes it another customer record', { domain: null, companyNumber: '12-3456789' }],
    ['by name and place alone', { domain: null }],
  ])('is refused while another claim holds the protection: %s', async (_key, customer) => {
    const { holder, registrationId } = await appealed(customer);
    expect(await stage.command(registrationId, { kind: 'decide', decision: 'approve', actor: 'director' })).toMatchObject({
      kind: 'refused',
      code: 'PROTECTION_HELD_BY_ANOTHER',
    });
    expect((await stage.registration(registrationId)).state).toMatchObject({
      status: 'in_review',
      approval: { steps: [{ role: 'director' }] },
    });
    expect(await stage.protections()).toEqual([{ registrationId: holder.registrationId, line: 'platform' }]);
  });

  it('is carried out once the protection has ended', async () => {
    const { holder, registrationId } = await appealed();
    await stage.command(holder.registrationId, { kind: 'withdraw', actor: 'partner' });
    expect(await stage.command(registrationId, { kind: 'decide', decision: 'approve', actor: 'director' })).toEqual({ kind: 'done' });
    expect(await stage.protections()).toEqual([{ registrationId, line: 'platform' }]);
  });

  it('protects every line from the instant of the approval', async () => {
    const { registrationId } = await stage.receiveAndEvaluate({ ...FOR_MANAGER, productLines: ['platform', 'analytics'] });
    const at = later(MONDAY, 3_600_000);
    await stage.command(registrationId, { kind: 'decide', decision: 'approve', actor: 'manager' }, { at, comment: 'A known customer.' });
    const { state } = await stage.registration(registrationId);
    expect(state).toMatchObject({ status: 'approved', protection: { from: at, until: later(at, 90 * DAY_MS) }, approval: null });
    expect(state.decision).toEqual({
      outcome: 'approve',
      by: 'manager',
      at,
      reasons: [{ rule: 'decided_by_person', message: 'A known customer.' }],
    });
    expect((await stage.protections()).map(({ line }) => line)).toEqual(['platform', 'analytics']);
  });

  it.each([
    ['rep', 'ACTOR_MAY_NOT_DECIDE'],
    ['nobody-of-that-name', 'ACTOR_MAY_NOT_DECIDE'],
  ])('is refused for %s and leaves a trace in the audit alone', async (actor, code) => {
    const before = await stage.receiveAndEvaluate(FOR_MANAGER);
    const answer = await stage.command(before.registrationId, { kind: 'decide', decision: 'approve', actor });
    expect(answer).toMatchObject({ kind: 'refused', code });
    expect((await stage.registration(before.registrationId)).state).toEqual(before.state);
    const audit = await stage.db.selectFrom('audit_entry').select(['kind', 'actor']).orderBy('id', 'desc').limit(1).execute();
    expect(audit).toEqual([{ kind: 'refused', actor }]);
  });

  it.each(['director', 'vp'])('may be given by %s, who stands above', async (actor) => {
    const { registrationId } = await stage.receiveAndEvaluate(FOR_MANAGER);
    expect(await stage.command(registrationId, { kind: 'decide', decision: 'approve', actor })).toEqual({ kind: 'done' });
  });
});

describe('an appeal', () => {
  it.each([
    ['one millisecond before its time ends', -1, { kind: 'done' }],
    ['at the end of its time', 0, { kind: 'refused', code: 'APPEAL_NOT_ALLOWED' }],
  ])('%s', async (_when, offsetMs, expected) => {
    await stage.receiveAndEvaluate();
    const { registrationId, state } = await stage.receiveAndEvaluate();
    const at = later(state.appealUntil ?? '', offsetMs);
    expect(await stage.command(registrationId, { kind: 'appeal', actor: 'partner' }, { at })).toMatchObject(expected);
  });

  it('is heard once', async () => {
    const { registrationId } = await stage.receiveAndEvaluate({ estimatedValue: { amount: '100.00', currency: 'USD' } });
    await stage.command(registrationId, { kind: 'appeal', actor: 'partner' });
    await stage.command(registrationId, { kind: 'decide', decision: 'deny', actor: 'director' });
    expect(await stage.command(registrationId, { kind: 'appeal', actor: 'partner' })).toMatchObject({ code: 'APPEAL_NOT_ALLOWED' });
  });

  it('is not taken away by inputs that change meanwhile', async () => {
    await stage.receiveAndEvaluate();
    const { registrationId } = await stage.receiveAndEvaluate();
    await stage.command(registrationId, { kind: 'appeal', actor: 'partner' });
    const before = (await stage.registration(registrationId)).state;
    await stage.registrations.evaluateRegistration(registrationId, 'changed inputs', later(MONDAY, 1_000));
    expect((await stage.registration(registrationId)).state).toEqual(before);
  });
});

describe('an amendment', () => {
  const AMEND = { kind: 'amend', actor: 'partner' } as const;

  it('of the value is judged again and keeps the place in the order of receipt', async () => {
    const before = await stage.receiveAndEvaluate(FOR_MANAGER);
    const amendment = { estimatedValue: { amount: '300000.00', currency: 'USD' } };
    expect(await stage.command(before.registrationId, AMEND, { amendment })).toEqual({ kind: 'done' });
    const after = await stage.registration(before.registrationId);
    expect(stepOf(after.state)?.role).toBe('vp');
    expect(after.sequence).toBe(before.sequence);
  });

  it('of the customer takes a new place', async () => {
    const before = await stage.receiveAndEvaluate(FOR_MANAGER);
    const customer = { name: 'Fabrikam', domain: 'fabrikam.com', country: 'US' };
    await stage.command(before.registrationId, AMEND, { amendment: { customer } });
    const after = await stage.registration(before.registrationId);
    expect(after.sequence).toBeGreaterThan(before.sequence);
    expect(after.customerId).not.toBe(before.customerId);
  });

  it('of the customer and the lines of an approved claim is refused; its value is taken over', async () => {
    const { registrationId, state } = await stage.receiveAndEvaluate();
    expect(await stage.command(registrationId, AMEND, { amendment: { productLines: ['analytics'] } })).toMatchObject({
      code: 'STATE_DOES_NOT_ALLOW',
    });
    const estimatedValue = { amount: '21000.00', currency: 'USD' };
    await stage.command(registrationId, AMEND, { amendment: { estimatedValue } });
    const after = await stage.registration(registrationId);
    expect(after).toMatchObject({ estimatedValue, state });
  });

  it('that cannot be read is refused and changes nothing', async () => {
    const before = await stage.receiveAndEvaluate(FOR_MANAGER);
    const answer = await stage.command(before.registrationId, AMEND, { amendment: { customer: { name: 7 } } });
    expect(answer).toMatchObject({ kind: 'refused', code: 'COMMAND_INVALID' });
    expect(await stage.registration(before.registrationId)).toEqual(before);
  });

  it('of a returned claim brings it back into review', async () => {
    const { registrationId } = await stage.receiveAndEvaluate(FOR_MANAGER);
    await stage.command(registrationId, { kind: 'decide', decision: 'return', actor: 'manager' });
    await stage.command(registrationId, AMEND, { amendment: { description: 'now with more detail' }, at: later(MONDAY, DAY_MS) });
    const { state } = await stage.registration(registrationId);
    expect(state).toMatchObject({ status: 'in_review', returnedUntil: null, approval: { steps: [{ openedAt: later(MONDAY, DAY_MS) }] } });
  });
});

describe('an extension', () => {
  it('moves the end in the claim and in the stored protection, once', async () => {
    const { registrationId, state } = await stage.receiveAndEvaluate();
    const extend = { kind: 'extend', days: 30, actor: 'partner' } as const;
    expect(await stage.command(registrationId, extend)).toEqual({ kind: 'done' });
    const until = later(state.protection?.until ?? '', 30 * DAY_MS);
    expect((await stage.registration(registrationId)).state.protection?.until).toBe(until);
    const rows = await stage.db.selectFrom('protection').select('until_at').execute();
    expect(rows).toEqual([{ until_at: until }]);
    expect(await stage.command(registrationId, extend)).toMatchObject({ code: 'EXTENSION_NOT_ALLOWED' });
  });
});
