import { describeWith, findServers } from '../support/find-servers.ts';
import type { SalesforceRow } from '../support/salesforce-wire.ts';
import { until } from '../support/until.ts';
import { claimOn, inDays, usd, type RegistrationAnswer } from './portal.ts';
import { startStory, type Story } from './story.ts';

const START_MS = 150_000;
const STORY_MS = 180_000;

describeWith(findServers().temporal, 'Deal registrations that an org keeps', () => {
  describe('as leads', () => {
    const { story, rowOf, inReview } = storyOn('Lead');

    it(
      'are submitted in the portal, decided on the lead, and go on as the opportunity into which a rep converts it',
      async () => {
        await story().crm.control('lead-assignment', { owner: 'rep2' });
        const { deal, row } = await inReview('poplar');
        const [me] = await story().crm.query("SELECT Id FROM User WHERE Alias = 'integration'");
        expect(row).toMatchObject({
          Company: deal.customer.name,
          Website: deal.customer.domain,
          LastName: 'Dana Reed',
          Registration_Status__c: 'in_review',
          Review_Step__c: 'Partner Manager',
          OwnerId: me?.Id,
          IsConverted: false,
        });

        await approve('Lead', row.Id);
        const approved = await story().portal.whenStatus(deal.id, 'approved');
        const answered = await rowOf(deal.id, (seen) => seen['Requested_Decision__c'] === null && seen['Sync_Note__c'] !== null);
        expect(answered).toMatchObject({ Registration_Status__c: 'approved', Decision_Comment__c: null });
        expect(answered['Sync_Note__c']).toMatch(/^Approved by Mona Gerber \(manager\)/);
        expect(Date.parse(String(answered['Protected_Until__c']))).toBe(cutToSecond(approved.protection?.until));

        const converted = await story().crm.control<{ opportunityId: string; accountId: string }>('convert-lead', { leadId: row.Id });
        await until('the opportunity on the registration', async () =>
          (await story().portal.read(deal.id)).links.some(({ remoteId }) => remoteId === converted.opportunityId),
        );
        await story().quiet();
        const before = await rowOf(deal.id);

        await story().crm.update('rep', 'Opportunity', converted.opportunityId, { StageName: 'Closed Won' });
        await story().portal.whenStatus(deal.id, 'won');
        await story().quiet();
        // The lead is closed to everybody: nothing was tried on it, and nobody is told of a failure.
        expect(await rowOf(deal.id)).toEqual(before);
        expect(await openIssues()).toEqual([]);
      },
      STORY_MS,
    );

    it(
      'are received from a rep who names the partner on a lead, and no other lead is',
      async () => {
        const [partner] = await story().crm.query("SELECT Id FROM Account WHERE Partner_Id__c != null AND Name = 'Aster 2 Consulting'");
        await story().crm.create('rep', 'Lead', { LastName: 'Ordinary', Company: 'No Registration Ltd' });
        const lead = await story().crm.create('rep', 'Lead', {
          LastName: 'Birch',
          Company: 'Sycamore Industries Inc',
          Partner__c: partner?.Id,
          Product_Lines__c: 'platform',
          Estimated_Value__c: 12_000,
          Estimated_Currency__c: 'USD',
          Expected_Close_Date__c: inDays(40),
        });
        const received = await until('the registration of the lead', async () =>
          (await story().portal.list()).find(({ links }) => links.some(({ remoteId }) => remoteId === lead)),
        );
        await story().portal.whenStatus(received.id, 'approved');
        expect(await rowOf(received.id, (seen) => seen['Registration_Status__c'] === 'approved')).toMatchObject({
          Id: lead,
          LastName: 'Birch',
        });
        expect((await story().portal.list()).map(({ customer }) => customer.name)).not.toContain('No Registration Ltd');
      },
      STORY_MS,
    );

    async function openIssues(): Promise<unknown> {
      return (await story().portal.call<{ items: unknown }>('GET', '/v1/sync/issues?status=open')).body.items;
    }

    async function approve(object: string, id: string): Promise<void> {
      await story().crm.update('manager', object, id, { Requested_Decision__c: 'approve', Decision_Comment__c: 'Known customer.' });
    }
  });

  describe('as opportunities', () => {
    const { story, rowOf, inReview } = storyOn('Opportunity');

    it(
      'are submitted in the portal, decided on the opportunity, edited by both sides, and closed with it',
      async () => {
        const { deal, row } = await inReview('juniper');
        expect(row).toMatchObject({
          Name: expect.stringMatching(/^Juniper Industries Inc: \S/),
          StageName: 'Prospecting',
          CloseDate: deal.expectedCloseDate,
          Customer_Name__c: deal.customer.name,
          Registration_Status__c: 'in_review',
        });
        const { name, domain } = deal.customer;
        const account = await story().crm.create('rep', 'Account', { Name: name, Website: domain, BillingCountry: 'US' });
        await story().crm.update('rep', 'Opportunity', row.Id, { AccountId: account });
        await story().quiet();

        await story().crm.update('manager', 'Opportunity', row.Id, {
          Requested_Decision__c: 'approve',
          Decision_Comment__c: 'Known customer.',
        });
        const approved = await story().portal.whenStatus(deal.id, 'approved');
        expect(approved).toMatchObject({ decision: { outcome: 'approve' } });
        const answered = await rowOf(deal.id, (seen) => seen['Requested_Decision__c'] === null && seen['Protected_Until__c'] !== null);
        expect(answered['Sync_Note__c']).toMatch(/^Approved by Mona Gerber \(manager\)/);
        expect(Date.parse(String(answered['Protected_Until__c']))).toBe(cutToSecond(approved.protection?.until));

        const closeDate = inDays(75);
        await story().crm.update('rep', 'Opportunity', row.Id, { CloseDate: closeDate, StageName: 'Negotiation/Review' });
        await until('the date of the rep', async () => (await story().portal.read(deal.id)).expectedCloseDate === closeDate);
        await story().quiet();
        expect(await rowOf(deal.id)).toMatchObject({ StageName: 'Negotiation/Review', CloseDate: closeDate, AccountId: account });
        // The rules were asked again and again, and its own opportunity is not one of the direct team's.
        expect(await story().portal.read(deal.id)).toMatchObject({ status: 'approved', conflicts: [] });

        await story().crm.update('rep', 'Opportunity', row.Id, { StageName: 'Closed Won' });
        await story().portal.whenStatus(deal.id, 'won');
        await rowOf(deal.id, (seen) => seen['Registration_Status__c'] === 'won' && seen['StageName'] === 'Closed Won');
        expect((await story().portal.read(deal.id)).links).toEqual(
          expect.arrayContaining([expect.objectContaining({ objectType: 'opportunity', remoteId: row.Id })]),
        );
      },
      STORY_MS,
    );
  });
});

interface StoryOn {
  readonly story: () => Story;
  /** The one row of a registration, once `holds` is true of it. */
  readonly rowOf: (registrationId: string, holds?: (row: SalesforceRow) => boolean) => Promise<SalesforceRow>;
  /** A claim that a person has to decide, on both sides. */
  readonly inReview: (word: string) => Promise<{ readonly deal: RegistrationAnswer; readonly row: SalesforceRow }>;
}

/** The whole system, with its registrations on `object` by nothing but configuration. */
function storyOn(object: 'Lead' | 'Opportunity'): StoryOn {
  let started: Story | undefined;
  beforeAll(async () => {
    started = await startStory(`registrations-on-${object.toLowerCase()}`, undefined, { SALESFORCE_REGISTRATION_OBJECT: object });
  }, START_MS);
  afterAll(() => started?.system.close(), START_MS);
  const story = (): Story => {
    if (started === undefined) throw new Error('the system was not started');
    return started;
  };
  const rowOf: StoryOn['rowOf'] = (registrationId, holds = () => true) =>
    until(`the ${object} of registration ${registrationId}`, async () => {
      const rows = await story().crm.query(`SELECT FIELDS(ALL) FROM ${object} WHERE Registration_Id__c = '${registrationId}' LIMIT 200`);
      const [row] = rows;
      if (row === undefined) return null;
      if (rows.length > 1) throw new Error(`it is there ${rows.length} times`);
      if (holds(row)) return row;
      throw new Error(`it is ${JSON.stringify(row)}`);
    });
  return {
    story,
    rowOf,
    inReview: async (word) => {
      const { id } = await story().portal.register(claimOn(word, usd('60000.00')));
      const deal = await story().portal.whenStatus(id, 'in_review');
      await rowOf(id, (seen) => seen['Registration_Status__c'] === 'in_review' && seen['Review_Step__c'] !== null);
      await story().quiet();
      return { deal, row: await rowOf(deal.id) };
    },
  };
}

/** Salesforce keeps whole seconds. */
function cutToSecond(instant: string | undefined): number {
  return Math.floor(Date.parse(instant ?? '') / 1_000) * 1_000;
}
