import { randomUUID } from 'node:crypto';
import type { Database } from '../../store/database.ts';
import { API_TOKEN, apiDependencies, PARTNER, registrationBody, startTestApi, type ApiAnswer, type TestApi } from '../support/api.ts';
import { startDecisionServer, type DecisionServer } from '../support/decision-server.ts';
import { createDecisionStage, type DecisionStage } from '../support/decision-stage.ts';
import { describeWith, findServers } from '../support/find-servers.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

jest.setTimeout(120_000);

const now = (): string => new Date().toISOString();
const inSixtyDays = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);

interface Problem {
  readonly type: string;
  readonly detail: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}
interface Reviewed {
  readonly approval: {
    readonly steps: readonly { readonly approver: string; readonly onBehalfOf: string | null; readonly reason: string }[];
  };
}

describeWith(findServers().temporal, 'handing over', (program) => {
  let postgres: TestPostgres | undefined;
  let server: DecisionServer | undefined;
  let db: Database;
  let stage: DecisionStage;
  let api: TestApi;

  beforeAll(async () => {
    postgres = await startTestPostgres();
    ({ db } = await postgres.openEmpty());
    server = await startDecisionServer(program);
    stage = createDecisionStage(db, { now });
    api = await startTestApi(apiDependencies(db, { temporal: server.client, now }));
    await api.call('PUT', '/v1/partners/P-1', PARTNER);
    await server.startWorker(stage.deps);
  });
  afterAll(async () => {
    await api?.close();
    await server?.stop();
    await postgres?.stop();
  });

  let count = 0;
  /** Its value is the Partner Manager's to decide. */
  async function reviewed(): Promise<string> {
    count += 1;
    const customer = { name: `Customer ${count}`, domain: `customer${count}.example`, country: 'US' };
    const estimatedValue = { amount: '90000.00', currency: 'USD' };
    const body = registrationBody({ externalId: `DR-${count}`, customer, expectedCloseDate: inSixtyDays, estimatedValue });
    const { id } = (await api.call('POST', '/v1/registrations', body)).body as { id: string };
    await stage.evaluate(id);
    return id;
  }
  async function contested(): Promise<string> {
    count += 1;
    const customer = { name: `Customer ${count}`, domain: `customer${count}.example`, country: 'US' };
    await stage.receiveAndEvaluate({ customer });
    return (await stage.receiveAndEvaluate({ customer: { ...customer, domain: null } })).state.caseId ?? '';
  }

  const post = (path: string, body: object, key?: string): Promise<ApiAnswer> =>
    api.call('POST', `/v1/${path}`, body, {
      authorization: `Bearer ${API_TOKEN}`,
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    });
  const handing = (actor: string, to: string) => ({ actor, to, reason: 'On a journey.' });
  const problemOf = ({ status, body }: ApiAnswer) => [status, (body as Problem).type.replace('urn:dealkeeper:problem:', '')];

  describe('of a registration', () => {
    it('delegates and reassigns in the name of whoever may, and answers who is asked then', async () => {
      const id = await reviewed();
      const delegated = await post(`registrations/${id}/delegate`, handing('manager', 'director'));
      expect([delegated.status, (delegated.body as Reviewed).approval]).toMatchObject([
        200,
        { steps: [{ approver: 'director', onBehalfOf: 'manager', reason: 'delegated' }] },
      ]);
      const reassigned = await post(`registrations/${id}/reassign`, handing('vp', 'manager'));
      expect([reassigned.status, (reassigned.body as Reviewed).approval]).toMatchObject([
        200,
        { steps: [{ approver: 'manager', onBehalfOf: null, reason: 'reassigned' }] },
      ]);
    });

    it('answers 403 to whoever may not, 409 where the other may not have it or nothing is open, and keeps that', async () => {
      const id = await reviewed();
      expect(problemOf(await post(`registrations/${id}/delegate`, handing('rep', 'director')))).toEqual([403, 'actor_may_not_decide']);
      expect(problemOf(await post(`registrations/${id}/reassign`, handing('manager', 'director')))).toEqual([403, 'actor_may_not_decide']);
      const impossible = await post(`registrations/${id}/delegate`, handing('manager', 'rep'));
      expect(problemOf(impossible)).toEqual([409, 'delegate_not_possible']);
      expect((impossible.body as Problem).detail).toBe('rep may not approve as much: the lower limit of both holds for a delegate.');
      await post(`registrations/${id}/decisions`, { decision: 'approve', comment: '', actor: 'manager' });
      expect(problemOf(await post(`registrations/${id}/delegate`, handing('manager', 'director')))).toEqual([409, 'state_does_not_allow']);
      const refused = await db.selectFrom('audit_entry').select('actor').where('kind', '=', 'refused').orderBy('id').execute();
      expect(refused.map(({ actor }) => actor)).toEqual(['rep', 'manager', 'manager', 'manager']);
    });

    it('is done once for one key, which is refused for another command', async () => {
      const id = await reviewed();
      const send = (to: string) => post(`registrations/${id}/delegate`, handing('manager', to), 'one');
      const answers = await Promise.all([send('director'), send('director')]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect(problemOf(await send('vp'))).toEqual([409, 'command-id-in-use']);
      expect((await stage.registration(id)).state.questions).toBe(2);
    });
  });

  describe('of a case', () => {
    it('does the same, and says so in the case', async () => {
      const id = await contested();
      expect(problemOf(await post(`cases/${id}/reassign`, handing('manager', 'director')))).toEqual([403, 'actor_may_not_decide']);
      const { status, body } = await post(`cases/${id}/delegate`, handing('manager', 'director'));
      expect([status, body]).toMatchObject([200, { id, status: 'open', arbiter: 'director' }]);
    });
  });

  it.each([
    [
      'nobody to give it to',
      { actor: 'manager', reason: 'x' },
      'to',
      'expected the alias of a user: 1–64 letters, digits, ".", "_" or "-"',
    ],
    ['no reason', { actor: 'manager', to: 'director', reason: ' ' }, 'reason', 'expected a text of 1–2000 characters'],
    ['too long a reason', { actor: 'manager', to: 'director', reason: 'x'.repeat(2001) }, 'reason', 'expected a text of 1–2000 characters'],
  ])('is refused with %s', async (_what, body, field, message) => {
    const [id, caseId] = [randomUUID(), randomUUID()];
    for (const path of [
      `registrations/${id}/delegate`,
      `registrations/${id}/reassign`,
      `cases/${caseId}/delegate`,
      `cases/${caseId}/reassign`,
    ]) {
      const answer = await post(path, body);
      expect([answer.status, (answer.body as Problem).errors]).toEqual([400, [{ field, message }]]);
    }
  });

  it.each(['delegate', 'reassign'])('answers 404 where there is nothing to %s', async (verb) => {
    for (const kind of ['registrations', 'cases']) {
      expect((await post(`${kind}/${randomUUID()}/${verb}`, handing('manager', 'director'))).status).toBe(404);
    }
  });

  describe('comments', () => {
    const comments = async (path: string): Promise<readonly object[]> =>
      ((await api.call('GET', `/v1/${path}`)).body as { items: object[] }).items;

    it.each(['registrations', 'cases'] as const)(
      'are kept with who said what to whom; a partner reads only what is for partners (%s)',
      async (kind) => {
        const id = kind === 'cases' ? await contested() : await reviewed();
        const say = (text: string, audience: string, actor: string) => post(`${kind}/${id}/comments`, { text, audience, actor });
        expect((await say('Known to us.', 'internal', 'manager')).status).toBe(200);
        expect((await say('We look\ninto it.', 'partner', 'manager')).status).toBe(200);
        const [first, second] = [
          { by: 'manager', audience: 'internal', text: 'Known to us.' },
          { by: 'manager', audience: 'partner', text: 'We look\ninto it.' },
        ];
        expect(await comments(`${kind}/${id}/comments`)).toMatchObject([first, second]);
        expect(await comments(`${kind}/${id}/comments?audience=partner`)).toMatchObject([second]);
        const page = (await api.call('GET', `/v1/${kind}/${id}/comments?limit=1`)).body as { items: object[]; nextCursor: string };
        expect(page.items).toMatchObject([first]);
        const next = (await api.call('GET', `/v1/${kind}/${id}/comments?limit=1&cursor=${page.nextCursor}`)).body;
        expect(next).toMatchObject({ items: [second], nextCursor: null });
        expect((await api.call('GET', `/v1/${kind}/${id}/comments?cursor=x`)).status).toBe(400);
        const unknown = await api.call('GET', `/v1/${kind}/${id}/comments?audience=all`);
        expect([unknown.status, (unknown.body as Problem).errors]).toEqual([
          400,
          [{ field: 'audience', message: 'expected one of partner, internal' }],
        ]);
        for (const missing of [randomUUID(), 'no-id']) expect((await api.call('GET', `/v1/${kind}/${missing}/comments`)).status).toBe(404);
      },
    );

    it.each([
      ['nothing', { text: ' ', audience: 'partner', actor: 'manager' }, 'text', 'expected a text of 1–2000 characters'],
      ['nobody in particular', { text: 'x', audience: 'all', actor: 'manager' }, 'audience', 'expected one of partner, internal'],
    ])('are refused that say something to %s', async (_what, body, field, message) => {
      for (const kind of ['registrations', 'cases']) {
        const answer = await post(`${kind}/${randomUUID()}/comments`, body);
        expect([answer.status, (answer.body as Problem).errors]).toEqual([400, [{ field, message }]]);
      }
    });
  });
});
