import { describeWith, findServers } from '../support/find-servers.ts';
import type { SalesforceRow } from '../support/salesforce-wire.ts';
import { inParallel, until } from '../support/until.ts';
import { claimOn, inDays, usd, type RegistrationAnswer } from './portal.ts';
import { startStory, type Story } from './story.ts';

const START_MS = 150_000;
const STORY_MS = 180_000;
const DEAL = 'Deal_Registration__c';

describeWith(findServers().temporal, 'A rep in Salesforce', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory('crm-edit');
  }, START_MS);
  afterAll(() => story?.system.close(), START_MS);

  /** Registers a deal and waits until both sides have it as the program left it. */
  async function settled(
    word: string,
    status: string,
    amount: string,
  ): Promise<{ readonly deal: RegistrationAnswer; readonly row: SalesforceRow }> {
    const { id } = await story.portal.register(claimOn(word, usd(amount)));
    await story.portal.whenStatus(id, status);
    const row = await story.whenRow(id, (seen) => seen['Status__c'] === status);
    await story.quiet();
    return { deal: await story.portal.read(id), row };
  }

  /** What both sides say of a deal, down to the instant of their last change. */
  async function bothSides(id: string): Promise<unknown> {
    return [await story.portal.read(id), await story.whenRow(id)];
  }

  it(
    'asks for a decision: refused and answered to one who may not decide, honoured to one who may, each of them once',
    async () => {
      const { deal, row } = await settled('alder', 'in_review', '60000.00');
      expect(deal.review).toMatchObject({ step: 'partner_manager', approver: 'manager' });
      expect(row).toMatchObject({ Review_Step__c: 'Partner Manager', Approver__c: await userId('manager') });

      await story.crm.update('rep', DEAL, row.Id, { Requested_Decision__c: 'approve', Decision_Comment__c: 'Please, it is urgent.' });
      const refused = await story.whenRow(deal.id, (seen) => seen['Requested_Decision__c'] === null && seen['Sync_Note__c'] !== null);
      expect(refused['Sync_Note__c']).toMatch(
        /^approve by Robin Epstein \(rep\) was refused: rep may not approve this registration;.*manager/,
      );
      expect(refused).toMatchObject({ Status__c: 'in_review', Decision_Comment__c: null });
      await story.quiet();
      const afterRefusal = await bothSides(deal.id);
      await story.polls(2);
      expect(await bothSides(deal.id)).toEqual(afterRefusal);
      expect((await story.portal.read(deal.id)).review).toEqual(deal.review);

      await story.crm.update('manager', DEAL, row.Id, { Requested_Decision__c: 'approve', Decision_Comment__c: 'Known customer.' });
      const approved = await story.portal.whenStatus(deal.id, 'approved');
      expect(approved.decision).toMatchObject({ outcome: 'approve', reasons: [{ message: 'Known customer.' }] });
      const honoured = await story.whenRow(deal.id, (seen) => seen['Status__c'] === 'approved' && seen['Requested_Decision__c'] === null);
      expect(honoured).toMatchObject({
        Decision_Comment__c: null,
        Approver__c: null,
        Review_Step__c: null,
        Decision_Reason__c: 'Known customer.',
      });
      expect(honoured['Sync_Note__c']).toMatch(/^Approved by Mona Gerber \(manager\) on \d+ \w+ \d{4}, \d\d:\d\d UTC\.$/);
      await story.quiet();
      const afterApproval = await bothSides(deal.id);
      await story.polls(2);
      expect(await bothSides(deal.id)).toEqual(afterApproval);
      expect((await story.portal.read(deal.id)).protection).toEqual(approved.protection);
    },
    STORY_MS,
  );

  it(
    'edits value and date, and the API shows it; edits the status, and it is written back and answered in the note',
    async () => {
      const { deal, row } = await settled('birch', 'approved', '18000.00');
      const closeDate = inDays(75);
      await story.crm.update('rep', DEAL, row.Id, { Estimated_Value__c: 21500.5, Expected_Close_Date__c: closeDate });
      const edited = await until('the edit over the API', async () => {
        const seen = await story.portal.read(deal.id);
        return seen.expectedCloseDate === closeDate && seen;
      });
      expect(edited).toMatchObject({
        status: 'approved',
        estimatedValue: { amount: '21500.50', currency: 'USD' },
        protection: deal.protection,
      });

      await story.crm.update('rep', DEAL, row.Id, { Status__c: 'won' });
      const answered = await story.whenRow(deal.id, (seen) => seen['Status__c'] === 'approved' && seen['Sync_Note__c'] !== null);
      expect(answered['Sync_Note__c']).toMatch(/status.*written back/);
      expect(await story.portal.read(deal.id)).toMatchObject({ status: 'approved', protection: deal.protection });
    },
    STORY_MS,
  );

  it(
    'changes the value of a deal that is in review, and the program judges it again',
    async () => {
      const { deal, row } = await settled('cedar', 'in_review', '60000.00');
      await story.crm.update('rep', DEAL, row.Id, { Estimated_Value__c: 24000 });
      const approved = await story.portal.whenStatus(deal.id, 'approved');
      expect(approved).toMatchObject({ estimatedValue: { amount: '24000.00' }, review: null });
      await story.whenRow(deal.id, (seen) => seen['Status__c'] === 'approved' && seen['Review_Step__c'] === null);
    },
    STORY_MS,
  );

  it(
    'sees what the partner amends; where both edit different fields at once, both edits stay',
    async () => {
      const { deal, row } = await settled('dogwood', 'approved', '18000.00');
      const amended = await story.portal.call('POST', `/v1/registrations/${deal.id}/amend`, {
        description: 'Three sites now.',
        ...usd('19500.00'),
      });
      expect(amended.status).toBe(200);
      await story.whenRow(deal.id, (seen) => seen['Estimated_Value__c'] === 19500 && seen['Description__c'] === 'Three sites now.');

      const closeDate = inDays(90);
      await Promise.all([
        story.crm.update('rep', DEAL, row.Id, { Expected_Close_Date__c: closeDate }),
        story.portal.call('POST', `/v1/registrations/${deal.id}/amend`, usd('20500.00')),
      ]);
      await story.quiet();
      expect(await story.whenRow(deal.id)).toMatchObject({ Expected_Close_Date__c: closeDate, Estimated_Value__c: 20500 });
      expect(await story.portal.read(deal.id)).toMatchObject({ expectedCloseDate: closeDate, estimatedValue: { amount: '20500.00' } });
    },
    STORY_MS,
  );

  it(
    'gets a hundred changed deals with at most three writes, and not one more when all is quiet',
    async () => {
      const { portal, crm } = story;
      const words = Array.from({ length: 100 }, (_, index) => `forest${index}`);
      const deals = await inParallel(words, 8, (word) => portal.register(claimOn(word)));
      for (const { id } of deals) await portal.whenStatus(id, 'approved');
      await story.quiet();

      // The org is away while the hundred are changed, so that they are written together once it is back.
      await crm.faults([{ method: 'PATCH', path: '/composite/sobjects', times: 100_000, fault: 'unavailable' }]);
      const answers = await inParallel(deals, 8, ({ id }) => portal.call('POST', `/v1/registrations/${id}/amend`, usd('22000.00')));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(await amongForest('Estimated_Value__c = 22000')).toBe(0);
      const before = await crm.calls();
      await crm.faults([]);
      await until('the hundred changes in Salesforce', async () => (await amongForest('Estimated_Value__c = 22000')) === 100);
      const writes = (await crm.calls()).writes - before.writes;
      expect([writes > 0, writes <= 3]).toEqual([true, true]);

      await story.quiet();
      const quiet = await crm.calls();
      await story.polls(4);
      expect((await crm.calls()).writes).toBe(quiet.writes);
      expect(await amongForest("Status__c = 'approved'")).toBe(100);
    },
    STORY_MS,
  );

  async function amongForest(condition: string): Promise<number> {
    return (await story.crm.query(`SELECT Id FROM ${DEAL} WHERE Customer_Domain__c LIKE 'forest%' AND ${condition}`)).length;
  }

  async function userId(alias: string): Promise<string | undefined> {
    return (await story.crm.query(`SELECT Id FROM User WHERE Alias = '${alias}'`))[0]?.Id;
  }
});
