import type { RemoteWrite, WriteOutcome } from '../../../crm/port.ts';
import { openHubspotFixture, type HubspotFixture } from './sandbox-fixture.ts';
import { connectTo, openStubPortal, sendJson, type StubPortal, type StubRequest } from './stub-portal.ts';

const CUSTOMER = 'associations.companies.customer';

const claim = (id: string, fields: RemoteWrite['fields']): RemoteWrite => ({ target: { kind: 'id', id }, fields });
const told = (outcomes: readonly WriteOutcome[]) => outcomes.map((outcome) => (outcome.kind === 'written' ? 'written' : outcome.code));

describe('in a portal whose administrator limits an association', () => {
  let fixture: HubspotFixture;
  let claims: readonly string[];
  let companies: readonly string[];
  beforeEach(async () => {
    fixture = await openHubspotFixture();
    claims = await made('deal_registration', 5);
    companies = await made('companies', 5);
  });
  afterEach(() => fixture.close());

  const made = async (object: string, count: number): Promise<readonly string[]> => {
    const inputs = Array.from({ length: count }, () => ({ properties: {}, associations: [] }));
    const { results } = (await fixture.call('POST', `/crm/v3/objects/${object}/batch/create`, { inputs })) as { results: { id: string }[] };
    return results.map(({ id }) => id).toSorted();
  };
  /** Each company may be the customer of so many registrations. */
  const limitCustomers = async (maxToObjectIds: number): Promise<void> => {
    const { results } = (await fixture.call('GET', '/crm/v4/associations/companies/deal_registration/labels')) as {
      results: { label: string | null; category: string; typeId: number }[];
    };
    const type = results.find(({ label }) => label === 'Registration as customer');
    const input = { category: type?.category, typeId: type?.typeId, maxToObjectIds };
    await fixture.call('POST', '/crm/v4/associations/definitions/configurations/companies/deal_registration/batch/create', {
      inputs: [input],
    });
  };
  const customers = async () => {
    const rows = await fixture.crm.read('deal_registration', claims, [CUSTOMER]);
    return claims.map((id) => rows.find((row) => row.id === id)?.fields[CUSTOMER]);
  };

  it('those that fit are associated, and those that do not are refused in its words', async () => {
    await limitCustomers(2);
    const [one = '', two = ''] = companies;
    const outcomes = await fixture.crm.write(
      'deal_registration',
      claims.map((id, index) => claim(id, { [CUSTOMER]: index === 1 ? two : one })),
    );
    expect(told(outcomes)).toEqual(['written', 'written', 'written', 'CRM_VALUE_INVALID', 'CRM_VALUE_INVALID']);
    expect(outcomes[3]).toMatchObject({
      retryable: false,
      fields: [CUSTOMER],
      message: expect.stringContaining('Association limit exceeded'),
    });
    expect(await customers()).toEqual([one, two, one, null, null]);
  });

  it('a record that is refused keeps what it was associated with before', async () => {
    await limitCustomers(2);
    const [one = '', two = '', three = ''] = companies;
    const given = [one, one, two, three];
    await fixture.crm.write(
      'deal_registration',
      given.map((company, index) => claim(claims[index] ?? '', { [CUSTOMER]: company })),
    );
    const outcomes = await fixture.crm.write('deal_registration', [
      claim(claims[2] ?? '', { [CUSTOMER]: one }),
      claim(claims[3] ?? '', { [CUSTOMER]: two }),
    ]);
    expect(told(outcomes)).toEqual(['CRM_VALUE_INVALID', 'written']);
    expect(await customers()).toEqual([one, one, two, two, null]);
  });

  it.each(['labels/archive', 'create'])('a batch (%s) that is refused whole once is halved, and all of it is carried out', async (verb) => {
    const [one = '', two = ''] = companies;
    const write = (company: string) =>
      fixture.crm.write(
        'deal_registration',
        claims.map((id) => claim(id, { [CUSTOMER]: company })),
      );
    await write(one);
    await fixture.control('faults', {
      rules: [{ method: 'POST', path: `/crm/associations/*/batch/${verb}`, nth: 1, times: 1, fault: 'status', status: 400 }],
    });
    expect(new Set(told(await write(two)))).toEqual(new Set(['written']));
    expect(new Set(await customers())).toEqual(new Set([two]));
  });
});

describe('answers that a stub scripts', () => {
  let portal: StubPortal;
  beforeEach(async () => {
    portal = await openStubPortal();
  });
  afterEach(() => portal.close());

  const label = { category: 'USER_DEFINED', typeId: 17, label: 'Customer' };
  const isWrite = ({ path }: StubRequest): boolean => path.endsWith('/batch/create');
  /** Everything exists, and nothing is associated yet. */
  const portalIn =
    (write: StubPortal['answer']): StubPortal['answer'] =>
    (request, response) => {
      if (request.path.endsWith('/labels')) sendJson(response, 200, { results: [label] });
      else if (isWrite(request)) write(request, response);
      else if (request.path.includes('/associations/')) sendJson(response, 200, { results: [] });
      else sendJson(response, 200, { results: request.body.inputs.map(({ id }: { id: string }) => ({ id, properties: {} })) });
    };
  const fromIds = (request: StubRequest): readonly string[] => request.body.inputs.map(({ from }: { from: { id: string } }) => from.id);
  const write = (count: number) =>
    connectTo(portal).write(
      'deal_registration',
      Array.from({ length: count }, (_row, index) => claim(String(index + 1), { [CUSTOMER]: '9' })),
    );
  const complaint = { status: 'error', category: 'VALIDATION_ERROR', message: 'limit reached' };
  const REFUSED = 'CRM_VALUE_INVALID';

  it.each<[string, number, object]>([
    ['a validation error', 400, complaint],
    ['a category that is not known', 400, { ...complaint, category: 'ASSOCIATION_LIMIT' }],
  ])('a batch that is refused whole for one record, by %s, is halved until it is found', async (_name, status, body) => {
    portal.answer = portalIn((request, response) => {
      if (fromIds(request).includes('3')) sendJson(response, status, body);
      else sendJson(response, 201, { results: [] });
    });
    const outcomes = await write(5);
    expect(told(outcomes)).toEqual(['written', 'written', REFUSED, 'written', 'written']);
    expect(outcomes[2]).toMatchObject({ message: expect.stringContaining('limit reached'), fields: [CUSTOMER] });
    expect(portal.requests.filter(isWrite).map(fromIds)).toEqual([
      ['1', '2', '3', '4', '5'],
      ['1', '2', '3'],
      ['1', '2'],
      ['3'],
      ['4', '5'],
    ]);
  });

  it.each<[string, object, readonly (readonly string[])[]]>([
    ['the records', { context: { fromObjectId: ['2', '3'] } }, [['1', '2', '3', '4']]],
    ['a single record, as a text', { context: { fromObjectId: '2' } }, [['1', '2', '3', '4']]],
    ['a single record, as a number', { context: { fromObjectId: 2 } }, [['1', '2', '3', '4']]],
    ['none', {}, [['1', '2', '3', '4'], ['1', '2'], ['1'], ['2'], ['3', '4']]],
    ['none of those that were sent', { context: { fromObjectId: ['77'] } }, [['1', '2', '3', '4'], ['1', '2'], ['1'], ['2'], ['3', '4']]],
  ])('a complaint that names %s is theirs alone', async (_name, context, calls) => {
    portal.answer = portalIn((request, response) => {
      const isComplaint = fromIds(request).includes('2');
      sendJson(response, isComplaint ? 207 : 201, { results: [], ...(isComplaint ? { errors: [{ ...complaint, ...context }] } : {}) });
    });
    const isBoth = JSON.stringify(context).includes('3');
    expect(told(await write(4))).toEqual(['written', REFUSED, isBoth ? REFUSED : 'written', 'written']);
    expect(portal.requests.filter(isWrite).map(fromIds)).toEqual(calls);
  });

  it('a right that is missing, and a gateway that is down, are not looked for among the records', async () => {
    for (const [status, category, code] of [
      [403, 'MISSING_SCOPES', 'CRM_PERMISSION_DENIED'],
      [502, 'BAD_GATEWAY', 'CRM_UNAVAILABLE'],
    ] as const) {
      portal.requests.length = 0;
      portal.answer = portalIn((_request, response) => sendJson(response, status, { ...complaint, category }));
      expect(new Set(told(await write(4)))).toEqual(new Set([code]));
      expect(portal.requests.filter(isWrite)).toHaveLength(1);
    }
  });
});
