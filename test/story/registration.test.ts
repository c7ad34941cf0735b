import { describeWith, findServers } from '../support/find-servers.ts';
import { inParallel } from '../support/until.ts';
import { claimOn, customerCalled, inDays, usd, type PortalAnswer, type ProblemAnswer, type RegistrationAnswer } from './portal.ts';
import { startStory, type Story } from './story.ts';

const START_MS = 150_000;
const STORY_MS = 180_000;
const DAY_MS = 24 * 60 * 60 * 1000;

describeWith(findServers().temporal, 'A partner registers', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory('registration');
  }, START_MS);
  afterAll(() => story?.system.close(), START_MS);

  it(
    'a deal, which is decided once, protected once and seen in Salesforce',
    async () => {
      const { portal } = story;
      const claim = claimOn('northwind', { productLines: ['platform', 'analytics'], evidence: ['a letter of intent'] });
      const received = await portal.call<RegistrationAnswer>('POST', '/v1/registrations', claim);
      expect([received.status, received.body.status]).toEqual([201, 'submitted']);
      const approved = await portal.whenDecided(received.body.id);
      expect(approved).toMatchObject({ status: 'approved', decision: { outcome: 'approve' }, review: null, conflicts: [] });
      const { from, until: end } = approved.protection ?? { from: '', until: '' };
      expect([from, Date.parse(end) - Date.parse(from)]).toEqual([approved.decidedAt, 90 * DAY_MS]);

      const row = await story.whenRow(approved.id, (seen) => seen['Status__c'] === 'approved');
      const instant = (field: string): string => new Date(String(row[field])).toISOString();
      expect(row).toMatchObject({
        Registration_Id__c: approved.id,
        Customer_Name__c: 'Northwind Industries Inc',
        Customer_Domain__c: 'northwind.example',
        Product_Lines__c: 'analytics;platform',
        Estimated_Value__c: 18000,
        Estimated_Currency__c: 'USD',
        Expected_Close_Date__c: approved.expectedCloseDate,
        Description__c: 'Two sites, first phase in spring.',
        Review_Step__c: null,
        Review_Due__c: null,
        Approver__c: null,
        Conflict_Summary__c: null,
        Requested_Decision__c: null,
        Opportunity__c: null,
      });
      expect([instant('Submitted_At__c'), instant('Decided_At__c'), instant('Protected_Until__c')].map(toSecond)).toEqual(
        [approved.submittedAt, approved.decidedAt ?? '', end].map(toSecond),
      );
      const [partner] = await story.crm.query(`SELECT Partner_Id__c, Name FROM Account WHERE Id = '${String(row['Partner__c'])}'`);
      expect(partner).toMatchObject({ Partner_Id__c: approved.partnerId, Name: 'Aster 1 Consulting' });

      await story.quiet();
      const settled = await portal.read(approved.id);
      expect(settled.links).toEqual([{ connection: 'salesforce', objectType: 'registration', remoteId: row.Id }]);

      const again = await portal.call<RegistrationAnswer>('POST', '/v1/registrations', claim);
      expect([again.status, again.body]).toEqual([200, settled]);
      const other = await portal.call<ProblemAnswer>('POST', '/v1/registrations', {
        ...claim,
        ...usd('19000.00'),
        expectedCloseDate: inDays(61),
      });
      expect([other.status, other.type, fieldsOf(other.body)]).toEqual([
        409,
        expect.stringContaining('application/problem+json'),
        ['estimatedValue.amount', 'expectedCloseDate'],
      ]);
      await story.polls(2);
      expect(await portal.read(approved.id)).toEqual(settled);
      expect((await portal.list('&partnerId=P-1')).filter(({ externalId }) => externalId === 'DR-northwind')).toHaveLength(1);
    },
    STORY_MS,
  );

  it(
    'in a race with another partner for one customer and line, fifty times: exactly one wins each time, the one whose receipt is earlier',
    async () => {
      const { portal } = story;
      const races = Array.from({ length: 50 }, (_, index) => `race${index}`);
      const lines = [['platform'], ['platform', 'analytics'], ['analytics', 'platform', 'automation']];
      const started = await inParallel(races, 4, async (word, index) => {
        const entries = ['P-1', 'P-2'].map((partnerId, side) =>
          claimOn(word, { partnerId, externalId: `${word}-${side}`, productLines: lines[(index + side) % 3] }),
        );
        return Promise.all((index % 2 === 0 ? entries : entries.toReversed()).map((entry) => portal.register(entry)));
      });
      for (const { id } of started.flat()) await portal.whenDecided(id);

      const receipts = (await portal.list()).filter(({ customer }) => customer.domain?.startsWith('race'));
      const raced = Map.groupBy(receipts, ({ customer }) => customer.domain);
      expect(raced.size).toBe(50);
      for (const [domain, pair] of raced) {
        expect([domain, pair.map(({ status }) => status)]).toEqual([domain, ['approved', 'denied']]);
        expect(pair.map(({ protection }) => protection === null)).toEqual([false, true]);
        expect(pair[1]?.decision?.reasons.map(({ rule }) => rule)).toEqual(['C02_active_protection']);
        expect(pair.map(({ submittedAt }) => submittedAt)).toEqual(pair.map(({ submittedAt }) => submittedAt).toSorted());
      }
      expect(protectedTwice(receipts)).toEqual([]);
      const [winner, loser] = receipts.slice(0, 2) as [RegistrationAnswer, RegistrationAnswer];
      expect(protectedTwice([winner, { ...loser, ...winner }])).toHaveLength(winner.productLines.length);
      await story.quiet();
      const rows = await story.crm.query(
        "SELECT Status__c, Customer_Domain__c FROM Deal_Registration__c WHERE Customer_Domain__c LIKE 'race%'",
      );
      expect(rows).toHaveLength(100);
      expect(rows.filter((row) => row['Status__c'] === 'approved')).toHaveLength(50);
      expect((await portal.list()).filter(({ customer }) => customer.domain?.startsWith('race'))).toEqual(
        receipts.map((receipt) => ({ ...receipt, links: expect.anything() })),
      );
    },
    STORY_MS,
  );

  describe('nothing with a request that is wrong: it names each field, and nothing is stored', () => {
    const customer = customerCalled('wrong');
    it.each<[what: string, changes: Readonly<Record<string, unknown>>, fields: readonly string[]]>([
      ['an unknown partner', { partnerId: 'P-404' }, ['partnerId']],
      ['a malformed domain', { customer: { ...customer, domain: 'https://wrong.example/' } }, ['customer.domain']],
      ['a negative amount', usd('-1.00'), ['estimatedValue.amount']],
      ['an absurd amount', usd('99999999999999.00'), ['estimatedValue.amount']],
      ['an unknown currency', { estimatedValue: { amount: '18000.00', currency: 'XXX' } }, ['estimatedValue.currency']],
      ['a close date that is past', { expectedCloseDate: inDays(-2) }, ['expectedCloseDate']],
      ['an unknown product line', { productLines: ['teleport'] }, ['productLines']],
      ['no product line', { productLines: [] }, ['productLines']],
      ['an unknown field', { discount: '10' }, ['discount']],
      ['an empty body', {}, []],
      [
        'everything at once',
        {
          partnerId: 'P-404',
          customer: { ...customer, domain: 'x', country: 'ZZ' },
          ...usd('0'),
          productLines: ['x'],
          expectedCloseDate: '2020-01-01',
          kind: 'gift',
        },
        ['customer.country', 'customer.domain', 'estimatedValue.amount', 'expectedCloseDate', 'kind', 'partnerId', 'productLines'],
      ],
    ])('%s', async (what, changes, fields) => {
      const before = await stored();
      const body = what === 'an empty body' ? {} : claimOn('wrong', changes);
      const answer = await story.portal.call<ProblemAnswer>('POST', '/v1/registrations', body);
      expect([answer.status, answer.type]).toEqual([400, expect.stringContaining('application/problem+json')]);
      const missing = [
        'contact',
        'customer',
        'description',
        'estimatedValue',
        'expectedCloseDate',
        'externalId',
        'partnerId',
        'productLines',
      ];
      expect(fieldsOf(answer.body).toSorted()).toEqual(what === 'an empty body' ? missing : fields);
      expect(await stored()).toBe(before);
    });

    const json = { 'content-type': 'application/json' };
    it.each<[what: string, status: number, body: string, headers: (token: string) => Record<string, string>]>([
      [
        'a body above the limit',
        413,
        JSON.stringify(claimOn('wrong', { description: 'd'.repeat(300_000) })),
        (token) => ({ authorization: `Bearer ${token}`, ...json }),
      ],
      ['a body that is not JSON', 400, '{"externalId": ', (token) => ({ authorization: `Bearer ${token}`, ...json })],
      ['another content type', 415, 'externalId=1', (token) => ({ authorization: `Bearer ${token}`, 'content-type': 'text/plain' })],
      ['a wrong token', 401, JSON.stringify(claimOn('wrong')), (token) => ({ authorization: `Bearer ${token}x`, ...json })],
      ['no token', 401, JSON.stringify(claimOn('wrong')), () => json],
    ])('%s', async (_what, status, body, headers) => {
      const before = await stored();
      const answer: PortalAnswer<ProblemAnswer> = await story.portal.send(
        'POST',
        '/v1/registrations',
        body,
        headers(story.system.apiToken),
      );
      expect([answer.status, answer.body.status, answer.type]).toEqual([
        status,
        status,
        expect.stringContaining('application/problem+json'),
      ]);
      expect(await stored()).toBe(before);
    });

    async function stored(): Promise<number> {
      return (await story.portal.list()).length;
    }
  });
});

function fieldsOf(problem: ProblemAnswer): readonly string[] {
  return [...new Set((problem.errors ?? []).map(({ field }) => field))];
}

/** Salesforce keeps the milliseconds of a date-time as zero. */
function toSecond(instant: string): number {
  return Math.floor(Date.parse(instant) / 1000);
}

/** Customer and line of which more than one registration holds the protection. */
function protectedTwice(registrations: readonly RegistrationAnswer[]): readonly string[] {
  const held = registrations.flatMap(({ protection, customer, productLines }) =>
    protection === null ? [] : productLines.map((line) => `${customer.domain} ${line}`),
  );
  return held.filter((one, index) => held.indexOf(one) !== index);
}
