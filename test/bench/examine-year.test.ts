import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { decisionsBeyond, examineYear, isDroppedInSilence, isForgotten, type YearResult } from '../../bench/year/examine.ts';
import { openLedger, type Ledger } from '../../bench/year/ledger.ts';
import type { CaseState } from '../../program/case-life.ts';
import { MESSAGES, registrationWorkflowId } from '../../program/messages.ts';
import { SUBMITTED, type RegistrationState } from '../../program/registration-life.ts';
import { enqueue } from '../../store/outbox.ts';
import type { Database, Transaction } from '../../store/database.ts';
import { ACME } from '../program/example.ts';
import { copyRegistration } from '../support/copied-registration.ts';
import { later, type ClaimWishes } from '../support/decision-stage.ts';
import { describeWith, findServers } from '../support/find-servers.ts';
import { nextWeekday, openFlowStage, openTimeSkipping, type FlowStage } from '../support/flow-stage.ts';
import { exampleApproval, stepOf } from '../support/open-step.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { until } from '../support/until.ts';

jest.setTimeout(180_000);

const HOUR_MS = 3_600_000;

describe('isDroppedInSilence', () => {
  const dueAt = '2026-11-17T15:00:00.000Z';
  const before = later(dueAt, -1);
  const asked = {
    subject: 'registration/1',
    put_at: '2026-11-16T15:00:00.000Z',
    due_at: dueAt,
    closed_at: dueAt as string | null,
    closed_by: 'program' as string | null,
    answer: 'silence' as string | null,
  };
  const next = { ...asked, put_at: dueAt, closed_at: null, closed_by: null, answer: null };

  it.each([
    ['silence', {}],
    ['escalated', { answer: 'escalated' }],
    ['asked again', { answer: 'asked_again' }],
    ['passed on to another member', { answer: 'reassigned' }],
    ['closed with all of it, before its own time', { answer: 'time of the whole over', closed_at: before }],
  ])('finds a question that was %s, and nobody was asked instead', (_how, more) => {
    const question = { ...asked, ...more };
    const successor = { ...next, put_at: question.closed_at ?? dueAt };
    expect(isDroppedInSilence(question, [question])).toBe(true);
    expect(isDroppedInSilence(question, [question, { ...successor, subject: 'registration/2' }])).toBe(true);
    expect(isDroppedInSilence(question, [question, { ...successor, put_at: later(successor.put_at, 1) }])).toBe(true);
    expect(isDroppedInSilence(question, [question, successor])).toBe(false);
  });

  it.each([
    ['is open', { closed_at: null, closed_by: null, answer: null }],
    ['a person answered', { closed_by: 'vera', answer: 'approved' }],
    ['a person handed over', { closed_by: 'vera', answer: 'reassigned' }],
    ['silence answered', { answer: 'deemed approved' }],
    ['ended with its claim, before its time', { closed_at: before, answer: 'withdrawn' }],
  ])('leaves one that %s', (_what, more) => {
    const question = { ...asked, ...more };
    expect(isDroppedInSilence(question, [question])).toBe(false);
  });
});

describe('isForgotten', () => {
  const inReview: RegistrationState = { ...SUBMITTED, status: 'in_review' };
  const nothing = { isCaseSettled: false, undecided: 0 };

  it.each<[string, Partial<RegistrationState>, Partial<typeof nothing>, boolean]>([
    ['asks nobody', {}, {}, true],
    ['asks somebody', { approval: exampleApproval() }, {}, false],
    ['waits for a claim that is not decided', { waitingFor: ['r-1'] }, { undecided: 1 }, false],
    ['waits for one that is', { waitingFor: ['r-1'] }, {}, true],
    ['is in a case', { caseId: 'c-1', approval: exampleApproval() }, {}, false],
    ['was left behind by its case', { caseId: 'c-1', approval: exampleApproval() }, { isCaseSettled: true }, true],
    ['is not in review', { status: 'approved' }, {}, false],
  ])('looks at a claim that %s', (_what, more, around, expected) => {
    expect(isForgotten({ ...inReview, ...more }, { ...nothing, ...around })).toBe(expected);
  });
});

describe('decisionsBeyond', () => {
  const answered = (subject: string, by: string | null, answer = 'approved') => ({ subject, closed_by: by, answer });

  it('finds a decision that was reported and answers no question', () => {
    const ledger = openLedger();
    for (const decision of ['approve', 'deny']) ledger.accepted('registration/1', 'vera', decision);
    ledger.accepted('registration/2', 'anna', 'approve');
    const kept = [answered('registration/1', 'vera'), answered('registration/2', 'anna'), answered('registration/3', 'vera')];
    expect(decisionsBeyond(ledger, kept)).toEqual(['registration/1: vera was told that deny was carried out, and no question says so']);
    expect(decisionsBeyond(ledger, [...kept, answered('registration/1', 'vera', 'denied')])).toEqual([]);
    expect(decisionsBeyond(ledger, [...kept, answered('registration/1', 'vera', 'delegated')])).toHaveLength(1);
    expect(decisionsBeyond(ledger, [answered('registration/1', 'program'), answered('registration/1', null)])).toHaveLength(3);
  });
});

/** A claim of every kind that a year leaves behind, by what became of it. */
type Names = 'asked' | 'waiting' | 'decided' | 'escalated' | 'approved' | 'withdrawn' | 'contesting';

describeWith(findServers().timeSkipping, 'examineYear', (path) => {
  let environment: TestWorkflowEnvironment;
  let postgres: TestPostgres;
  let flow: FlowStage;
  let db: Database;
  let ids: Readonly<Record<Names, string>>;
  let caseId: string;
  let ledger: Ledger;
  /** What loading a registration comes to instead, by its id. */
  const failing = new Map<string, () => Promise<never>>();

  beforeAll(async () => {
    [environment, postgres] = await Promise.all([openTimeSkipping(path), startTestPostgres()]);
    const { db: own, url } = await postgres.openEmpty();
    db = own;
    flow = await openFlowStage(environment, db, url, {
      loadRegistration: (id) => failing.get(id)?.() ?? flow.decisions.registrations.loadRegistration(id),
    });
    const at = (name: string, more: ClaimWishes = {}): Promise<string> =>
      flow.submit({ customer: { name, domain: `${name}.com` }, ...more });
    const reviewed = { estimatedValue: { amount: '60000.00', currency: 'USD' } };
    await flow.skipTo(nextWeekday(await flow.now(), 2));
    const escalated = await at('zorbix', reviewed);
    await flow.skipTo(later(stepOf(await flow.state(escalated))?.dueAt ?? '', 20));
    await flow.untilState(escalated, 'the director is asked', (state) => stepOf(state)?.role === 'director');
    const [asked, waiting] = [await at('kulwem', reviewed), await at('kulwem')];
    const [decided, withdrawn, approved] = [await at('tapdyn', reviewed), await at('foghus'), await at('jalmir')];
    const contesting = await flow.submit({ customer: { name: 'jalmir', domain: null } });
    await flow.send(decided, { kind: 'decide', decision: 'approve', actor: 'manager' });
    await flow.send(withdrawn, { kind: 'withdraw', actor: 'partner' });
    // Whoever waits for a result lets time pass.
    const leaving = environment.client.workflow.getHandle(registrationWorkflowId(withdrawn));
    await until('the flow of the withdrawn claim has ended', async () => (await leaving.describe()).status.name === 'COMPLETED');
    ids = { asked, waiting, decided, escalated, approved, withdrawn, contesting };
    caseId = (await flow.state(contesting)).caseId ?? '';
    ledger = openLedger();
    for (const [name, id] of Object.entries(ids)) ledger.received(id, name);
    ledger.accepted(about('decided'), 'manager', 'approve');
    await until('everything is delivered', async () => (await db.selectFrom('outbox').selectAll().execute()).length === 0);
  });
  afterAll(async () => {
    await flow.close();
    await environment.teardown();
    await postgres.stop();
  });

  const about = (name: Names): string => registrationWorkflowId(ids[name]);
  const externalId = (name: Names): string => `DR-${ids[name]}`;

  /** What is found once `change` was made to the store; the change is undone again. */
  async function found(change: (trx: Transaction) => Promise<unknown> = async () => undefined, kept = ledger): Promise<YearResult> {
    const trx = await db.startTransaction().execute();
    try {
      await change(trx);
      const now = await flow.now();
      return await examineYear({ db: trx, program: ACME, client: environment.client, now: () => now }, kept);
    } finally {
      await trx.rollback().execute();
    }
  }
  const question = (trx: Transaction, subject: string, number: number, values: object) =>
    trx.updateTable('question').set(values).where('subject', '=', subject).where('number', '=', number).execute();
  const unlist = (trx: Transaction, subject: string) => trx.deleteFrom('question').where('subject', '=', subject).execute();
  async function restate(trx: Transaction, name: Names, values: Partial<RegistrationState>): Promise<void> {
    const state = JSON.stringify({ ...(await flow.state(ids[name])), ...values });
    await trx.updateTable('registration').set({ state }).where('id', '=', ids[name]).execute();
  }
  async function restateCase(trx: Transaction, values: Partial<CaseState>): Promise<void> {
    const state = JSON.stringify({ ...(await flow.decisions.conflictCase(caseId)).state, ...values });
    await trx.updateTable('conflict_case').set({ state }).where('id', '=', caseId).execute();
  }
  /** Both claims on one customer, protected at the same time, although not to the same end. */
  async function protectTwice(trx: Transaction): Promise<void> {
    const { customerId } = await flow.decisions.registration(ids.asked);
    const now = await flow.now();
    const held = { customer_id: customerId, product_line: 'platform', starts_at: now, until_at: later(now, 24 * HOUR_MS) };
    await trx
      .insertInto('protection')
      .values([
        { ...held, registration_id: ids.asked, ended_at: later(now, HOUR_MS) },
        { ...held, registration_id: ids.waiting, ended_at: null },
      ])
      .execute();
  }

  it('finds nothing where everything is as it should be', async () => {
    const { findings, stuck, lateWithoutEscalation, decidedTwice, statuses, cases, questions } = await found();
    expect({ findings, stuck, lateWithoutEscalation, decidedTwice }).toEqual({
      findings: [],
      stuck: 0,
      lateWithoutEscalation: 0,
      decidedTwice: 0,
    });
    expect({ statuses, cases }).toEqual({ statuses: { in_review: 4, approved: 2, withdrawn: 1 }, cases: 1 });
    expect(questions).toMatchObject({ put: 5, open: 3 });
  });

  const OVERDUE = '2026-01-01T00:00:00.000Z';
  const UNLISTED = 'the list of questions is not what is open';

  it.each<[string, (trx: Transaction) => Promise<unknown>, () => string]>([
    [
      'an open question whose time is over',
      (trx) => question(trx, about('asked'), 1, { due_at: OVERDUE }),
      () => `is open since ${OVERDUE}`,
    ],
    [
      'a deadline that nothing followed',
      async (trx) => restate(trx, 'approved', { ...(await flow.state(ids.approved)), reminders: [OVERDUE] }),
      () => `${externalId('approved')} is approved although reminder was due ${OVERDUE}`,
    ],
    [
      'a claim without a verdict',
      (trx) => restate(trx, 'approved', { status: 'submitted' }),
      () => `${externalId('approved')} was not judged`,
    ],
    [
      'a claim that waits for nothing',
      (trx) => restate(trx, 'waiting', { waitingFor: [] }),
      () => `${externalId('waiting')} is in review, and nothing is asked about it`,
    ],
    [
      'a claim that waits for one that is decided',
      (trx) => restate(trx, 'waiting', { waitingFor: [ids.decided] }),
      () => `${externalId('waiting')} is in review, and nothing is asked about it`,
    ],
    [
      'a claim that its case left behind',
      (trx) => restateCase(trx, { status: 'resolved' }),
      () => `${externalId('contesting')} is in review, and nothing is asked about it`,
    ],
    ['a question that is open and not listed', (trx) => unlist(trx, about('asked')), () => `${externalId('asked')}: ${UNLISTED}`],
    [
      'a question that is listed and not open',
      (trx) => question(trx, about('asked'), 1, { number: 9 }),
      () => `${externalId('asked')}: ${UNLISTED}`,
    ],
    ['a question of a case that is not listed', (trx) => unlist(trx, `case/${caseId}`), () => `case ${caseId}: ${UNLISTED}`],
    [
      'an open case that asks nobody',
      async (trx) => {
        await restateCase(trx, { approval: null });
        await unlist(trx, `case/${caseId}`);
      },
      () => `case ${caseId} is open, and nobody is asked about it`,
    ],
    [
      'a flow that ended too early',
      (trx) => restate(trx, 'withdrawn', { status: 'approved' }),
      () => `${externalId('withdrawn')}: its workflow has ended`,
    ],
    [
      'a message that waits',
      (trx) => enqueue(trx, about('asked'), { kind: 'refresh_registration', payload: { reevaluate: false } }),
      () => '1 messages were not delivered',
    ],
  ])('counts as stuck: %s', async (_what, change, words) => {
    const { findings, stuck, lateWithoutEscalation, decidedTwice } = await found(change);
    expect(findings).toEqual([expect.stringContaining(words())]);
    expect({ stuck, lateWithoutEscalation, decidedTwice }).toEqual({ stuck: 1, lateWithoutEscalation: 0, decidedTwice: 0 });
  });

  it('counts as stuck a claim that has no flow, and one more than was received or less', async () => {
    const more = await found((trx) => copyRegistration(trx, 'salesforce', ids.approved, 1));
    expect(more).toMatchObject({ stuck: 2, findings: ['copy 1: it has no workflow', '7 claims were received, 8 are kept'] });
    const received = new Map([...ledger.registrations, ['lost', 'DR-lost']]);
    const less = await found(undefined, { ...ledger, registrations: received });
    expect(less).toMatchObject({ stuck: 1, findings: ['8 claims were received, 7 are kept'] });
  });

  it.each<[string, (trx: Transaction) => Promise<unknown>, string]>([
    [
      'a question that was closed after its time',
      (trx) => question(trx, about('decided'), 1, { due_at: OVERDUE }),
      `was due ${OVERDUE} and closed`,
    ],
    [
      'one that ended in silence, and nobody was asked instead',
      async (trx) => question(trx, about('escalated'), 2, { put_at: later(await flow.now(), 1) }),
      'and nobody was asked instead',
    ],
  ])('counts as late: %s', async (_what, change, words) => {
    const { findings, stuck, lateWithoutEscalation, decidedTwice } = await found(change);
    expect(findings).toEqual([expect.stringContaining(words)]);
    expect({ stuck, lateWithoutEscalation, decidedTwice }).toEqual({ stuck: 0, lateWithoutEscalation: 1, decidedTwice: 0 });
  });

  it('counts as decided twice what answers no question, and two protections of one line', async () => {
    const once = await found((trx) => question(trx, about('decided'), 1, { closed_by: 'vp' }));
    expect(once).toMatchObject({ stuck: 0, decidedTwice: 1, findings: [expect.stringContaining('no question says so')] });
    const twice = await found(protectTwice);
    expect(twice).toMatchObject({ stuck: 0, decidedTwice: 1, findings: [expect.stringContaining('at the same time')] });
  });

  const refreshAsked = () => environment.client.workflow.getHandle(about('asked')).signal(MESSAGES.refreshRegistration, {});
  const finding = async (wanted: readonly string[]) => JSON.stringify((await found()).findings) === JSON.stringify(wanted);

  it.each<[string, () => Promise<never>, string]>([
    ['whose activity fails again and again', () => Promise.reject(new Error('the store is away')), 'loadRegistration fails'],
    [
      'that cannot go on',
      () => Promise.reject(ApplicationFailure.nonRetryable('it is kept nowhere', 'PROGRAM_VERSION_UNKNOWN')),
      'its flow cannot go on: PROGRAM_VERSION_UNKNOWN',
    ],
  ])('counts as stuck a flow %s, until it goes on', async (_how, fail, words) => {
    failing.set(ids.asked, fail);
    await refreshAsked();
    await until(words, () => finding([`${externalId('asked')}: ${words}`]));
    failing.clear();
    await refreshAsked();
    await until('it goes on', () => finding([]));
  });

  it('counts as stuck a flow whose own code fails, and one that somebody ended', async () => {
    failing.set(ids.asked, () => Promise.resolve(null as never));
    await refreshAsked();
    await until('its code fails', () => finding([`${externalId('asked')}: its workflow task fails`]));
    // What it was answered stays in its history: it cannot be helped.
    await environment.client.workflow.getHandle(about('asked')).terminate('by hand');
    expect(await found()).toMatchObject({ stuck: 1, findings: [`${externalId('asked')}: its workflow is TERMINATED`] });
  });
});
