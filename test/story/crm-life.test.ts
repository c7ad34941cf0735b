import { describeWith, findServers } from '../support/find-servers.ts';
import { until } from '../support/until.ts';
import { claimOn, customerCalled, inDays, usd, type RegistrationAnswer } from './portal.ts';
import { startStory, type Story } from './story.ts';

const START_MS = 150_000;
const STORY_MS = 180_000;
const DEAL = 'Deal_Registration__c';

interface CaseAnswer {
  readonly id: string;
  readonly rule: string;
  readonly status: string;
  readonly arbiter: string | null;
  readonly dueAt: string | null;
  readonly registrations: readonly { readonly id: string; readonly status: string }[];
  readonly opportunity: { readonly connection: string; readonly remoteId: string } | null;
  readonly evidence: readonly { readonly kind: string }[];
  readonly outcome: string | null;
  readonly resolvedAt: string | null;
}

interface IssueAnswer {
  readonly remoteId: string | null;
  readonly status: string;
  readonly category: string;
  readonly message: string;
  readonly remedy: string;
}

describeWith(findServers().temporal, 'What sales does in Salesforce', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory('crm-life');
  }, START_MS);
  afterAll(() => story?.system.close(), START_MS);

  async function createAccount(word: string): Promise<string> {
    const { name, domain, country } = customerCalled(word);
    return story.crm.create('rep', 'Account', { Name: name, Website: `https://www.${domain}`, BillingCountry: country });
  }

  function createOpportunity(accountId: string, name: string, stage: string): Promise<string> {
    return story.crm.create('rep', 'Opportunity', {
      AccountId: accountId,
      Name: name,
      StageName: stage,
      CloseDate: inDays(40),
      Amount: 30_000,
    });
  }

  async function approvedDeal(word: string): Promise<{ readonly id: string; readonly rowId: string }> {
    const { id } = await story.portal.register(claimOn(word));
    await story.portal.whenStatus(id, 'approved');
    return { id, rowId: (await story.whenRow(id, (row) => row['Status__c'] === 'approved')).Id };
  }

  describe('closes the deal with its opportunity', () => {
    it(
      'won: the registration is won, and Salesforce says so',
      async () => {
        const deal = await approvedDeal('maple');
        const opportunity = await createOpportunity(await createAccount('maple'), 'Maple rollout', 'Qualification');
        await story.crm.update('rep', DEAL, deal.rowId, { Opportunity__c: opportunity });
        await story.crm.update('rep', 'Opportunity', opportunity, { StageName: 'Closed Won' });
        const won = await story.portal.whenStatus(deal.id, 'won');
        expect(won).toMatchObject({ protection: null, decision: { outcome: 'approve' } });
        await story.whenRow(deal.id, (row) => row['Status__c'] === 'won' && row['Opportunity__c'] === opportunity);
      },
      STORY_MS,
    );

    it(
      'lost, by the opportunity it was linked to last: the one before decides nothing any more',
      async () => {
        const deal = await approvedDeal('hazel');
        const account = await createAccount('hazel');
        const [first, second] = [
          await createOpportunity(account, 'First try', 'Prospecting'),
          await createOpportunity(account, 'Second try', 'Prospecting'),
        ];
        await story.crm.update('rep', DEAL, deal.rowId, { Opportunity__c: first });
        await story.quiet();
        await story.crm.update('rep', DEAL, deal.rowId, { Opportunity__c: second });
        await story.quiet();
        await story.crm.update('rep', 'Opportunity', first, { StageName: 'Closed Won' });
        await story.polls(2);
        expect(await story.portal.read(deal.id)).toMatchObject({ status: 'approved' });

        await story.crm.update('rep', 'Opportunity', second, { StageName: 'Closed Lost' });
        await story.portal.whenStatus(deal.id, 'lost');
        await story.whenRow(deal.id, (row) => row['Status__c'] === 'lost' && row['Opportunity__c'] === second);
      },
      STORY_MS,
    );

    it(
      'by linking an opportunity that was closed before',
      async () => {
        const deal = await approvedDeal('rowan');
        const opportunity = await createOpportunity(await createAccount('rowan'), 'Closed already', 'Closed Won');
        await story.polls(2);
        await story.crm.update('rep', DEAL, deal.rowId, { Opportunity__c: opportunity });
        await story.portal.whenStatus(deal.id, 'won');
      },
      STORY_MS,
    );
  });

  describe('is in the way of a deal: a case that people settle', () => {
    /** An open opportunity of the direct team in an early stage, and then a partner's claim on the same customer. */
    async function conflictOn(
      word: string,
    ): Promise<{ readonly deal: RegistrationAnswer; readonly caseId: string; readonly opportunity: string }> {
      const opportunity = await createOpportunity(await createAccount(word), `Direct deal at ${word}`, 'Qualification');
      // Receipt comes after the opportunity also for a clock that counts in seconds; until then a preview shows what the mirror knows.
      await until('the opportunity in the mirror', async () => {
        const { body } = await story.portal.call<{ readonly outcome: string }>('POST', '/v1/registrations/preview', claimOn(word));
        return body.outcome === 'review';
      });
      const { id } = await story.portal.register(claimOn(word));
      const deal = await story.portal.whenStatus(id, 'in_review');
      expect(deal.conflicts).toEqual([expect.objectContaining({ rule: 'C05_direct_early_stage' })]);
      return { deal, caseId: deal.conflicts[0]?.caseId ?? '', opportunity };
    }

    const readCase = async (id: string): Promise<CaseAnswer> => (await story.portal.call<CaseAnswer>('GET', `/v1/cases/${id}`)).body;
    const settle = (id: string, body: object) =>
      story.portal.call<{ detail: string } & CaseAnswer>('POST', `/v1/cases/${id}/resolution`, body);

    it(
      'award by one who may: approved and protected; one who may not is told so',
      async () => {
        const { deal, caseId, opportunity } = await conflictOn('linden');
        const opened = await readCase(caseId);
        expect(opened).toMatchObject({
          id: caseId,
          rule: 'C05_direct_early_stage',
          status: 'open',
          arbiter: 'manager',
          registrations: [{ id: deal.id, status: 'in_review' }],
          opportunity: { connection: 'salesforce', remoteId: opportunity },
          outcome: null,
          resolvedAt: null,
        });
        expect([Date.parse(opened.dueAt ?? '') > Date.now(), opened.evidence.length > 0]).toEqual([true, true]);
        const row = await story.whenRow(deal.id, (seen) => seen['Status__c'] === 'in_review' && seen['Conflict_Summary__c'] !== null);
        expect(row['Review_Step__c']).toBe('Partner Manager');

        const refused = await settle(caseId, { outcome: 'award', registrationId: deal.id, comment: 'Mine.', actor: 'rep' });
        expect([refused.status, refused.body.detail]).toEqual([403, expect.stringContaining('rep may not settle this case')]);
        expect(await readCase(caseId)).toEqual(opened);

        const awarded = await settle(caseId, {
          outcome: 'award',
          registrationId: deal.id,
          comment: 'The partner brought the deal.',
          actor: 'manager',
        });
        expect([awarded.status, awarded.body]).toEqual([200, expect.objectContaining({ status: 'resolved', outcome: 'award' })]);
        const approved = await story.portal.read(deal.id);
        expect([approved.status, approved.protection === null]).toEqual(['approved', false]);
        await story.whenRow(deal.id, (seen) => seen['Status__c'] === 'approved' && seen['Review_Step__c'] === null);
        const twice = await settle(caseId, { outcome: 'deny', comment: 'No.', actor: 'manager' });
        expect([twice.status, (await story.portal.read(deal.id)).status]).toEqual([409, 'approved']);
      },
      STORY_MS,
    );

    it(
      'uphold: the direct deal stays, the claim is denied',
      async () => {
        const { deal, caseId } = await conflictOn('poplar');
        const upheld = await settle(caseId, { outcome: 'uphold', comment: 'Sales was first.', actor: 'manager' });
        expect([upheld.status, upheld.body.outcome]).toEqual([200, 'uphold']);
        expect(await story.portal.read(deal.id)).toMatchObject({ status: 'denied', protection: null });
        await story.whenRow(deal.id, (seen) => seen['Status__c'] === 'denied');
      },
      STORY_MS,
    );

    it(
      'a decision on the registration itself settles its case as well',
      async () => {
        const { deal, caseId } = await conflictOn('walnut');
        const path = `/v1/registrations/${deal.id}/decisions`;
        const refused = await story.portal.call('POST', path, { decision: 'approve', comment: '', actor: 'rep2' });
        expect([refused.status, (await readCase(caseId)).status]).toEqual([403, 'open']);
        const decided = await story.portal.call<RegistrationAnswer>('POST', path, {
          decision: 'approve',
          comment: 'Agreed with sales.',
          actor: 'director',
        });
        expect([decided.status, decided.body.status]).toEqual([200, 'approved']);
        expect(await readCase(caseId)).toMatchObject({ status: 'resolved', outcome: 'award', arbiter: 'director' });
      },
      STORY_MS,
    );
  });

  describe('creates, completes and deletes registrations', () => {
    async function enteredDeal(word: string, changes: object = {}): Promise<string> {
      const { body: partner } = await story.portal.call<{ readonly id: string }>('GET', '/v1/partners/P-2');
      const account = await until('the partner in Salesforce', async () => {
        const [row] = await story.crm.query(`SELECT Id FROM Account WHERE Partner_Id__c = '${partner.id}'`);
        return row?.Id;
      });
      const { name, domain } = customerCalled(word);
      return story.crm.create('rep', DEAL, {
        Partner__c: account,
        Customer_Name__c: name,
        Customer_Domain__c: domain,
        Product_Lines__c: 'platform;analytics',
        Estimated_Value__c: 17_000,
        Estimated_Currency__c: 'USD',
        Expected_Close_Date__c: inDays(50),
        Description__c: 'Entered by a rep.',
        ...changes,
      });
    }

    /** The registration that a row in Salesforce was received as. */
    async function whenReceived(rowId: string): Promise<RegistrationAnswer> {
      const registrationId = await until('the id on the row', async () => {
        const [row] = await story.crm.query(`SELECT Id, Registration_Id__c FROM ${DEAL} WHERE Id = '${rowId}'`);
        return row?.['Registration_Id__c'] as string | null | undefined;
      });
      return story.portal.read(registrationId);
    }

    it(
      'complete: it is received, decided and gets its id written back',
      async () => {
        const rowId = await enteredDeal('willow');
        const received = await whenReceived(rowId);
        const approved = await story.portal.whenStatus(received.id, 'approved');
        expect(approved).toMatchObject({
          productLines: ['analytics', 'platform'],
          estimatedValue: { amount: '17000.00', currency: 'USD' },
          links: [{ connection: 'salesforce', remoteId: rowId }],
        });
        await story.whenRow(
          received.id,
          (row) => row.Id === rowId && row['Status__c'] === 'approved' && row['Protected_Until__c'] !== null,
        );
      },
      STORY_MS,
    );

    it(
      'incomplete: it is an issue that says what is missing, and is received once it was completed',
      async () => {
        const rowId = await enteredDeal('aspen', { Product_Lines__c: null, Estimated_Value__c: null });
        const issue = await until('the issue', async () => (await issuesOf(rowId))[0]);
        expect(issue).toMatchObject({
          status: 'open',
          category: 'invalid_value',
          message: expect.stringMatching(/Product lines.*Estimated value/),
        });
        await story.crm.update('rep', DEAL, rowId, { Product_Lines__c: 'automation', Estimated_Value__c: 9_000 });
        const received = await whenReceived(rowId);
        expect(await story.portal.whenStatus(received.id, 'approved')).toMatchObject({ productLines: ['automation'] });
        expect((await issuesOf(rowId)).map(({ status }) => status)).toEqual(['resolved']);
      },
      STORY_MS,
    );

    it(
      'deleted while undecided: withdrawn; deleted when approved: restored with a note',
      async () => {
        const { id } = await story.portal.register(claimOn('spruce', usd('60000.00')));
        await story.portal.whenStatus(id, 'in_review');
        const undecided = await story.whenRow(id, (row) => row['Status__c'] === 'in_review');
        const approved = await approvedDeal('yew');
        await story.quiet();
        await story.crm.remove('rep', DEAL, undecided.Id);
        await story.crm.remove('rep', DEAL, approved.rowId);
        await story.portal.whenStatus(id, 'withdrawn');
        const restored = await story.whenRow(approved.id, (row) => row['Sync_Note__c'] !== null);
        expect(restored).toMatchObject({ Status__c: 'approved', Sync_Note__c: expect.stringContaining('restored') });
        await story.quiet();
        expect((await story.portal.read(approved.id)).links).toEqual([expect.objectContaining({ remoteId: restored.Id })]);
        expect((await story.portal.read(id)).status).toBe('withdrawn');
      },
      STORY_MS,
    );

    async function issuesOf(rowId: string): Promise<readonly IssueAnswer[]> {
      const { body } = await story.portal.call<{ readonly items: readonly IssueAnswer[] }>('GET', '/v1/sync/issues?limit=200');
      return body.items.filter(({ remoteId }) => remoteId === rowId);
    }
  });
});
