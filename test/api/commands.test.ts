import type { Database } from '../../store/database.ts';
import {
  API_TOKEN,
  apiDependencies,
  mediaTypeOf,
  PARTNER,
  registrationBody,
  startTestApi,
  type ApiAnswer,
  type TestApi,
} from '../support/api.ts';
import { startDecisionServer, type DecisionServer } from '../support/decision-server.ts';
import { createDecisionStage, type DecisionStage } from '../support/decision-stage.ts';
import { describeWith, findServers } from '../support/find-servers.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

jest.setTimeout(120_000);

const now = (): string => new Date().toISOString();
const inSixtyDays = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);
const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

interface Answered {
  readonly id: string;
  readonly status: string;
  readonly protection: { readonly until: string } | null;
}

describeWith(findServers().temporal, 'commands', (program) => {
  let postgres: TestPostgres | undefined;
  let server: DecisionServer | undefined;
  let db: Database;
  let stage: DecisionStage;
  let api: TestApi;

  beforeAll(async () => {
    postgres = await startTestPostgres();
    ({ db } = await postgres.openEmpty());
    server = await startDecisionServer(program);
    // Timers of workflows run in real time, so the rest does too.
    stage = createDecisionStage(db, { now });
    api = await startTestApi(apiDependencies(db, { temporal: server.client, now }));
    await api.call('PUT', '/v1/partners/P-1', PARTNER);
  });

  afterAll(async () => {
    await api?.close();
    await server?.stop();
    await postgres?.stop();
  });

  let count = 0;
  /** Received over HTTP and judged; its workflow is not started, as after a crash: the first command starts it. */
  async function register(changes: Readonly<Record<string, unknown>> = {}): Promise<string> {
    count += 1;
    const customer = { name: `Customer ${count}`, domain: `customer${count}.example`, country: 'US' };
    const body = registrationBody({ externalId: `DR-${count}`, customer, expectedCloseDate: inSixtyDays, ...changes });
    const answer = await api.call('POST', '/v1/registrations', body);
    expect(answer.status).toBe(201);
    const { id } = answer.body as Answered;
    await stage.evaluate(id);
    return id;
  }
  /** Approved by the program as soon as it is judged. */
  const registerSmall = (): Promise<string> => register();
  /** Its value is the Partner Manager's to decide. */
  const registerMedium = (): Promise<string> => register({ estimatedValue: { amount: '90000.00', currency: 'USD' } });

  function command(id: string, name: string, body: object, key?: string): Promise<ApiAnswer> {
    const token = { authorization: `Bearer ${API_TOKEN}` };
    return api.call('POST', `/v1/registrations/${id}/${name}`, body, key === undefined ? token : { ...token, 'idempotency-key': key });
  }
  const decide = (id: string, decision: string, actor: string, key?: string): Promise<ApiAnswer> =>
    command(id, 'decisions', { decision, comment: 'A word.', actor }, key);
  const read = async (id: string): Promise<Answered> => (await api.call('GET', `/v1/registrations/${id}`)).body;
  const refusals = async (subject: string): Promise<readonly object[]> =>
    (
      await db
        .selectFrom('audit_entry')
        .select(['actor', 'details'])
        .where('subject', '=', subject)
        .where('kind', '=', 'refused')
        .orderBy('id')
        .execute()
    ).map(({ actor, details }) => ({ actor, ...(details as { code: string }) }));
  const typeOf = (answer: ApiAnswer): string => (answer.body as { type: string }).type;

  describe('while no worker runs', () => {
    it('answers 503 with a key under which the same request is carried out once, later', async () => {
      const id = await registerMedium();
      const late = await decide(id, 'approve', 'manager');
      expect([late.status, mediaTypeOf(late), late.headers.get('retry-after')]).toEqual([503, 'application/problem+json', '5']);
      const key = /Idempotency-Key: (\S+)/.exec((late.body as { detail: string }).detail)?.[1];

      await server?.startWorker(stage.deps);
      const again = await decide(id, 'approve', 'manager', key);
      expect([again.status, again.body]).toMatchObject([200, { id, status: 'approved' }]);
      // Carried out once: a second approval would have been refused.
      expect(await refusals(`registration/${id}`)).toEqual([]);
    });
  });

  describe('POST /v1/registrations/{id}/decisions', () => {
    it('approves in the name of somebody who may, and answers the registration as it stands then', async () => {
      const id = await registerMedium();
      const answer = await decide(id, 'approve', 'manager');
      expect([answer.status, answer.body]).toMatchObject([
        200,
        { id, status: 'approved', review: null, decision: { outcome: 'approve' }, protection: { until: expect.any(String) } },
      ]);
    });

    it('answers 403 to somebody who may not, also under the operator’s token, and writes it down once', async () => {
      const id = await registerMedium();
      for (const attempt of [1, 2]) {
        // The first finds the workflow not started yet, the second is refused by its validator.
        const answer = await decide(id, 'approve', 'rep');
        expect([answer.status, typeOf(answer)]).toEqual([403, 'urn:dealkeeper:problem:actor_may_not_decide']);
        expect((answer.body as { detail: string }).detail).toContain('manager');
        expect(await refusals(`registration/${id}`)).toHaveLength(attempt);
      }
      expect(await refusals(`registration/${id}`)).toMatchObject([
        { actor: 'rep', code: 'ACTOR_MAY_NOT_DECIDE' },
        { actor: 'rep', code: 'ACTOR_MAY_NOT_DECIDE' },
      ]);
      expect((await read(id)).status).toBe('in_review');
    });

    it('answers 409 where the state does not allow it, and says why', async () => {
      const id = await registerSmall();
      const answer = await decide(id, 'deny', 'manager');
      expect([answer.status, typeOf(answer)]).toEqual([409, 'urn:dealkeeper:problem:state_does_not_allow']);
      expect((answer.body as { detail: string }).detail).toContain('approved');
    });

    it.each([
      ['an unknown decision', { decision: 'maybe', comment: '', actor: 'manager' }, ['decision']],
      ['no comment and no actor', { decision: 'approve' }, ['comment', 'actor']],
      ['an actor that is no alias', { decision: 'approve', comment: '', actor: 'the manager' }, ['actor']],
      ['an unknown field', { decision: 'approve', comment: '', actor: 'manager', force: true }, ['force']],
    ])('answers 400 to %s', async (_what, body, fields) => {
      const answer = await command(await registerMedium(), 'decisions', body);
      expect([answer.status, (answer.body as { errors: readonly { field: string }[] }).errors.map(({ field }) => field)]).toEqual([
        400,
        fields,
      ]);
    });

    it.each(['nobody', '00000000-0000-4000-8000-000000000000'])('answers 404 for the id %s', async (id) => {
      expect((await decide(id, 'approve', 'manager')).status).toBe(404);
    });

    it('keeps what people write out of the history', async () => {
      const id = await registerMedium();
      await command(id, 'decisions', { decision: 'return', comment: 'unspeakable', actor: 'manager' });
      await command(id, 'amend', { description: 'unspeakable too' });
      const history = JSON.stringify(await server?.client.workflow.getHandle(`registration/${id}`).fetchHistory());
      expect(history).toContain('commandRegistration');
      expect(Buffer.from(history).includes('unspeakable')).toBe(false);
      // Payloads are encoded.
      expect(history).not.toContain(Buffer.from('unspeakable').toString('base64').slice(0, 12));
      const stored = await db
        .selectFrom('registration_command')
        .select('comment')
        .where('registration_id', '=', id)
        .orderBy('received_at')
        .execute();
      expect(stored.map(({ comment }) => comment)).toEqual(['unspeakable', null]);
    });
  });

  describe('an idempotency key', () => {
    it('makes a command that is sent twice one command, with one answer', async () => {
      const id = await registerSmall();
      const first = await command(id, 'extend', { days: 30, reason: 'Late budget.' }, 'extend-1');
      expect([first.status, typeof (first.body as Answered).protection?.until]).toEqual([200, 'string']);
      const second = await command(id, 'extend', { days: 30, reason: 'Late budget.' }, 'extend-1');
      expect([second.status, (second.body as Answered).protection]).toEqual([200, (first.body as Answered).protection]);
      const third = await command(id, 'extend', { days: 30, reason: 'Late budget.' }, 'extend-2');
      expect([third.status, typeOf(third)]).toEqual([409, 'urn:dealkeeper:problem:extension_not_allowed']);
    });

    it('gets the same refusal again, also when it would be possible meanwhile', async () => {
      const id = await registerMedium();
      await decide(id, 'approve', 'rep');
      expect((await decide(id, 'approve', 'rep', 'again')).status).toBe(403);
      await decide(id, 'approve', 'manager');
      expect((await decide(id, 'approve', 'rep', 'again')).status).toBe(403);
      expect(await refusals(`registration/${id}`)).toHaveLength(2);
    });

    it('is refused for another command, and where it cannot be one', async () => {
      const id = await registerMedium();
      expect((await decide(id, 'return', 'manager', 'one')).status).toBe(200);
      const other = await decide(id, 'deny', 'manager', 'one');
      expect([other.status, typeOf(other)]).toEqual([409, 'urn:dealkeeper:problem:command-id-in-use']);
      expect((await decide(id, 'deny', 'manager', 'crm:1')).status).toBe(400);
      expect((await decide(id, 'deny', 'manager', 'k'.repeat(101))).status).toBe(400);
    });
  });

  describe('what a partner may ask for', () => {
    it('amends fields, and the claim is judged again', async () => {
      const id = await registerMedium();
      const answer = await command(id, 'amend', {
        estimatedValue: { amount: '20000', currency: 'USD' },
        contact: { name: 'New Contact', email: 'n@c.example' },
      });
      expect([answer.status, answer.body]).toMatchObject([
        200,
        {
          status: 'approved',
          estimatedValue: { amount: '20000.00' },
          contact: { name: 'New Contact' },
          description: 'Two sites, first phase in spring.',
        },
      ]);
    });

    it.each([
      ['nothing', {}, ['body']],
      ['what identifies it', { externalId: 'x', partnerId: 'P-1' }, ['externalId', 'partnerId']],
      [
        'a past date and an unknown line',
        { expectedCloseDate: yesterday, productLines: ['teleport'] },
        ['productLines', 'expectedCloseDate'],
      ],
    ])('does not amend %s', async (_what, body, fields) => {
      const answer = await command(await registerMedium(), 'amend', body);
      expect([answer.status, (answer.body as { errors: readonly { field: string }[] }).errors.map(({ field }) => field)]).toEqual([
        400,
        fields,
      ]);
    });

    it('withdraws once; its workflow has ended then and still answers', async () => {
      const id = await registerMedium();
      expect([(await command(id, 'withdraw', { reason: 'Lost interest.' })).body, (await read(id)).status]).toMatchObject([
        { status: 'withdrawn' },
        'withdrawn',
      ]);
      await server?.client.workflow.getHandle(`registration/${id}`).result();
      const again = await command(id, 'withdraw', { reason: 'Lost interest.' });
      expect([again.status, typeOf(again)]).toEqual([409, 'urn:dealkeeper:problem:state_does_not_allow']);
    });

    it('appeals against a denial on new evidence, once', async () => {
      const id = await registerMedium();
      await decide(id, 'deny', 'manager');
      expect((await command(id, 'appeal', { reason: 'We were first.', evidence: [] })).status).toBe(400);
      const answer = await command(id, 'appeal', { reason: 'We were first.', evidence: [{ kind: 'letter', summary: 'Signed in May.' }] });
      expect([answer.status, answer.body]).toMatchObject([200, { status: 'in_review', review: { step: 'director' } }]);
      const stored = await db
        .selectFrom('registration_command')
        .select(['comment', 'amendment'])
        .where('registration_id', '=', id)
        .where('comment', '=', 'We were first.')
        .execute();
      expect(stored).toEqual([{ comment: 'We were first.', amendment: { evidence: [{ kind: 'letter', summary: 'Signed in May.' }] } }]);
    });

    it.each([0, 366, 1.5])('does not extend by %s days', async (days) => {
      expect((await command(await registerSmall(), 'extend', { days, reason: 'x' })).status).toBe(400);
    });
  });

  describe('what directors may do with an approved registration', () => {
    it('answers which lines are protected', async () => {
      expect((await read(await registerSmall())).protection).toMatchObject({ lines: ['platform', 'analytics'] });
    });

    it('revokes it with a reason that the partner reads, and nobody below may', async () => {
      const id = await registerSmall();
      const refusal = await command(id, 'revoke', { reason: 'No progress.', actor: 'manager' });
      expect([refusal.status, typeOf(refusal)]).toEqual([403, 'urn:dealkeeper:problem:actor_may_not_decide']);
      const answer = await command(id, 'revoke', { reason: 'No progress.', actor: 'director' });
      expect([answer.status, answer.body]).toMatchObject([
        200,
        {
          status: 'revoked',
          protection: null,
          decision: { outcome: 'deny', reasons: [{ rule: 'revoked_by_person', message: 'No progress.' }] },
        },
      ]);
      expect((await command(id, 'revoke', { reason: 'Again.', actor: 'director' })).status).toBe(409);
    });

    it('transfers it to another partner, named by its external id, with the protection as it is', async () => {
      const { id: other } = (await api.call('PUT', '/v1/partners/P-heir', { ...PARTNER, name: 'Heir Ltd', domain: 'heir.example' }))
        .body as Answered;
      const id = await registerSmall();
      const { protection } = await read(id);
      const answer = await command(id, 'transfer', { partnerId: 'P-heir', reason: 'The partners merged.', actor: 'vp' });
      expect([answer.status, answer.body]).toMatchObject([200, { status: 'approved', partnerId: other, protection }]);
      const again = await command(id, 'transfer', { partnerId: 'P-heir', reason: 'Again.', actor: 'vp' });
      expect([again.status, typeOf(again)]).toEqual([409, 'urn:dealkeeper:problem:transfer_not_allowed']);
    });

    it.each([
      ['revoke', { actor: 'director' }, ['reason']],
      ['transfer', { partnerId: 'nobody', reason: 'x', actor: 'director' }, ['partnerId']],
    ])('does not %s on a body that is not valid', async (name, body, fields) => {
      const answer = await command(await registerSmall(), name, body);
      expect([answer.status, (answer.body as { errors: readonly { field: string }[] }).errors.map(({ field }) => field)]).toEqual([
        400,
        fields,
      ]);
    });
  });
});
