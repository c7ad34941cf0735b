import { SUBMITTED } from '../../program/registration-life.ts';
import type { RegistrationStatus } from '../../program/vocabulary.ts';
import type { Database } from '../../store/database.ts';
import { readOrders } from '../../store/opportunity-order.ts';
import { saveState } from '../../store/registration.ts';
import { API_TOKEN, apiDependencies, PARTNER, registrationBody, startTestApi, type ApiAnswer, type TestApi } from '../support/api.ts';
import { converting, underProgram } from '../support/conversion-stage.ts';
import { startDecisionServer, type DecisionServer } from '../support/decision-server.ts';
import { createDecisionStage, type DecisionStage } from '../support/decision-stage.ts';
import { describeWith, findServers } from '../support/find-servers.ts';
import { mirrorAccount, mirrorOpportunity, OPPORTUNITY } from '../support/mirror.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

jest.setTimeout(120_000);

const OTHER = '006000000000002AAA';
const now = (): string => new Date().toISOString();
const inSixtyDays = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);

interface Answered {
  readonly id: string;
  readonly status: string;
  readonly links: readonly object[];
  readonly opportunity: {
    readonly remoteId: string;
    readonly primary: boolean;
    readonly linkedAt: string | null;
    readonly by: string | null;
  } | null;
}

describeWith(findServers().temporal, 'POST /v1/registrations/{id}/opportunity', (program) => {
  let postgres: TestPostgres | undefined;
  let server: DecisionServer | undefined;
  let db: Database;
  let stage: DecisionStage;
  let api: TestApi;

  beforeAll(async () => {
    postgres = await startTestPostgres();
    ({ db } = await postgres.openEmpty());
    server = await startDecisionServer(program);
    // Timers of workflows run in real time, so the rest does too. The CRM is silent: everything is asked of the mirror.
    stage = underProgram(createDecisionStage(db, { now }), converting({}));
    await server.startWorker(stage.deps);
    api = await startTestApi(apiDependencies(db, { temporal: server.client, now }));
    await api.call('PUT', '/v1/partners/P-1', PARTNER);
    await stage.setUsers(['rep', 'rep2', 'manager'].map((alias) => ({ alias, isActive: true })));
    for (const objectType of ['account', 'opportunity'])
      await db
        .insertInto('sync_cursor')
        .values({ connection: 'salesforce', object_type: objectType, pulled_at: now() } as never)
        .execute();
    await mirrorOpportunity(db, { owner: 'rep', account_remote_id: null });
    await mirrorOpportunity(db, { remote_id: OTHER, owner: 'rep', account_remote_id: null });
  });
  afterAll(async () => {
    await api?.close();
    await server?.stop();
    await postgres?.stop();
  });

  let count = 0;
  async function register(): Promise<string> {
    count += 1;
    const customer = { name: `Customer ${count}`, domain: `customer${count}.example`, country: 'US' };
    const body = registrationBody({ externalId: `DR-${count}`, customer, expectedCloseDate: inSixtyDays });
    const { id } = (await api.call('POST', '/v1/registrations', body)).body as Answered;
    expect((await stage.evaluate(id)).state.status).toBe('approved');
    return id;
  }
  const ended = async (status: RegistrationStatus): Promise<string> => {
    const id = await register();
    await db.transaction().execute((trx) => saveState(trx, id, { ...SUBMITTED, status }, now()));
    return id;
  };
  const post = (id: string, body: object, key?: string): Promise<ApiAnswer> =>
    api.call(
      'POST',
      `/v1/registrations/${id}/opportunity`,
      { actor: 'manager', ...body },
      {
        authorization: `Bearer ${API_TOKEN}`,
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
    );
  const link = (opportunity: string) => ({ action: 'link', opportunity });
  const read = async (id: string): Promise<Answered> => (await api.call('GET', `/v1/registrations/${id}`)).body;

  it('links, moves and takes away the link, and answers the registration with its opportunity', async () => {
    const id = await register();
    expect((await read(id)).opportunity).toBeNull();
    const linked = await post(id, { ...link(OPPORTUNITY), connection: 'salesforce', reason: 'The rep asked for it.' });
    expect([linked.status, linked.body]).toMatchObject([
      200,
      {
        id,
        status: 'approved',
        opportunity: { connection: 'salesforce', remoteId: OPPORTUNITY, primary: true, linkedAt: expect.any(String), by: 'manager' },
        links: [{ connection: 'salesforce', objectType: 'opportunity', remoteId: OPPORTUNITY }],
      },
    ]);
    const moved = await post(id, { action: 'relink', opportunity: OTHER, primary: false, actor: 'rep' });
    expect((moved.body as Answered).opportunity).toMatchObject({ remoteId: OTHER, primary: false, by: 'rep' });
    const list = (await api.call('GET', '/v1/registrations?limit=200')).body as { readonly items: readonly Answered[] };
    expect(list.items.find((each) => each.id === id)?.opportunity).toMatchObject({ remoteId: OTHER });
    const gone = await post(id, { action: 'unlink' });
    expect([gone.status, (gone.body as Answered).opportunity, (gone.body as Answered).links]).toEqual([200, null, []]);
  });

  it('carries the same request out once under one key', async () => {
    const id = await register();
    for (const _attempt of [1, 2]) expect((await post(id, link(OPPORTUNITY), 'a-key')).status).toBe(200);
    expect((await post(id, link(OTHER), 'a-key')).status).toBe(409);
    expect((await read(id)).opportunity?.remoteId).toBe(OPPORTUNITY);
  });

  it.each<RegistrationStatus>(['denied', 'expired', 'lost', 'withdrawn'])('links one that is %s, never as the primary', async (status) => {
    const id = await ended(status);
    expect(await post(id, { ...link(OPPORTUNITY), primary: true })).toMatchObject({ status: 409 });
    expect([(await post(id, link(OPPORTUNITY))).status, (await read(id)).opportunity]).toMatchObject([200, { primary: false }]);
  });

  it('has an opportunity made, which is ordered and not there yet', async () => {
    const id = await register();
    const refused = await post(id, { action: 'create' });
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('Choose it on the record')]);
    await mirrorAccount(db, { name: `Customer ${count}`, name_key: `customer ${count}`, domain: `customer${count}.example` });
    const ordered = await post(id, { action: 'create' });
    expect([ordered.status, (ordered.body as Answered).opportunity, (await readOrders(db, [id])).length]).toEqual([200, null, 1]);
  });

  it.each<[string, object, number, string]>([
    ['somebody who may not', { ...link(OPPORTUNITY), actor: 'rep2' }, 403, 'actor_may_not_decide'],
    ['an opportunity that is not known', link('006000000000009AAA'), 409, 'link_not_allowed'],
    ['a move of what is not linked', { action: 'relink', opportunity: OTHER }, 409, 'link_not_allowed'],
    ['to take away what is not there', { action: 'unlink' }, 409, 'link_not_allowed'],
  ])('refuses %s and says why', async (_what, body, status, type) => {
    const id = await register();
    const answer = await post(id, body);
    expect([answer.status, (answer.body as { type: string }).type]).toEqual([status, `urn:dealkeeper:problem:${type}`]);
    expect((answer.body as { detail: string }).detail.length).toBeGreaterThan(20);
  });

  it.each<[string, object, string]>([
    ['no action', {}, 'action'],
    ['another action', { action: 'merge' }, 'action'],
    ['no opportunity to link to', { action: 'link' }, 'opportunity'],
    ['no opportunity to move to', { action: 'relink' }, 'opportunity'],
    ['an opportunity to take away', { action: 'unlink', opportunity: OTHER }, 'opportunity'],
    ['an opportunity to make', { action: 'create', opportunity: OTHER }, 'opportunity'],
    ['a primary to make', { action: 'create', primary: true }, 'primary'],
    ['a primary that is no answer', { ...link(OTHER), primary: 'yes' }, 'primary'],
    ['another connection', { ...link(OTHER), connection: 'hubspot' }, 'connection'],
    ['no actor', { ...link(OTHER), actor: undefined }, 'actor'],
    ['a field that is not known', { ...link(OTHER), stage: 'Prospecting' }, 'stage'],
  ])('answers 400 to %s, and names the field', async (_what, body, field) => {
    const answer = await post('00000000-0000-4000-8000-000000000001', body);
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(field)]);
  });

  it('answers 404 where there is no such registration', async () => {
    expect((await post('00000000-0000-4000-8000-000000000001', link(OTHER))).status).toBe(404);
  });

  it('takes no registration’s word for another connection where there are several', async () => {
    const several = await startTestApi(apiDependencies(db, { connections: ['salesforce', 'hubspot'], now }));
    const id = await register();
    const answer = await several.call('POST', `/v1/registrations/${id}/opportunity`, { ...link(OPPORTUNITY), actor: 'manager' });
    await several.close();
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('expected one of salesforce, hubspot')]);
  });
});
