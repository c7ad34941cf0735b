import { NO_FACTS } from '../../program/claim.ts';
import type { Program } from '../../program/definition/program.ts';
import { findRegistration } from '../../store/registration.ts';
import type { Database } from '../../store/database.ts';
import { ACME_YAML, parseOrThrow } from '../program/example.ts';
import { apiDependencies, PARTNER, registrationBody, startTestApi, type TestApi } from '../support/api.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

/** Acme's program with words of its own and questions of its own. */
const PROGRAM: Program =
  parseOrThrow(`${ACME_YAML.replace('{ id: renewal, label: Renewal }', '{ id: renewal, label: Renewal }\n  - { id: msp, label: MSP }')}
intake:
  - { id: segment, label: Segment, type: choice, choices: [public, private] }
  - { id: seats, label: Seats, type: number }
  - { id: renewal_due, label: Renewal due, type: flag }
  - { id: use_case, label: Use case, type: text }
`);

let postgres: TestPostgres | undefined;
let db: Database;
let api: TestApi;

beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ db } = await postgres.openEmpty());
  api = await startTestApi(apiDependencies(db, { programs: { current: () => PROGRAM, byVersion: () => PROGRAM } }));
  await api.call('PUT', '/v1/partners/P-1', PARTNER);
}, 60_000);

afterAll(async () => {
  await api?.close();
  await postgres?.stop();
}, 60_000);

const FACTS = {
  quantity: 250,
  currentContract: { value: { amount: '12000', currency: 'EUR' }, endsOn: '2027-03-31' },
  tender: { reference: '2026/S 101-3000', publishedOn: '2026-11-24' },
  distributor: 'Broadline',
  quotedPartner: 'P-1',
  marketplace: 'aws',
  site: 'Plant 2',
  answers: { segment: 'public', seats: 12.5, renewal_due: false, use_case: 'line one\nline two' },
};
const KEPT = { ...FACTS, currentContract: { ...FACTS.currentContract, value: { amount: '12000.00', currency: 'EUR' } } };

let count = 0;
function claim(changes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  count += 1;
  return registrationBody({
    externalId: `F-${count}`,
    customer: { name: `Customer ${count}`, domain: `c${count}.example`, country: 'US' },
    ...changes,
  });
}

describe('the facts of a registration', () => {
  it('are kept and answered, with what the evidence proves', async () => {
    const evidence = ['A note.', { kind: 'Customer letter', summary: 'We choose Aster.', date: '2026-11-01' }];
    const answer = await api.call('POST', '/v1/registrations', claim({ facts: FACTS, evidence }));
    const proofs = [
      { kind: 'text', date: null },
      { kind: 'customer_letter', date: '2026-11-01' },
    ];
    expect([answer.status, (answer.body as { facts: unknown }).facts]).toEqual([201, { ...KEPT, proofs }]);
    expect((await findRegistration(db, (answer.body as { id: string }).id))?.facts).toEqual({ ...KEPT, proofs });
  });

  it('are empty where nothing was said', async () => {
    const answer = await api.call('POST', '/v1/registrations', claim({}));
    expect((answer.body as { facts: unknown }).facts).toEqual(NO_FACTS);
  });

  it('belong to what makes a repeated submission the same: the same facts and facts that are left out are, others are named', async () => {
    const sent = claim({ facts: FACTS });
    expect((await api.call('POST', '/v1/registrations', sent)).status).toBe(201);
    expect((await api.call('POST', '/v1/registrations', sent)).status).toBe(200);
    expect((await api.call('POST', '/v1/registrations', { ...sent, facts: undefined })).status).toBe(200);
    const other = await api.call('POST', '/v1/registrations', { ...sent, facts: { ...FACTS, quantity: 251, answers: { seats: 13 } } });
    const named = (other.body as { errors: { field: string }[] }).errors.map(({ field }) => field);
    expect([other.status, named]).toEqual([409, ['facts.quantity', 'facts.answers']]);
  });

  it('are handed to the preview', async () => {
    const seen: unknown[] = [];
    const listening = await startTestApi(
      apiDependencies(db, {
        programs: { current: () => PROGRAM, byVersion: () => PROGRAM },
        preview: async (previewed) => {
          seen.push(previewed.facts);
          return { verdict: { outcome: 'approve', reasons: [], trace: [], lines: ['platform'] }, approval: null, protection: null };
        },
      }),
    );
    const answer = await listening.call('POST', '/v1/registrations/preview', claim({ facts: { quantity: 3 } }));
    await listening.close();
    expect([answer.status, seen]).toEqual([200, [{ ...NO_FACTS, quantity: 3 }]]);
  });

  it.each([
    ['no unit', { quantity: 0 }, 'facts.quantity', 'expected a whole number of units, 1–1000000000'],
    ['half a unit', { quantity: 1.5 }, 'facts.quantity', 'expected a whole number of units, 1–1000000000'],
    ['more units than anybody buys', { quantity: 1_000_000_001 }, 'facts.quantity', 'expected a whole number of units, 1–1000000000'],
    [
      'a contract of nothing',
      { currentContract: { value: { amount: '0.00', currency: 'USD' } } },
      'facts.currentContract.value.amount',
      'expected an amount above zero',
    ],
    [
      'a contract that ends on no day',
      { currentContract: { value: { amount: '1.00', currency: 'USD' }, endsOn: '2027-02-29' } },
      'facts.currentContract.endsOn',
      'expected a date such as 2027-01-31',
    ],
    [
      'a tender that is published tomorrow everywhere',
      { tender: { reference: 'x', publishedOn: '2026-11-25' } },
      'facts.tender.publishedOn',
      'is yet to come; expected 2026-11-24 or earlier',
    ],
    [
      'a tender without a reference',
      { tender: { publishedOn: '2026-11-01' } },
      'facts.tender.reference',
      'expected a text of 1–200 characters',
    ],
    ['an empty site', { site: ' ' }, 'facts.site', 'expected a text of 1–255 characters'],
    ['a fact that there is not', { colour: 'red' }, 'facts.colour', 'is not a known field'],
    [
      'an answer to what is not asked',
      { answers: { mood: 'good' } },
      'facts.answers.mood',
      'is not asked; expected one of segment, seats, renewal_due, use_case',
    ],
    ['a choice that there is not', { answers: { segment: 'military' } }, 'facts.answers.segment', 'expected one of public, private'],
    [
      'a text for a number',
      { answers: { seats: '12' } },
      'facts.answers.seats',
      'expected a number from -1000000000000000 to 1000000000000000',
    ],
    ['a text for yes or no', { answers: { renewal_due: 'no' } }, 'facts.answers.renewal_due', 'expected true or false'],
    ['an empty answer', { answers: { use_case: '  ' } }, 'facts.answers.use_case', 'expected a text of 1–2000 characters'],
    [
      'an answer that cannot be stored',
      { answers: { use_case: 'a\u0000b' } },
      'facts.answers.use_case',
      'expected a text of 1–2000 characters',
    ],
    ['a list for an answer', { answers: { use_case: ['a'] } }, 'facts.answers.use_case', 'expected a text, a number, true, false or null'],
    ['a text for all facts', 'many', 'facts', 'expected a JSON object'],
  ])('refuse %s', async (_what, facts, field, message) => {
    const answer = await api.call('POST', '/v1/registrations', claim({ facts }));
    expect([answer.status, (answer.body as { errors: unknown }).errors]).toEqual([400, [{ field, message }]]);
  });
});

describe('the words of the running program', () => {
  it('are taken where the program declares them', async () => {
    expect((await api.call('POST', '/v1/registrations', claim({ kind: 'msp' }))).body).toMatchObject({ kind: 'msp' });
  });

  it.each([
    [
      'a kind',
      () => api.call('POST', '/v1/registrations', claim({ kind: 'gift' })),
      'kind',
      'expected one of resale, referral, co_sell, renewal, msp',
    ],
    [
      'a type',
      () => api.call('PUT', '/v1/partners/P-2', { ...PARTNER, type: 'agent' }),
      'type',
      'expected one of technology, referral, reseller, affiliate, si_consultant, strategic, oem',
    ],
    [
      'a track',
      () => api.call('PUT', '/v1/partners/P-2', { ...PARTNER, track: 'services' }),
      'track',
      'expected one of technology, solution, referral',
    ],
    [
      'a tier',
      () => api.call('PUT', '/v1/partners/P-2', { ...PARTNER, tier: 'diamond' }),
      'tier',
      'expected one of registered, certified, premier, silver, gold, platinum',
    ],
    [
      'a region',
      () => api.call('PUT', '/v1/partners/P-2', { ...PARTNER, regions: ['emea', 'mars'] }),
      'regions[1]',
      'expected one of north_america, latin_america, emea, apac',
    ],
    ['a region twice', () => api.call('PUT', '/v1/partners/P-2', { ...PARTNER, regions: ['emea', 'emea'] }), 'regions', 'names one twice'],
  ] as const)('are named where %s is unknown', async (_what, call, field, message) => {
    const answer = await call();
    expect([answer.status, (answer.body as { errors: unknown }).errors]).toEqual([400, [{ field, message }]]);
  });

  it('lets a partner have regions and a company number, and takes them off where they are left out', async () => {
    const path = '/v1/partners/P-3';
    const created = await api.call('PUT', path, { ...PARTNER, regions: ['emea', 'apac'], companyNumber: 'HRB 1234' });
    expect(created.body).toMatchObject({ regions: ['emea', 'apac'], companyNumber: 'HRB 1234' });
    const again = await api.call('PUT', path, { ...PARTNER, regions: ['apac', 'emea'], companyNumber: 'HRB 1234' });
    expect([again.status, again.body]).toMatchObject([200, { regions: ['emea', 'apac'] }]);
    const moved = await api.call('PUT', path, { ...PARTNER, regions: ['emea'], companyNumber: 'HRB 99' });
    expect(moved.body).toMatchObject({ regions: ['emea'], companyNumber: 'HRB 99' });
    expect((await api.call('PUT', path, PARTNER)).body).toMatchObject({ regions: [], companyNumber: null });
  });
});
