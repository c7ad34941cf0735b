import { saveUsers } from '../../store/crm-mirror.ts';
import type { Database } from '../../store/database.ts';
import { saveLink } from '../../store/link.ts';
import type { SignedRequest } from '../../api/crm-card/connection.ts';
import { apiDependencies, PARTNER, registrationBody, startTestApi, type ApiAnswer, type TestApi } from '../support/api.ts';
import { startDecisionServer, type DecisionServer } from '../support/decision-server.ts';
import { createDecisionStage, type DecisionStage } from '../support/decision-stage.ts';
import { describeWith, findServers } from '../support/find-servers.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

jest.setTimeout(120_000);

const now = (): string => new Date().toISOString();
const inSixtyDays = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);

interface Card {
  readonly registrationId: string;
  readonly label: string;
  readonly tone: string;
  readonly protectedUntil: string | null;
  readonly actions: readonly { readonly name: string; readonly needsReason: boolean }[];
  readonly hint: string | null;
  readonly message?: string;
}

describeWith(findServers().temporal, 'the card of a registration in HubSpot', (program) => {
  let postgres: TestPostgres | undefined;
  let server: DecisionServer | undefined;
  let db: Database;
  let stage: DecisionStage;
  let api: TestApi;
  const seen: SignedRequest[] = [];

  beforeAll(async () => {
    postgres = await startTestPostgres();
    ({ db } = await postgres.openEmpty());
    server = await startDecisionServer(program);
    stage = createDecisionStage(db, { now });
    await server.startWorker(stage.deps);
    const refusalOf = (request: SignedRequest): string | null => {
      seen.push(request);
      return request.headers['x-hubspot-signature-v3'] === 'right' ? null : 'another signature';
    };
    const isRegistration = (objectTypeId: string): boolean => objectTypeId === '2-3000001';
    const hubspotCards = new Map([['hubspot', { portalId: '424242', isRegistration, refusalOf }]]);
    api = await startTestApi(apiDependencies(db, { temporal: server.client, now, hubspotCards }));
    await api.call('PUT', '/v1/partners/P-1', PARTNER);
    const person = (connection: string, alias: string, email: string, change: object = {}) => ({
      connection,
      remote_id: `${connection}-${email}`,
      alias,
      email,
      name: null,
      is_active: true,
      manager_remote_id: null,
      stamp: now(),
      deleted: false,
      ...change,
    });
    await db
      .transaction()
      .execute((trx) =>
        saveUsers(trx, [
          person('hubspot', 'manager', 'Manager@acme.example'),
          person('hubspot', 'rep', 'rep@acme.example'),
          person('hubspot', 'director', 'director@acme.example', { is_active: false }),
          person('hubspot', 'sam', 'sam@acme.example'),
          person('hubspot', 'sam', 'sam@other.example'),
        ]),
      );
  });
  afterAll(async () => {
    await api?.close();
    await server?.stop();
    await postgres?.stop();
  });

  let count = 0;
  /** In review with the manager, and on the record that is named after it. */
  async function register(amount = '90000.00'): Promise<{ readonly id: string; readonly record: string }> {
    count += 1;
    const customer = { name: `Customer ${count}`, domain: `customer${count}.example`, country: 'US' };
    const body = registrationBody({
      externalId: `DR-${count}`,
      customer,
      expectedCloseDate: inSixtyDays,
      estimatedValue: { amount, currency: 'USD' },
    });
    const { id } = (await api.call('POST', '/v1/registrations', body)).body as { id: string };
    await stage.evaluate(id);
    const record = String(70_000_000_000 + count);
    await db
      .transaction()
      .execute((trx) =>
        saveLink(trx, 'hubspot', 'registration', { localId: id, remoteId: record, base: { status: 'x' }, remoteStamp: now() }, now()),
      );
    return { id, record };
  }

  const SIGNED = { 'x-hubspot-signature-v3': 'right' };
  const address = (record: string, alias: string, portalId = '424242', connection = 'hubspot'): string =>
    `/crm-card/hubspot/${connection}/registrations/${record}?objectTypeId=2-3000001&portalId=${portalId}&userId=7&userEmail=${encodeURIComponent(`${alias}@acme.example`)}&appId=1`;
  const look = (record: string, alias: string): Promise<ApiAnswer> => api.call('GET', address(record, alias), undefined, SIGNED);
  const press = (record: string, alias: string, body: object): Promise<ApiAnswer> =>
    api.call('POST', address(record, alias).replace('?', '/commands?'), body, SIGNED);
  const card = async (record: string, alias: string): Promise<Card> => (await look(record, alias)).body as Card;
  const names = ({ actions }: Card): readonly string[] => actions.map(({ name }) => name);

  it('knows no registration by the id of a record of another type', async () => {
    const { record } = await register();
    const foreign = address(record, 'manager').replace('2-3000001', '0-3');
    expect(await api.call('GET', foreign, undefined, SIGNED)).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('this type') },
    });
    const untold = address(record, 'manager').replace('objectTypeId=2-3000001&', '');
    expect(await api.call('GET', untold, undefined, SIGNED)).toMatchObject({ status: 400 });
  });

  it('shows who is asked what the registration is, and the buttons of a decision', async () => {
    const { id, record } = await register();
    expect(await card(record, 'manager')).toMatchObject({
      registrationId: id,
      label: 'In review',
      tone: 'warning',
      protectedUntil: null,
      review: { approver: 'manager', dueAt: expect.any(String) },
      conflict: null,
      actions: [
        { name: 'approve', label: 'Approve', needsReason: false },
        { name: 'deny', label: 'Deny', needsReason: true },
        { name: 'return', label: 'Return to partner', needsReason: true },
      ],
      hint: null,
    });
  });

  it('shows others the same without buttons, and says why', async () => {
    const { record } = await register();
    expect(await card(record, 'rep')).toMatchObject({ label: 'In review', actions: [], hint: 'manager is asked to decide.' });
    // Nobody whom the mirror knows, one who has left, and one whom nobody can tell from another.
    for (const alias of ['stranger', 'director', 'sam']) {
      const shown = await card(record, alias);
      expect([shown.actions, shown.hint]).toEqual([[], expect.stringContaining('not known')]);
    }
  });

  it('carries out a decision in the name of who pressed, once', async () => {
    const { record } = await register();
    const body = { action: 'approve', comment: 'Fine.', key: 'press-0000001' };
    const first = await press(record, 'manager', body);
    expect([first.status, first.body]).toMatchObject([
      200,
      { label: 'Approved', message: 'Your approval is recorded.', protectedUntil: expect.any(String) },
    ]);
    const again = await press(record, 'manager', body);
    expect([again.status, again.body]).toMatchObject([200, { label: 'Approved' }]);
    const decided = await db
      .selectFrom('audit_entry')
      .select('actor')
      .where('kind', '=', 'approved')
      .where('subject', 'like', `%${(first.body as Card).registrationId}`)
      .execute();
    expect(decided.map(({ actor }) => actor)).toEqual(['manager']);
    // What is approved can be extended.
    expect(names(await card(record, 'manager'))).toEqual(['extend']);
  });

  it('refuses by the rules that refuse everywhere, and says why', async () => {
    const { record } = await register();
    const byRep = await press(record, 'rep', { action: 'approve', comment: '', key: 'press-0000002' });
    expect([byRep.status, (byRep.body as { detail: string }).detail]).toEqual([403, expect.stringContaining('manager')]);
    const byNobody = await press(record, 'stranger', { action: 'approve', comment: '', key: 'press-0000003' });
    expect(byNobody.status).toBe(403);
    const unsaid = await press(record, 'manager', { action: 'deny', comment: ' ', key: 'press-0000004' });
    expect([unsaid.status, unsaid.body]).toMatchObject([400, { errors: [{ field: 'comment', message: 'say why: the partner reads it' }] }]);
    expect((await card(record, 'manager')).label).toBe('In review');
    const denied = await press(record, 'manager', { action: 'deny', comment: 'No budget.', key: 'press-0000005' });
    expect([denied.status, denied.body]).toMatchObject([200, { label: 'Denied', actions: [] }]);
    const late = await press(record, 'manager', { action: 'approve', comment: '', key: 'press-0000006' });
    expect(late.status).toBe(409);
  });

  it.each([
    ['an unknown action', { action: 'revoke', comment: '', key: 'press-0000010' }, 'action'],
    ['a key that is none', { action: 'approve', comment: '', key: 'x' }, 'key'],
    ['an actor of its own choice', { action: 'approve', comment: '', key: 'press-0000011', actor: 'manager' }, 'actor'],
  ])('refuses %s', async (_what, body, field) => {
    const { record } = await register();
    const answer = await press(record, 'rep', body);
    expect([answer.status, answer.body]).toMatchObject([400, { errors: [{ field }] }]);
  });

  it('hears nobody without the signature, before anything is read', async () => {
    const { record } = await register();
    for (const headers of [{}, { 'x-hubspot-signature-v3': 'wrong' }, { authorization: 'Bearer a-token-for-tests-0123456789' }]) {
      const answer = await api.call('GET', address(record, 'manager'), undefined, headers as Record<string, string>);
      expect([answer.status, (answer.body as { detail: string }).detail]).toEqual([401, 'The signature is not valid.']);
      const pressed = await api.call(
        'POST',
        address(record, 'manager').replace('?', '/commands?'),
        '{"action":',
        headers as Record<string, string>,
      );
      expect(pressed.status).toBe(401);
    }
    expect((await card(record, 'manager')).label).toBe('In review');
  });

  it('has the signature checked over the address with the person in it, and over the bytes of the body', async () => {
    const { record } = await register();
    seen.splice(0);
    const text = '{ "action": "approve",  "comment": "ü", "key": "press-0000020" }';
    await api.call('POST', address(record, 'rep').replace('?', '/commands?'), text, SIGNED);
    expect(seen).toHaveLength(1);
    expect([seen[0]?.method, seen[0]?.path, Buffer.from(seen[0]?.body ?? []).toString('utf8')]).toEqual([
      'POST',
      address(record, 'rep').replace('?', '/commands?'),
      text,
    ]);
  });

  it('knows neither another portal, nor another connection, nor a record that is no registration', async () => {
    const { record } = await register();
    const status = async (path: string): Promise<number> => (await api.call('GET', path, undefined, SIGNED)).status;
    expect(await status(address(record, 'manager', '999'))).toBe(404);
    expect(await status(address(record, 'manager', '424242', 'other'))).toBe(404);
    expect(await status(address('1', 'manager'))).toBe(404);
    expect(await status(`/crm-card/hubspot/hubspot/registrations/${record}`)).toBe(400);
  });
});
