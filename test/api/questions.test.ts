import { randomUUID } from 'node:crypto';
import { insertAbsence } from '../../store/absence.ts';
import type { Database } from '../../store/database.ts';
import { ACME } from '../program/example.ts';
import { governed, person } from '../program/approval/example.ts';
import { apiDependencies, NOW, startTestApi, type TestApi } from '../support/api.ts';
import { createDecisionStage, emptyStore, later, type DecisionStage } from '../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

jest.setTimeout(60_000);

const HOUR_MS = 3_600_000;
const REVIEWED = { estimatedValue: { amount: '60000.00', currency: 'USD' } };
const FROM = later(NOW, HOUR_MS);
const UNTIL = later(NOW, 48 * HOUR_MS);
const PROGRAM = governed(ACME, { people: [person('manager', { deputy: 'helper' })], fallback: 'ops' });

let postgres: TestPostgres | undefined;
let db: Database;
let api: TestApi;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ db } = await postgres.openEmpty());
  const programs = { current: () => PROGRAM, byVersion: () => PROGRAM };
  stage = createDecisionStage(db, { now: () => NOW, programs });
  api = await startTestApi(apiDependencies(db, { programs }));
});
afterEach(() => emptyStore(db));
afterAll(async () => {
  await api?.close();
  await postgres?.stop();
});

interface Answered {
  readonly items: readonly Readonly<Record<string, unknown>>[];
}
interface Problem {
  readonly type: string;
  readonly detail: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

const itemsOf = async (path: string): Promise<Answered['items']> => ((await api.call('GET', path)).body as Answered).items;
const goAway = (alias: string, changes: object = {}) =>
  api.call('POST', `/v1/users/${alias}/absences`, { from: FROM, until: UNTIL, actor: 'ops', ...changes });
async function entered(alias: string, changes: object = {}): Promise<string> {
  const { status, body } = await goAway(alias, changes);
  expect(status).toBe(200);
  return (body as { id: string }).id;
}

describe('GET /v1/users/{alias}/questions', () => {
  it('is what a person is asked, in full, what is due first first, until it is answered', async () => {
    const first = await stage.receiveAndEvaluate(REVIEWED);
    const other = { ...REVIEWED, customer: { name: 'Contoso', domain: 'contoso.com' } };
    const second = await stage.evaluate((await stage.receive(other)).registrationId, later(NOW, -HOUR_MS));
    const items = await itemsOf('/v1/users/manager/questions');
    expect(items.map(({ registrationId }) => registrationId)).toEqual([second.registrationId, first.registrationId]);
    expect(items[1]).toEqual({
      subject: `registration/${first.registrationId}`,
      number: 1,
      kind: 'registration',
      registrationId: first.registrationId,
      step: 'partner_manager',
      reason: 'asked',
      approver: 'manager',
      onBehalfOf: null,
      dueAt: later(NOW, 24 * HOUR_MS),
      askedAt: NOW,
      remindedAt: null,
    });
    await stage.command(first.registrationId, { kind: 'decide', decision: 'approve', actor: 'director' });
    expect(await itemsOf('/v1/users/manager/questions')).toHaveLength(1);
    expect(await itemsOf('/v1/users/director/questions')).toEqual([]);
  });

  it('goes with the question to whoever gets it', async () => {
    const { registrationId } = await stage.receiveAndEvaluate(REVIEWED);
    await stage.command(registrationId, { kind: 'delegate', to: 'director', actor: 'manager' });
    expect(await itemsOf('/v1/users/manager/questions')).toEqual([]);
    expect(await itemsOf('/v1/users/director/questions')).toMatchObject([
      { number: 2, reason: 'delegated', approver: 'director', onBehalfOf: 'manager', step: 'partner_manager' },
    ]);
  });

  it('is with every member of a queue', async () => {
    const roles = PROGRAM.governance.roles.map((role) => (role.id === 'director' ? { ...role, members: ['director', 'deputy'] } : role));
    const routing = { ...PROGRAM.routing, rows: [{ when: {}, steps: [{ role: 'director', asks: 'queue' as const }] }] };
    const program = { ...governed(PROGRAM, { roles }), routing };
    await stage.withDependencies({ programs: { current: () => program, byVersion: () => program } }).receiveAndEvaluate();
    for (const alias of ['director', 'deputy']) expect(await itemsOf(`/v1/users/${alias}/questions`)).toHaveLength(1);
  });

  it('names a case by its own id', async () => {
    await stage.receiveAndEvaluate();
    const { state } = await stage.receiveAndEvaluate({ customer: { domain: null } });
    expect(await itemsOf('/v1/users/manager/questions')).toMatchObject([{ kind: 'case', subject: `case/${state.caseId}` }]);
  });
});

describe('an alias that cannot be one', () => {
  it.each([
    ['GET', 'questions', undefined],
    ['GET', 'absences', undefined],
    ['POST', 'absences', { from: FROM, until: UNTIL, actor: 'ops' }],
    ['POST', `absences/${randomUUID()}/end`, { actor: 'ops' }],
  ] as const)('is told at %s /v1/users/{alias}/%s', async (method, path, body) => {
    const answer = await api.call(method, `/v1/users/the%20manager/${path}`, body);
    expect(answer.status).toBe(400);
    expect((answer.body as Problem).errors).toEqual([
      { field: 'alias', message: 'expected the alias of a user: 1–64 letters, digits, ".", "_" or "-"' },
    ]);
  });

  it('needs the token like everything else', async () => {
    expect((await api.call('GET', '/v1/users/manager/questions', undefined, {})).status).toBe(401);
    expect((await api.call('POST', '/v1/users/manager/absences', { from: FROM, until: UNTIL, actor: 'ops' }, {})).status).toBe(401);
  });
});

describe('POST /v1/users/{alias}/absences', () => {
  it('keeps an absence with its scope, and lists it until it is over', async () => {
    const scope = { kinds: ['case'], regions: ['emea'], upTo: '50000.00' };
    const id = await entered('manager', { delegate: 'director', scope, from: '2026-11-23T17:00:00+01:00' });
    const absence = { id, alias: 'manager', from: FROM, until: UNTIL, delegate: 'director', scope, enteredBy: 'ops' };
    expect(await itemsOf('/v1/users/manager/absences')).toEqual([absence]);
    expect(await itemsOf('/v1/users/director/absences')).toEqual([]);
  });

  it('is about every question where nothing else is said', async () => {
    await entered('manager');
    expect(await itemsOf('/v1/users/manager/absences')).toMatchObject([{ delegate: null, scope: { kinds: [], regions: [], upTo: null } }]);
  });

  it('has everything looked at again that the person is asked', async () => {
    const { registrationId } = await stage.receiveAndEvaluate(REVIEWED);
    await entered('manager', { from: NOW });
    expect(await stage.messages(`registration/${registrationId}`)).toContainEqual({
      kind: 'refresh_registration',
      payload: { reevaluate: false, reconsider: true },
    });
    await stage.runMessages();
    // The deputy of the manager may decide nothing.
    expect(await itemsOf('/v1/users/director/questions')).toMatchObject([{ registrationId, reason: 'replaced' }]);
  });

  it.each([
    ['no time at all', { from: undefined, until: undefined }, ['from', 'until'], 'expected an instant such as 2026-12-21T09:00:00Z'],
    ['a word', { from: 'soon' }, ['from'], 'expected an instant such as 2026-12-21T09:00:00Z'],
    ['a day without an hour', { from: '2026-11-24' }, ['from'], 'expected an instant such as 2026-12-21T09:00:00Z'],
    ['an end at the beginning', { until: FROM }, ['until'], `expected a time after ${FROM}`],
    ['an end that has passed', { from: later(NOW, -2 * HOUR_MS), until: NOW }, ['until'], `expected a time to come; now it is ${NOW}`],
    [
      'more than two years',
      { until: later(FROM, 2 * 366 * 24 * HOUR_MS + 1) },
      ['until'],
      'expected at most two years after the beginning',
    ],
    ['a delegate who is nobody', { delegate: 'nobody' }, ['delegate'], 'there is no such user'],
    ['the person as the own delegate', { delegate: 'manager' }, ['delegate'], 'expected somebody else'],
    ['a delegate that is no alias', { delegate: 'the director' }, ['delegate'], expect.stringContaining('1–64 letters')],
    ['no actor', { actor: undefined }, ['actor'], expect.stringContaining('expected the alias of a user')],
    [
      'an unknown kind',
      { scope: { kinds: ['registration', 'lunch'] } },
      ['scope.kinds[1]'],
      'expected one of registration, extension, transfer, appeal, case',
    ],
    ['kinds that are no list', { scope: { kinds: 'case' } }, ['scope.kinds'], 'expected a list'],
    [
      'an unknown region',
      { scope: { regions: ['emea', 'moon'] } },
      ['scope.regions[1]'],
      'expected one of north_america, latin_america, emea, apac',
    ],
    ['a value as a number', { scope: { upTo: 50000 } }, ['scope.upTo'], 'expected a decimal in quotes, such as "50000.00"'],
    ['a value below nothing', { scope: { upTo: '-1' } }, ['scope.upTo'], 'expected a decimal in quotes, such as "50000.00"'],
    ['an unknown field', { reason: 'Holidays' }, ['reason'], expect.any(String)],
  ])('refuses %s', async (_what, changes, fields, message) => {
    const { status, body } = await goAway('manager', changes);
    const { errors = [], type } = body as Problem;
    expect([status, type, errors.map(({ field }) => field)]).toEqual([400, 'urn:dealkeeper:problem:validation', fields]);
    for (const error of errors) expect(error.message).toEqual(message);
    expect(await itemsOf('/v1/users/manager/absences')).toEqual([]);
  });

  it('takes the longest that there may be', async () => {
    await entered('manager', { until: later(FROM, 2 * 366 * 24 * HOUR_MS) });
  });

  it('takes up to 200 of one person that are not over, and says so of one more', async () => {
    const scope = { kinds: [], regions: [], upTo: null };
    const row = { alias: 'manager', from: FROM, until: UNTIL, delegate: null, scope, enteredBy: 'ops' };
    await db.transaction().execute(async (trx) => {
      await insertAbsence(trx, { ...row, id: randomUUID(), from: later(NOW, -HOUR_MS), until: NOW }, NOW);
      for (let count = 1; count < 199; count += 1) await insertAbsence(trx, { ...row, id: randomUUID(), until: later(UNTIL, count) }, NOW);
    });
    // Two at once for the one place before the last, and one for the last.
    const last = await entered('manager');
    const others = await Promise.all(['director', 'helper'].map((delegate) => goAway('manager', { delegate })));
    expect(others.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400]);
    const { status, body } = await goAway('manager', { delegate: 'ops' });
    const { type, errors } = body as Problem;
    expect([status, type]).toEqual([400, 'urn:dealkeeper:problem:validation']);
    expect(errors).toEqual([{ field: 'alias', message: 'expected at most 200 absences that are not over; manager has as many' }]);
    expect(await itemsOf('/v1/users/manager/absences')).toHaveLength(200);
    await entered('director');
    await api.call('POST', `/v1/users/manager/absences/${last}/end`, { actor: 'ops' });
    await entered('manager');
  });

  it('enters one once that is said again, also by two at once, and again after it was called off', async () => {
    const scope = { kinds: ['case'], regions: [], upTo: '50000.00' };
    const ids = await Promise.all([1, 2, 3].map(() => entered('manager', { scope })));
    expect(new Set(ids).size).toBe(1);
    await entered('manager');
    expect(await itemsOf('/v1/users/manager/absences')).toHaveLength(2);
    await api.call('POST', `/v1/users/manager/absences/${ids[0]}/end`, { actor: 'ops' });
    expect(await entered('manager', { scope })).not.toBe(ids[0]);
  });

  it('answers 404 for somebody whom nobody knows, and takes whom the program, a CRM or a partner names', async () => {
    const unknown = await goAway('manger');
    expect([unknown.status, (unknown.body as Problem).detail]).toEqual([404, 'There is no user "manger".']);
    await stage.setUsers([{ alias: 'newcomer', isActive: true }]);
    await stage.addPartner({ manager: 'outsider' });
    for (const alias of ['helper', 'ops', 'newcomer', 'outsider']) await entered(alias);
  });
});

describe('POST /v1/users/{alias}/absences/{id}/end', () => {
  const end = (alias: string, id: string, body: object = { actor: 'ops' }) =>
    api.call('POST', `/v1/users/${alias}/absences/${id}/end`, body);

  it('ends one and answers those that are left, also one that has not begun', async () => {
    const running = await entered('manager', { from: later(NOW, -HOUR_MS) });
    const coming = await entered('manager', { from: UNTIL, until: later(UNTIL, HOUR_MS) });
    const ended = await end('manager', coming);
    expect([ended.status, (ended.body as Answered).items.map(({ id }) => id)]).toEqual([200, [running]]);
    expect((await end('manager', running)).body).toEqual({ items: [] });
  });

  it('answers 404 for one that is over, of somebody else, or that never was', async () => {
    const id = await entered('manager');
    expect((await end('director', id)).status).toBe(404);
    for (const unknown of [randomUUID(), 'no-id']) expect((await end('manager', unknown)).status).toBe(404);
    expect((await end('manager', id)).status).toBe(200);
    const again = await end('manager', id);
    expect([again.status, (again.body as Problem).detail]).toEqual([404, `There is no absence "${id}".`]);
  });

  it('needs to know who says so', async () => {
    const id = await entered('manager');
    const { status, body } = await end('manager', id, {});
    expect([status, (body as Problem).errors?.map(({ field }) => field)]).toEqual([400, ['actor']]);
    expect(await itemsOf('/v1/users/manager/absences')).toHaveLength(1);
  });
});

describe('GET /v1/registrations/{id}/outlook', () => {
  interface Outlook {
    readonly outlook: readonly { readonly kind: string; readonly at: string; readonly message: string }[];
  }
  const outlookOf = async (id: string) => (await api.call('GET', `/v1/registrations/${id}/outlook`)).body as Outlook;

  it('says who answers by when, and until when it is protected if it is approved now', async () => {
    const { registrationId } = await stage.receiveAndEvaluate(REVIEWED);
    expect(await outlookOf(registrationId)).toMatchObject({
      registrationId,
      asOf: NOW,
      outlook: [
        { kind: 'step_due', at: later(NOW, 24 * HOUR_MS), message: 'Partner Manager answers by Tue 24 Nov 2026, 10:00 America/New_York.' },
        { kind: 'decide_by', at: later(NOW, 24 * HOUR_MS) },
        { kind: 'protected_until', at: later(NOW, 90 * 24 * HOUR_MS) },
      ],
    });
  });

  it('has nothing to say of a claim that is decided, and answers 404 for one that is not there', async () => {
    const { registrationId } = await stage.receiveAndEvaluate();
    expect((await outlookOf(registrationId)).outlook).toEqual([]);
    for (const id of [randomUUID(), 'no-id']) expect((await api.call('GET', `/v1/registrations/${id}/outlook`)).status).toBe(404);
  });
});
