import type { Database } from '../../store/database.ts';
import { API_TOKEN, apiDependencies, startTestApi, type ApiAnswer, type TestApi } from '../support/api.ts';
import { startDecisionServer, type DecisionServer } from '../support/decision-server.ts';
import { createDecisionStage, type DecisionStage } from '../support/decision-stage.ts';
import { describeWith, findServers } from '../support/find-servers.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { stepOf } from '../support/open-step.ts';

jest.setTimeout(120_000);

const now = (): string => new Date().toISOString();

describeWith(findServers().temporal, 'commands on cases', (program) => {
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
    await server.startWorker(stage.deps);
  });

  afterAll(async () => {
    await api?.close();
    await server?.stop();
    await postgres?.stop();
  });

  const typeOf = (answer: ApiAnswer): string => (answer.body as { type: string }).type;
  const read = async (id: string): Promise<{ readonly status: string }> => (await api.call('GET', `/v1/registrations/${id}`)).body;
  const refusals = (subject: string): Promise<readonly object[]> =>
    db.selectFrom('audit_entry').select('details').where('subject', '=', subject).where('kind', '=', 'refused').execute();

  describe('POST /v1/cases/{id}/resolution', () => {
    it('settles a case in the name of its arbiter alone, and once', async () => {
      await stage.receiveAndEvaluate({ customer: { name: 'Contoso Ltd', domain: 'contoso.com', country: 'US' } });
      const claimant = await stage.receiveAndEvaluate({ customer: { name: 'Contoso Ltd', domain: null, country: 'US' } });
      const caseId = claimant.state.caseId ?? '';
      const resolve = (body: object): Promise<ApiAnswer> =>
        api.call('POST', `/v1/cases/${caseId}/resolution`, { comment: 'A word.', ...body });

      expect((await resolve({ outcome: 'perhaps', actor: 'manager' })).status).toBe(400);
      for (const attempt of [1, 2]) {
        const refusal = await resolve({ outcome: 'award', registrationId: claimant.registrationId, actor: 'rep' });
        expect([refusal.status, typeOf(refusal)]).toEqual([403, 'urn:dealkeeper:problem:actor_may_not_decide']);
        expect(await refusals(`case/${caseId}`)).toHaveLength(attempt);
      }
      const arbiter = stepOf(claimant.state)?.approver ?? '';
      const settled = await resolve({ outcome: 'award', registrationId: claimant.registrationId, actor: arbiter });
      expect([settled.status, settled.body]).toMatchObject([200, { id: caseId, status: 'resolved', outcome: 'award', arbiter }]);
      expect((await read(claimant.registrationId)).status).toBe('approved');

      const again = await resolve({ outcome: 'deny', actor: arbiter });
      expect([again.status, typeOf(again)]).toEqual([409, 'urn:dealkeeper:problem:state_does_not_allow']);
      const comments = await db.selectFrom('case_command').select('comment').where('case_id', '=', caseId).execute();
      expect(comments.map(({ comment }) => comment)).toEqual(Array(4).fill('A word.'));
    });

    it('splits a deal by the shares that it is given, and names what is wrong with those that do not fit', async () => {
      const holder = await stage.receiveAndEvaluate({ customer: { name: 'Fabrikam Ltd', domain: 'fabrikam.com', country: 'US' } });
      const claimant = await stage.receiveAndEvaluate({ customer: { name: 'Fabrikam Ltd', domain: null, country: 'US' } });
      const split = (...percents: readonly [unknown, unknown]): Promise<ApiAnswer> => {
        const ids = [holder.registrationId, claimant.registrationId];
        return api.call('POST', `/v1/cases/${claimant.state.caseId}/resolution`, {
          outcome: 'split',
          shares: ids.map((registrationId, at) => ({ registrationId, percent: percents[at] })),
          comment: '',
          actor: stepOf(claimant.state)?.approver,
        });
      };
      const fields = ({ body }: ApiAnswer) => (body as { errors: readonly { field: string }[] }).errors.map(({ field }) => field);
      for (const percent of [60, '0', '100.01', '33.333', '']) {
        const bad = await split('40', percent);
        expect([bad.status, fields(bad)]).toEqual([400, ['shares[1].percent']]);
      }
      const refusal = await split('60', '39.99');
      expect([refusal.status, typeOf(refusal)]).toEqual([409, 'urn:dealkeeper:problem:outcome_not_possible']);
      expect(refusal.text).toContain('The shares make 99.99 %; expected exactly 100 %.');
      const settled = await split('60', '40.0');
      expect(settled.body).toMatchObject({
        outcome: 'split',
        resolution: {
          shares: [
            { registrationId: holder.registrationId, percent: '60.00' },
            { registrationId: claimant.registrationId, percent: '40.00' },
          ],
        },
      });
    });

    it('takes what each side says, once, and shows a side its own words alone', async () => {
      const holder = await stage.receiveAndEvaluate({ customer: { name: 'Litware Ltd', domain: 'litware.com', country: 'US' } });
      const claimant = await stage.receiveAndEvaluate({ customer: { name: 'Litware Ltd', domain: null, country: 'US' } });
      const path = `/v1/cases/${claimant.state.caseId}/statements`;
      const state = (body: object, key?: string): Promise<ApiAnswer> =>
        api.call('POST', path, body, { authorization: `Bearer ${API_TOKEN}`, ...(key === undefined ? {} : { 'idempotency-key': key }) });
      const said = {
        registrationId: claimant.registrationId,
        text: 'We met them in May.',
        evidence: ['an e-mail', { kind: 'meeting', summary: 'Kick-off', url: 'https://a.example/1' }],
      };
      await state({ registrationId: holder.registrationId, text: 'A secret of the holder.' });
      const first = await state(said, 'statement-1');
      expect([first.status, first.body]).toMatchObject([200, { ...said, id: 'api:statement-1', by: 'partner' }]);
      expect((await state(said, 'statement-1')).body).toEqual(first.body);
      expect((await state({ ...said, text: 'Something else.' }, 'statement-1')).status).toBe(409);
      const own = await api.call('GET', `${path}?registrationId=${claimant.registrationId}`);
      expect(own.body).toEqual({ items: [first.body] });
      for (const { text } of [first, own]) expect(text).not.toContain('A secret');
      const { statements } = (await api.call('GET', `/v1/cases/${claimant.state.caseId}`)).body as { statements: readonly object[] };
      expect(statements).toMatchObject([
        {
          registrationId: holder.registrationId,
          side: 'rival',
          partnerId: holder.partnerId,
          text: 'A secret of the holder.',
          evidence: [],
        },
        { registrationId: claimant.registrationId, side: 'claimant', text: 'We met them in May.' },
      ]);
      const stranger = await state({ ...said, registrationId: '00000000-0000-4000-8000-000000000000' });
      expect([stranger.status, typeOf(stranger)]).toEqual([409, 'urn:dealkeeper:problem:statement_not_allowed']);
    });

    it.each([
      ['no text', { registrationId: '00000000-0000-4000-8000-000000000000', text: ' ' }, ['text']],
      ['too much of it', { registrationId: '00000000-0000-4000-8000-000000000000', text: 'x'.repeat(5001) }, ['text']],
      [
        'too much evidence',
        { registrationId: '00000000-0000-4000-8000-000000000000', text: 'x', evidence: Array(21).fill('y') },
        ['evidence'],
      ],
      ['a side by another name', { registrationId: 'DR-1', text: 'x' }, ['registrationId']],
    ])('does not take a statement with %s', async (_what, body, fields) => {
      const answer = await api.call('POST', '/v1/cases/00000000-0000-4000-8000-000000000000/statements', body);
      expect([answer.status, (answer.body as { errors: readonly { field: string }[] }).errors.map(({ field }) => field)]).toEqual([
        400,
        fields,
      ]);
    });

    it('answers 404 for a case that is not there', async () => {
      const answer = await api.call('POST', '/v1/cases/00000000-0000-4000-8000-000000000000/resolution', {
        outcome: 'deny',
        comment: '',
        actor: 'manager',
      });
      expect(answer.status).toBe(404);
    });
  });

  describe('an appeal against the outcome of a case', () => {
    it('opens the case again for whoever did not decide it, once, and on new evidence only', async () => {
      await stage.receiveAndEvaluate({ customer: { name: 'Tailspin Ltd', domain: 'tailspin.com', country: 'US' } });
      const claimant = await stage.receiveAndEvaluate({ customer: { name: 'Tailspin Ltd', domain: null, country: 'US' } });
      const caseId = claimant.state.caseId ?? '';
      const resolve = (body: object): Promise<ApiAnswer> => api.call('POST', `/v1/cases/${caseId}/resolution`, { comment: '', ...body });
      const appeal = (...evidence: readonly string[]): Promise<ApiAnswer> =>
        api.call('POST', `/v1/registrations/${claimant.registrationId}/appeal`, { reason: 'Look again.', evidence });
      await resolve({ outcome: 'uphold', actor: 'manager' });

      const old = await appeal('A deal');
      expect([old.status, typeOf(old)]).toEqual([409, 'urn:dealkeeper:problem:evidence_not_new']);
      expect((await appeal('A purchase order.')).body).toMatchObject({ status: 'in_review', review: { step: 'director' } });
      expect((await api.call('GET', `/v1/cases/${caseId}`)).body).toMatchObject({
        status: 'appealed',
        outcome: 'uphold',
        resolvedAt: null,
        arbiter: 'director',
        statements: [{ registrationId: claimant.registrationId, text: 'Look again.', evidence: ['A purchase order.'] }],
      });
      expect((await resolve({ outcome: 'uphold', actor: 'manager' })).status).toBe(403);
      expect((await resolve({ outcome: 'uphold', actor: 'director' })).body).toMatchObject({ status: 'resolved', arbiter: 'director' });
      const again = await appeal('Yet another order.');
      expect([again.status, typeOf(again)]).toEqual([409, 'urn:dealkeeper:problem:appeal_not_allowed']);
    });
  });
});
