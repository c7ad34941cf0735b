import { randomUUID } from 'node:crypto';
import { saveMirrored } from '../../../activities/sync/mirror-record.ts';
import type { Absence } from '../../../program/approval/staff.ts';
import type { Program } from '../../../program/definition/program.ts';
import { endAbsenceNow, enterAbsence } from '../../../store/absence-change.ts';
import { listAbsences } from '../../../store/absence.ts';
import { listAudit } from '../../../store/audit.ts';
import { readOpenTasksOf } from '../../../store/task.ts';
import { governed, person, TWO_MANAGERS } from '../../program/approval/example.ts';
import { createDecisionStage, emptyStore, later, MONDAY, type DecisionStage } from '../../support/decision-stage.ts';
import { silentConnection } from '../../support/mirror.ts';
import { listedQuestions, openSteps } from '../../support/open-question.ts';
import { stepOf } from '../../support/open-step.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

jest.setTimeout(60_000);

const REVIEWED = { estimatedValue: { amount: '60000.00', currency: 'USD' } };
const HOUR_MS = 3_600_000;
const ONE = later(MONDAY, HOUR_MS);
const TWO = later(MONDAY, 2 * HOUR_MS);
const NEXT_WEEK = later(MONDAY, 7 * 24 * HOUR_MS);
const ALL: Absence['scope'] = { kinds: [], regions: [], upTo: null };

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

const about = (id: string) => `registration/${id}`;
const stateOf = async (id: string) => (await stage.registration(id)).state;
const askedOf = async (id: string) => stepOf(await stateOf(id));

/** Entered at `at`, and carried out as the workflows do. */
async function goAway(own: DecisionStage, alias: string, changes: Partial<Absence> = {}, at: string = ONE): Promise<string> {
  const id = randomUUID();
  const absence = { id, alias, from: MONDAY, until: NEXT_WEEK, delegate: null, scope: ALL, enteredBy: 'ops', ...changes };
  await own.db.transaction().execute((trx) => enterAbsence(trx, absence, at));
  await own.runMessages(at);
  return id;
}

async function comeBack(own: DecisionStage, alias: string, id: string, at: string): Promise<boolean> {
  const { fallback } = own.deps.programs.current().governance;
  const isEnded = await own.db.transaction().execute((trx) => endAbsenceNow(trx, { alias, id, actor: 'ops' }, fallback, at));
  await own.runMessages(at);
  return isEnded;
}

/** Asked of the manager; the list of questions says the same as the registration. */
async function asked(own: DecisionStage, wishes = {}): Promise<string> {
  const { registrationId, state } = await own.receiveAndEvaluate({ ...REVIEWED, ...wishes });
  expect(stepOf(state)).toMatchObject({ number: 1, approver: 'manager' });
  return registrationId;
}

async function expectAgreement(id: string): Promise<void> {
  const steps = await openSteps(stage, about(id));
  expect(steps).not.toHaveLength(0);
  expect(await listedQuestions(stage, about(id))).toEqual(steps);
}

const WITH_DEPUTY = governed(TWO_MANAGERS, { people: [person('manager', { deputy: 'vp' })] });

describe('an absence of somebody who is asked', () => {
  it.each([
    [
      'the delegate of the absence',
      WITH_DEPUTY,
      { delegate: 'director' },
      { role: 'partner_manager', approver: 'director', onBehalfOf: 'manager' },
    ],
    ['the declared deputy where it names nobody', WITH_DEPUTY, {}, { role: 'partner_manager', approver: 'vp', onBehalfOf: 'manager' }],
    ['the deputy where the delegate may not decide', WITH_DEPUTY, { delegate: 'rep' }, { approver: 'vp', onBehalfOf: 'manager' }],
    ['the next member where nobody stands in', TWO_MANAGERS, {}, { role: 'partner_manager', approver: 'manager2', onBehalfOf: null }],
  ])('puts the question to %s, at once and with the full time', async (_who, program, absence, expected) => {
    const own = running(program);
    const id = await asked(own);
    await goAway(own, 'manager', absence);
    expect(await askedOf(id)).toMatchObject({ ...expected, number: 2, reason: 'replaced', openedAt: ONE, dueAt: later(ONE, 24 * HOUR_MS) });
    await expectAgreement(id);
  });

  it('lets whoever stands in decide in that name, which the decision keeps', async () => {
    const own = running(WITH_DEPUTY);
    const id = await asked(own);
    await goAway(own, 'manager', { delegate: 'director' });
    expect(await own.command(id, { kind: 'decide', decision: 'approve', actor: 'director' }, { at: TWO })).toEqual({ kind: 'done' });
    expect((await stateOf(id)).decision).toMatchObject({ by: 'director', onBehalfOf: 'manager' });
    expect(await listedQuestions(stage, about(id))).toEqual([]);
  });

  it('that is to come moves it when it begins, not before', async () => {
    const own = running(TWO_MANAGERS);
    const id = await asked(own);
    await goAway(own, 'manager', { from: TWO });
    expect(await askedOf(id)).toMatchObject({ number: 1, approver: 'manager', awayFrom: TWO });
    expect(await own.registrations.passDeadline(id, later(TWO, -1))).toMatchObject({ approval: { steps: [{ approver: 'manager' }] } });
    await own.registrations.passDeadline(id, TWO);
    expect(await askedOf(id)).toMatchObject({ number: 2, approver: 'manager2', reason: 'replaced', openedAt: TWO });
    await expectAgreement(id);
  });

  it('moves nothing that was called off before it began, nor is it known any more', async () => {
    const own = running(TWO_MANAGERS);
    const id = await asked(own);
    const absence = await goAway(own, 'manager', { from: TWO });
    expect(await comeBack(own, 'manager', absence, later(TWO, -1))).toBe(true);
    expect(await askedOf(id)).toMatchObject({ approver: 'manager', awayFrom: null });
    expect(await listAbsences(stage.db, 'manager', later(TWO, -1))).toEqual([]);
    await own.registrations.passDeadline(id, TWO);
    expect(await askedOf(id)).toMatchObject({ number: 1, approver: 'manager' });
    expect(await comeBack(own, 'manager', absence, later(TWO, -1))).toBe(false);
  });

  it('that ends leaves the question with whoever stands in, and the next one goes to who is back', async () => {
    const own = running(TWO_MANAGERS);
    const id = await asked(own);
    const absence = await goAway(own, 'manager');
    expect(await comeBack(own, 'manager', absence, TWO)).toBe(true);
    expect(await askedOf(id)).toMatchObject({ number: 2, approver: 'manager2' });
    const next = await own.evaluate(
      (await own.receive({ ...REVIEWED, customer: { name: 'Contoso', domain: 'contoso.com' } })).registrationId,
      TWO,
    );
    expect(stepOf(next.state)).toMatchObject({ approver: 'manager' });
    const entries = await listAudit(stage.db, 'user/manager', 10);
    expect(entries.map(({ kind, actor }) => `${kind} by ${actor}`).toSorted()).toEqual(['absence ended by ops', 'absence entered by ops']);
  });

  it.each([
    ['another kind of question', { kinds: ['extension', 'case'] }, 'manager'],
    ['this kind', { kinds: ['registration'] }, 'manager2'],
    ['another region', { regions: ['emea'] }, 'manager'],
    ['this region', { regions: ['north_america'] }, 'manager2'],
    ['values below this one', { upTo: '59999.99' }, 'manager'],
    ['values up to this one', { upTo: '60000.00' }, 'manager2'],
  ] as const)('for %s is heeded as it says', async (_what, scope, approver) => {
    const own = running(TWO_MANAGERS);
    const id = await asked(own);
    await goAway(own, 'manager', { scope: { ...ALL, ...scope } });
    expect((await askedOf(id))?.approver).toBe(approver);
  });

  it('of one of several who are asked together leaves the question with the others, who are told apart in the list and by their tasks', async () => {
    const roles = TWO_MANAGERS.governance.roles.map((role) =>
      role.id === 'director' ? { ...role, members: ['director', 'director2', 'director3'] } : role,
    );
    const routing = { ...TWO_MANAGERS.routing, rows: [{ when: {}, steps: [{ role: 'director', asks: 'queue' as const }] }] };
    const own = running({ ...governed(TWO_MANAGERS, { roles }), routing });
    const { registrationId: id, state } = await own.receiveAndEvaluate();
    await goAway(own, 'director2');
    expect(await askedOf(id)).toMatchObject({ number: 1, asked: ['director', 'director3'], dueAt: stepOf(state)?.dueAt });
    await expectAgreement(id);
    expect((await readOpenTasksOf(stage.db, about(id))).map(({ assignee }) => assignee).toSorted()).toEqual(['director', 'director3']);
  });

  it('is heeded in a case, too', async () => {
    const own = running(TWO_MANAGERS);
    await own.receiveAndEvaluate();
    const { state } = await own.receiveAndEvaluate({ customer: { domain: null } });
    const { caseId } = state;
    expect(stepOf((await own.conflictCase(caseId)).state)?.approver).toBe('manager');
    await goAway(own, 'manager', { scope: { ...ALL, kinds: ['case'] } });
    expect(stepOf((await own.conflictCase(caseId)).state)).toMatchObject({ approver: 'manager2', reason: 'replaced' });
    expect(await listedQuestions(stage, `case/${caseId}`)).toEqual(await openSteps(stage, `case/${caseId}`));
  });
});

describe('when nobody is free', () => {
  const FALLBACK = governed(TWO_MANAGERS, { fallback: 'ops' });
  const EVERYBODY = ['manager', 'manager2', 'director', 'vp'] as const;

  async function emptied(own: DecisionStage): Promise<{ readonly id: string; readonly absences: ReadonlyMap<string, string> }> {
    const id = await asked(own);
    const absences = new Map<string, string>();
    // From the top, so that the question does not wander meanwhile.
    for (const alias of [...EVERYBODY].reverse()) absences.set(alias, await goAway(own, alias));
    return { id, absences };
  }

  it('the fallback of the program is asked, and somebody should look after it', async () => {
    const { id } = await emptied(running(FALLBACK));
    expect(await askedOf(id)).toMatchObject({ approver: 'ops', isFallback: true });
    expect((await stateOf(id)).needsAttention).toBe(true);
    await expectAgreement(id);
  });

  it('and there is no fallback, a new question is put to nobody, which needs attention', async () => {
    const own = running(TWO_MANAGERS);
    for (const alias of EVERYBODY) await goAway(own, alias);
    const { registrationId, state } = await own.evaluate((await own.receive(REVIEWED)).registrationId, ONE);
    expect(stepOf(state)).toMatchObject({ approver: null, asked: [] });
    expect(state.needsAttention).toBe(true);
    await expectAgreement(registrationId);
  });

  it.each(['manager2', 'vp'] as const)('and %s comes back, it is put to that person, and needs no attention any more', async (alias) => {
    const own = running(FALLBACK);
    const { id, absences } = await emptied(own);
    await comeBack(own, alias, absences.get(alias) ?? '', TWO);
    expect(await askedOf(id)).toMatchObject({ approver: alias, isFallback: false, reason: 'replaced', openedAt: TWO });
    expect((await stateOf(id)).needsAttention).toBe(false);
    await expectAgreement(id);
  });

  it('nor was anybody when it was put, it goes to whoever of the role comes back first', async () => {
    const own = running(TWO_MANAGERS);
    const absences = new Map<string, string>();
    for (const alias of EVERYBODY) absences.set(alias, await goAway(own, alias));
    const { registrationId: id } = await own.evaluate((await own.receive(REVIEWED)).registrationId, ONE);
    await comeBack(own, 'manager2', absences.get('manager2') ?? '', TWO);
    expect(await askedOf(id)).toMatchObject({ role: 'partner_manager', approver: 'manager2', dueAt: later(TWO, 24 * HOUR_MS) });
    expect((await stateOf(id)).needsAttention).toBe(false);
    await expectAgreement(id);
  });

  it('and an absence ends by itself, it is put to whoever is back at that instant, not before', async () => {
    const own = running(TWO_MANAGERS);
    for (const alias of EVERYBODY) await goAway(own, alias, alias === 'director' ? { until: TWO } : {});
    const { registrationId: id } = await own.evaluate((await own.receive(REVIEWED)).registrationId, ONE);
    await own.registrations.passDeadline(id, later(TWO, -1));
    expect(await askedOf(id)).toMatchObject({ approver: null });
    await own.registrations.passDeadline(id, TWO);
    expect(await askedOf(id)).toMatchObject({ approver: 'director', role: 'director' });
    expect((await stateOf(id)).needsAttention).toBe(false);
  });
});

describe('an approver whom the CRM deactivates', () => {
  /** As a page of users that was captured. */
  async function captureUser(own: DecisionStage, alias: string, isActive: boolean, at: string): Promise<void> {
    const connections = new Map([['salesforce', silentConnection()]]);
    const fields = { Username: `${alias}@acme.example`, Alias: alias, IsActive: isActive, Name: alias, Email: null, ManagerId: null };
    const row = { id: `005-${alias}`, stamp: at, deleted: false, mergedInto: null, createdBy: null, fields };
    await own.db
      .transaction()
      .execute((trx) => saveMirrored(trx, { ...own.deps, connections }, 'salesforce', 'user', [row as never], new Map(), at));
    await own.runMessages(at);
  }

  it('is replaced as soon as that is captured', async () => {
    const own = running(TWO_MANAGERS);
    const id = await asked(own);
    await captureUser(own, 'manager', true, ONE);
    expect(await askedOf(id)).toMatchObject({ number: 1, approver: 'manager' });
    await captureUser(own, 'manager', false, TWO);
    const step = await askedOf(id);
    expect(step).toMatchObject({ number: 2, approver: 'manager2', reason: 'replaced', openedAt: TWO });
    expect(step?.mayDecide).not.toContain('manager');
    await expectAgreement(id);
  });

  it('is replaced by the deputy where one is declared', async () => {
    const own = running(WITH_DEPUTY);
    const id = await asked(own);
    await captureUser(own, 'manager', false, ONE);
    expect(await askedOf(id)).toMatchObject({ approver: 'vp', onBehalfOf: 'manager' });
  });

  it('is asked again when activated, where nobody else was free', async () => {
    const own = running(TWO_MANAGERS);
    const id = await asked(own);
    for (const alias of ['vp', 'director', 'manager2', 'manager']) await captureUser(own, alias, false, ONE);
    expect((await stateOf(id)).needsAttention).toBe(true);
    await captureUser(own, 'manager2', true, TWO);
    expect(await askedOf(id)).toMatchObject({ approver: 'manager2', reason: 'replaced' });
    expect((await stateOf(id)).needsAttention).toBe(false);
  });
});
