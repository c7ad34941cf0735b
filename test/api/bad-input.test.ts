import { readFileSync } from 'node:fs';
import { API_TOKEN, apiDependencies, mediaTypeOf, NOW, PARTNER, registrationBody, startTestApi, type TestApi } from '../support/api.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import type { Database } from '../../store/database.ts';

let postgres: TestPostgres | undefined;
let db: Database;
let api: TestApi;

beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ db } = await postgres.openEmpty());
  api = await startTestApi(apiDependencies(db));
  await api.call('PUT', '/v1/partners/P-1', PARTNER);
}, 60_000);

afterAll(async () => {
  await api?.close();
  await postgres?.stop();
});

interface Problem {
  readonly type: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

const fieldsOf = (problem: Problem): readonly string[] => [...new Set((problem.errors ?? []).map(({ field }) => field))];

async function storedRegistrations(): Promise<number> {
  return (await db.selectFrom('registration').select('id').execute()).length;
}

const customer = { name: 'Northwind Inc', domain: 'northwind.example', country: 'US' };
const withDomain = (domain: unknown) => ({ customer: { ...customer, domain } });
const withAmount = (amount: unknown, currency: unknown = 'USD') => ({ estimatedValue: { amount, currency } });

describe('POST /v1/registrations refuses', () => {
  it.each([
    ['an unknown partner', { partnerId: 'P-404' }, ['partnerId']],
    ['a partner id that is a number', { partnerId: 7 }, ['partnerId']],
    ['a domain with a space', withDomain('north wind.example'), ['customer.domain']],
    ['a domain of one label', withDomain('northwind'), ['customer.domain']],
    ['a domain with an empty label', withDomain('northwind..example'), ['customer.domain']],
    ['a domain with a hyphen at the edge', withDomain('-northwind.example'), ['customer.domain']],
    ['an address by number', withDomain('192.168.0.1'), ['customer.domain']],
    ['a URL as a domain', withDomain('https://northwind.example/'), ['customer.domain']],
    ['an e-mail address as a domain', withDomain('dana@northwind.example'), ['customer.domain']],
    ['a bare public suffix', withDomain('co.uk'), ['customer.domain']],
    ['a negative amount', withAmount('-1.00'), ['estimatedValue.amount']],
    ['an amount of zero', withAmount('0.00'), ['estimatedValue.amount']],
    ['an amount above the limit', withAmount('1000000000000.01'), ['estimatedValue.amount']],
    ['an amount of 17 digits', withAmount('12345678901234567'), ['estimatedValue.amount']],
    ['an amount in scientific notation', withAmount('1e9'), ['estimatedValue.amount']],
    ['an amount that is a number', withAmount(25000), ['estimatedValue.amount']],
    ['more decimals than the currency has', withAmount('25000.001'), ['estimatedValue.amount']],
    ['decimals of a currency that has none', withAmount('25000.5', 'JPY'), ['estimatedValue.amount']],
    ['a third decimal, which would be lost', withAmount('25000.125', 'KWD'), ['estimatedValue.amount']],
    ['an unknown currency', withAmount('1.00', 'XXX'), ['estimatedValue.currency']],
    ['a currency in small letters', withAmount('1.00', 'usd'), ['estimatedValue.currency']],
    ['a close date of yesterday', { expectedCloseDate: '2026-11-22' }, ['expectedCloseDate']],
    ['a close date more than ten years ahead', { expectedCloseDate: '2036-11-24' }, ['expectedCloseDate']],
    ['a date that the calendar does not have', { expectedCloseDate: '2027-02-29' }, ['expectedCloseDate']],
    ['a date with a time', { expectedCloseDate: '2027-01-31T00:00:00Z' }, ['expectedCloseDate']],
    ['an unknown product line', { productLines: ['platform', 'teleport'] }, ['productLines']],
    ['a product line twice', { productLines: ['platform', 'platform'] }, ['productLines']],
    ['no product line', { productLines: [] }, ['productLines']],
    ['an unknown country', { customer: { ...customer, country: 'XX' } }, ['customer.country']],
    ['a country by name', { customer: { ...customer, country: 'France' } }, ['customer.country']],
    ['a customer without a name', { customer: { ...customer, name: '  ' } }, ['customer.name']],
    ['a name that is too long', { customer: { ...customer, name: 'n'.repeat(256) } }, ['customer.name']],
    ['a name with a NUL, which no text column takes', { customer: { ...customer, name: 'North\u0000wind' } }, ['customer.name']],
    ['half of a surrogate pair, which no JSON column takes', { evidence: ['\ud800'] }, ['evidence[0]']],
    ['a description that is too long', { description: 'd'.repeat(10_001) }, ['description']],
    ['a contact without an address', { contact: { name: 'Dana Reed', email: 'nobody' } }, ['contact.email']],
    ['an unknown kind', { kind: 'gift' }, ['kind']],
    ['an unknown field', { discount: '10' }, ['discount']],
    ['an unknown field within', { customer: { ...customer, vat: '1' } }, ['customer.vat']],
    ['too much evidence', { evidence: Array.from({ length: 21 }, () => 'a letter') }, ['evidence']],
    [
      'evidence with a script for an address',
      { evidence: [{ kind: 'letter', summary: 'x', url: 'javascript:alert(1)' }] },
      ['evidence[0].url'],
    ],
    ['an external id that is too long', { externalId: 'x'.repeat(101) }, ['externalId']],
    ['an empty external id', { externalId: '' }, ['externalId']],
  ])('%s, by the name of its field, and stores nothing', async (_what, changes, fields) => {
    const answer = await api.call('POST', '/v1/registrations', registrationBody(changes));
    expect({ status: answer.status, type: mediaTypeOf(answer), fields: fieldsOf(answer.body) }).toEqual({
      status: 400,
      type: 'application/problem+json',
      fields,
    });
    expect((answer.body as Problem).type).toBe('urn:dealkeeper:problem:validation');
    expect(await storedRegistrations()).toBe(0);
  });

  it('everything that is wrong at once, what has to be looked up included', async () => {
    const changes = {
      partnerId: 'P-404',
      ...withDomain('not a domain'),
      ...withAmount('-5', 'XXX'),
      productLines: ['teleport'],
      expectedCloseDate: '2020-01-01',
      contact: undefined,
      colour: 'red',
    };
    const answer = await api.call('POST', '/v1/registrations', registrationBody(changes));
    expect([...fieldsOf(answer.body)].sort()).toEqual([
      'colour',
      'contact',
      'customer.domain',
      'estimatedValue.amount',
      'estimatedValue.currency',
      'expectedCloseDate',
      'partnerId',
      'productLines',
    ]);
  });

  it.each([
    ['a body that is not JSON', '{"externalId": ', {}, 400],
    ['an empty body', '', {}, 400],
    ['a list', '[]', {}, 400],
    ['a body that would change the prototype', '{"__proto__": {"a": 1}}', {}, 400],
    ['another content type', 'externalId=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['plain text', '{}', { 'content-type': 'text/plain' }, 415],
    ['a body above the limit', JSON.stringify(registrationBody({ description: 'd'.repeat(256 * 1024) })), {}, 413],
  ])('%s', async (_what, body, headers, status) => {
    const answer = await api.call('POST', '/v1/registrations', body, { authorization: `Bearer ${API_TOKEN}`, ...headers });
    expect({ status: answer.status, type: mediaTypeOf(answer) }).toEqual({ status, type: 'application/problem+json' });
    expect((answer.body as Problem).status).toBe(status);
    expect(await storedRegistrations()).toBe(0);
  });
});

describe('POST /v1/registrations takes', () => {
  it.each([
    ['a close date of today', { expectedCloseDate: NOW.slice(0, 10) }],
    ['a close date in exactly ten years', { expectedCloseDate: '2036-11-23' }],
    ['the highest amount', withAmount('1000000000000')],
    ['the smallest amount', withAmount('0.01')],
    ['a currency without decimals', withAmount('25000', 'JPY')],
    ['a domain in capitals and another script', withDomain('BÜCHER.example')],
    ['no domain', { customer: { name: 'Northwind Inc', country: 'us' } }],
    [
      'evidence as texts and with details',
      { evidence: ['a letter', { kind: 'meeting', summary: 'Kick-off', url: 'https://northwind.example/notes', date: '2026-11-02' }] },
    ],
    ['an emoji in the description', { description: 'Go-live 🚀\nthen training' }],
  ])('%s', async (what, changes) => {
    const answer = await api.call('POST', '/v1/registrations', registrationBody({ externalId: what, ...changes }));
    expect([answer.status, answer.body]).toEqual([201, expect.objectContaining({ externalId: what, status: 'submitted' })]);
  });

  it('the domain of every customer in the sample data', async () => {
    const lines = JSON.parse(readFileSync('programs/sample/registrations.json', 'utf8')) as readonly {
      readonly registration: Record<string, unknown>;
    }[];
    const seen = new Set<string>();
    for (const { registration } of lines.slice(0, 300)) {
      const { expectedCloseInDays: _days, ...body } = registration;
      const answer = await api.call('POST', '/v1/registrations', { ...body, partnerId: 'P-404', expectedCloseDate: '2027-01-31' });
      for (const field of fieldsOf(answer.body)) seen.add(field);
    }
    expect([...seen]).toEqual(['partnerId']);
  });
});

describe('PUT /v1/partners/{externalId} refuses', () => {
  it.each([
    ['a manager who decides nothing', { manager: 'rep' }, ['manager']],
    ['an unknown type', { type: 'friend' }, ['type']],
    ['an unknown track, tier and status', { track: 'x', tier: 'x', status: 'x' }, ['track', 'tier', 'status']],
    ['a malformed domain', { domain: 'aster' }, ['domain']],
    ['a missing domain', { domain: undefined }, ['domain']],
    ['an unknown country', { country: 'ZZ' }, ['country']],
    ['an unknown field', { vip: true }, ['vip']],
  ])('%s', async (_what, changes, fields) => {
    const answer = await api.call('PUT', '/v1/partners/P-2', { ...PARTNER, ...changes });
    expect([answer.status, fieldsOf(answer.body)]).toEqual([400, fields]);
    expect((await api.call('GET', '/v1/partners/P-2')).status).toBe(404);
  });

  it('an external id with a NUL', async () => {
    const answer = await api.call('PUT', '/v1/partners/a%00b', PARTNER);
    expect([answer.status, fieldsOf(answer.body)]).toEqual([400, ['externalId']]);
  });
});

describe('lists refuse', () => {
  const broken = Buffer.from('{"afterSequence":"1"}').toString('base64url');
  it.each([
    ['/v1/registrations?limit=0', ['limit']],
    ['/v1/registrations?limit=201', ['limit']],
    ['/v1/registrations?limit=ten&status=happy', ['status', 'limit']],
    ['/v1/registrations?colour=red', ['colour']],
    ['/v1/registrations?partnerId=P-404', ['partnerId']],
    ['/v1/registrations?cursor=!!', ['cursor']],
    [`/v1/registrations?cursor=${broken}`, ['cursor']],
    ['/v1/cases?status=closed', ['status']],
    ['/v1/cases?cursor=e30', ['cursor']],
    ['/v1/precedents?outcome=won', ['outcome']],
    ['/v1/precedents?rule=C02%20or%20more', ['rule']],
    ['/v1/precedents?text=', ['text']],
    [`/v1/precedents?text=${'x'.repeat(201)}`, ['text']],
    ['/v1/precedents?limit=0', ['limit']],
    ['/v1/precedents?limit=201', ['limit']],
    ['/v1/precedents?cursor=e30', ['cursor']],
    ['/v1/precedents?colour=red', ['colour']],
    ['/v1/sync/issues?status=closed', ['status']],
    ['/v1/sync/issues?cursor=bm9wZQ', ['cursor']],
  ])('%s', async (url, fields) => {
    const answer = await api.call('GET', url);
    expect([answer.status, fieldsOf(answer.body)]).toEqual([400, fields]);
  });
});
